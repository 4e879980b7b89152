//! `mxplan lab`: a small real cluster on this machine, measured.

use super::input::Input;
use super::output::{Directory, default_path};
use super::{Answer, Failure, Format, Terminal};
use crate::experiment::{Control, Execution, Rule, replicate, summarise};
use crate::lab::guard::{self, Guarded, guard, obey};
use crate::lab::{Blueprint, blueprint, compare, confined, measure, preflight};
use crate::report::{self, lab::LabRun};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Build a scenario's cluster from real mail servers on this machine, and measure it
#[derive(Debug, Args)]
pub(crate) struct Lab {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(Run),
    /// Say what the lab needs and what of it is here
    Check,
    /// Remove what labs have left whose process is gone
    Down,
    /// The part that runs inside the lab
    #[command(hide = true)]
    Confined,
}

/// Build the cluster, send it the sessions of the scenario, measure it, and clear up
///
/// Needs root. Hosts are network namespaces of the lab's own, a tier is a group of processes on processors of its own with the
/// tier's `cpu_quota`, and the servers are Postfix, Dovecot and HAProxy. The sessions are those of the first replication of `run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    input: Input,
    /// Directory for the files [default: output/<SCENARIO>-<8 hex digits>/]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Form of what goes to stdout
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,
}

impl Lab {
    pub(crate) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        match &self.command {
            Command::Run(run) => run.run(terminal),
            Command::Check => {
                let needs = preflight(true);
                terminal.data(&report::lab::needs(&needs))?;
                Ok(if needs.iter().all(|need| need.found.is_ok()) { Answer::Yes } else { Answer::No })
            }
            Command::Down => {
                let swept = crate::lab::host::group::sweep(None);
                terminal.note(&format!("{swept} CPU groups removed"));
                Ok(Answer::Yes)
            }
            Command::Confined => {
                obey(|job, say| confined::work(job, say), confined::leave).map_err(Failure::Unusable)?;
                Ok(Answer::Yes)
            }
        }
    }
}

impl Run {
    fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let opened = self.input.open()?;
        let scenario = &opened.scenario;
        let processors = std::thread::available_parallelism().map_or(1, |count| count.get() as u32);
        let Blueprint { job, differences } =
            blueprint(scenario, 0, processors, std::process::id()).map_err(|obstacles| {
                Failure::Unusable(format!("the lab can't be `{}`: {}", scenario.name, obstacles.join("; ")))
            })?;
        let missing = preflight(job.haproxy.is_some())
            .into_iter()
            .filter_map(|need| need.found.err().map(|remedy| format!("`{}` is missing: {remedy}", need.what)));
        let missing: Vec<String> = missing.collect();
        if !missing.is_empty() {
            return Err(Failure::Unusable(format!("the lab can't be built here: {}", missing.join("; "))));
        }
        for difference in &differences {
            terminal.warn(difference);
        }
        let usual = || default_path(&opened.path, scenario.digest(), "lab run", "");
        let mut directory = Directory::prepare(self.out.clone().unwrap_or_else(usual))?;

        let cancelled = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&cancelled);
        if let Err(e) = ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed)) {
            terminal.warn(&format!("Ctrl-C ends the program before it has cleared up: {e}; `mxplan lab down` does so"));
        }
        let minutes = job.window.1.as_secs_f64() / 60.0;
        terminal.note(&format!("{} sessions in {minutes:.1} minutes", job.orders.len()));
        let guarded = guard(&job, &["lab", "confined"], &cancelled, |what| terminal.note(what));
        let Guarded { record, tear_down_s } = match guarded {
            Ok(guarded) => guarded,
            Err(failure) => {
                directory.discard();
                return Err(match failure {
                    guard::Failure::Cancelled => {
                        Failure::Interrupted("the lab is cleared up, nothing is written".to_owned())
                    }
                    guard::Failure::Broken(what) => Failure::Unusable(format!("the lab has failed: {what}")),
                });
            }
        };
        let measured = measure(&record, tear_down_s);
        let run = replicate(scenario, Rule::Count(1), &Control::default(), Execution::InOrder)
            .map_err(|failure| Failure::of_experiment(&failure, scenario.seed))?;
        let compared = compare(&measured, &summarise(scenario, &run.records, run.stop_reason));
        let lab =
            LabRun { scenario, differences: &differences, record: &record, measured: &measured, compared: &compared };
        let (json, sessions) = (report::lab::json(&lab), report::lab::sessions(&record));
        directory.write("lab.json", &json)?;
        directory.write("sessions.csv", &sessions)?;
        directory.write("processors.csv", &report::lab::processors(&record))?;
        terminal.data(&match self.format {
            Format::Table => report::lab::text(&lab),
            Format::Json => json,
            Format::Csv => sessions,
        })?;
        terminal.note(&format!("files in `{}`", directory.path().display()));
        Ok(if measured.usable { Answer::Yes } else { Answer::No })
    }
}
