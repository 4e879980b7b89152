//! `mxplan lab run`: one scenario, built, loaded, measured, and held beside its simulation.

use super::visit::{ground, listen, plan, ready, visit};
use crate::cli::input::Input;
use crate::cli::output::{Directory, default_path};
use crate::cli::{Answer, Failure, Format, Terminal};
use crate::lab::stub::rehearse;
use crate::lab::{Ground, measure};
use crate::report::{self, lab::Degree, lab::LabRun};
use crate::validation::measured::{compare, simulated};
use clap::Args;
use std::path::PathBuf;

/// Build the cluster, send it the sessions of the scenario, measure it, and clear up
///
/// Needs root. Hosts are network namespaces of the lab's own, a tier is a group of processes on processors of its own with the
/// tier's `cpu_quota`, and the servers are Postfix, Dovecot and HAProxy; web mail is a
/// gateway of mxplan's own that logs in at IMAP for each page. The sessions are those of the first replication of `run`.
/// Where there are no namespaces `--loopback` builds what can be built without, and without root there is `--stub`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    input: Input,
    /// Directory for the files [default: output/<SCENARIO>-<8 hex digits>/]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// A program of its own in the place of Postfix, Dovecot and web mail, which uses a processor for as long as the scenario says
    ///
    /// It needs neither root nor any mail server, and shows how well the model knows a processor that sessions share; of mail
    /// servers it tells nothing. For a single node without a `cpu_quota`, a switch or faults.
    #[arg(long)]
    stub: bool,
    /// Hosts that are addresses of this machine's loopback interface, and share its processors
    ///
    /// It needs root, but neither namespaces nor control groups, as in a container; the servers are the real ones. It shows how
    /// sessions are served and shared out, and what becomes of them when a node is killed or hangs; of the tiers of the scenario
    /// it tells nothing. For scenarios without a `cpu_quota`, names, shared addresses, servers elsewhere and cut links.
    #[arg(long, conflicts_with = "stub")]
    loopback: bool,
    /// Form of what goes to stdout
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,
}

impl Run {
    pub(super) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let opened = self.input.open()?;
        let scenario = &opened.scenario;
        let plan = plan(scenario, ground(self.loopback))?;
        if !self.stub {
            ready(&[&plan.job])?;
        }
        for difference in &plan.differences {
            terminal.warn(difference);
        }
        let usual = || default_path(&opened.path, scenario.digest(), "lab run", "");
        let mut directory = Directory::prepare(self.out.clone().unwrap_or_else(usual))?;
        let minutes = plan.job.window.1.as_secs_f64() / 60.0;
        terminal.note(&format!("{} sessions in {minutes:.1} minutes", plan.job.orders.len()));
        let visited = if self.stub {
            rehearse(scenario, &plan, &["lab", "stub"])
                .map(|record| {
                    let measured = measure(&record, 0.0);
                    (record, measured)
                })
                .map_err(|reasons| Failure::Unusable(format!("there is no stub for it: {}", reasons.join("; "))))
        } else {
            visit(&plan, &listen(terminal), |what| terminal.note(what))
        };
        let (record, measured) = match visited {
            Ok(visited) => visited,
            Err(failure) => {
                directory.discard();
                return Err(failure);
            }
        };
        let summary = simulated(scenario).map_err(|failure| Failure::of_experiment(&failure, scenario.seed))?;
        let compared = compare(&measured, &summary);
        let differences = &plan.differences;
        let degree = match plan.job.ground {
            _ if self.stub => Degree::Stub,
            Ground::Bridge => Degree::Full,
            Ground::Loopback => Degree::Loopback,
        };
        let lab = LabRun { scenario, degree, differences, record: &record, measured: &measured, compared: &compared };
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
