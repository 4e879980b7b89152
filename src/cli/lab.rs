//! `mxplan lab`: a small real cluster on this machine, measured.

use super::input::{Input, Table, read};
use super::output::{Directory, default_path};
use super::{Answer, Failure, Format, Terminal};
use crate::lab::guard::{self, Guarded, guard, obey};
use crate::lab::host::beat::{Beat, beat};
use crate::lab::job::Job;
use crate::lab::stub::{rehearse, serve};
use crate::lab::web::{self, Gateway};
use crate::lab::{
    Blueprint, Ground, Need, NoTerms, Parts, Record, blueprint_on, calibrate, confined, measure, preflight, remedy,
    terms,
};
use crate::report::{self, lab::Degree, lab::LabRun};
use crate::scenario::{Hardware, Scenario, profile, write};
use crate::validation::measured::{Campaign, Demands, Measured, Planned, RecordedRun, compare, simulated};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Build a scenario's cluster from real mail servers on this machine, and measure it
#[derive(Debug, Args)]
pub(crate) struct Lab {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(Run),
    Campaign(RunCampaign),
    Calibrate(Calibrate),
    /// Say what the lab needs and what of it is here
    Check {
        /// For `lab run --loopback`
        #[arg(long)]
        loopback: bool,
    },
    /// Remove what labs have left whose process is gone
    Down {
        /// The process of a lab that is there yet
        #[arg(long, hide = true)]
        of: Option<u32>,
    },
    /// The part that runs inside the lab
    #[command(hide = true)]
    Confined,
    /// The part that is on hosts which share an address
    #[command(hide = true)]
    Beat {
        /// What it knows
        file: PathBuf,
    },
    /// The part that is web mail on a host
    #[command(hide = true)]
    Web {
        /// What it knows
        file: PathBuf,
    },
    /// The part that is there in the place of mail servers
    #[command(hide = true)]
    Stub,
}

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

/// Run all points of a campaign with all its seeds, one after the other
///
/// What was run before stays and is not run again: a campaign that was interrupted goes on where it was.
#[derive(Debug, Args)]
pub(crate) struct RunCampaign {
    /// Campaign file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Directory for the runs [default: runs/ beside the file]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Find what single operations cost, from the calibration points of a campaign that was run
///
/// With `--profile` it writes what was found in terms that scenarios can name: the profile with the demands that were measured,
/// and the hardware table with the machine that they were measured on.
#[derive(Debug, Args)]
pub(crate) struct Calibrate {
    /// Campaign file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Directory of the runs [default: runs/ beside the file]
    #[arg(long, value_name = "DIR")]
    runs: Option<PathBuf>,
    /// Directory for `demands.json`, `profile.toml` and `tiers.csv` [default: that of the campaign file]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Profile, built in or a file, to be written anew with what was measured
    #[arg(long, value_name = "PROFILE", requires = "like")]
    profile: Option<String>,
    /// Tier of the hardware table that the machine is like in all but its speed
    #[arg(long, value_name = "TIER", requires = "profile")]
    like: Option<String>,
    /// Set of demands of the campaign to be taken, if it has several
    #[arg(long, value_name = "SET", requires = "profile")]
    demands: Option<String>,
    #[command(flatten)]
    table: Table,
}

impl Calibrate {
    fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let campaign = open_campaign(&self.file)?;
        let from = self.runs.clone().unwrap_or_else(|| beside(&self.file));
        let mut recorded = Vec::new();
        for path in campaign.runs().iter().map(|planned| from.join(&planned.file)).filter(|path| path.exists()) {
            let shown = path.display().to_string();
            let text = read(&path, "`mxplan lab campaign` makes it")?;
            recorded.push(RecordedRun::read(&shown, &text, &campaign).map_err(|e| Failure::Unusable(e.0))?);
        }
        let demands = calibrate(&campaign, &recorded).map_err(|e| Failure::Unusable(e.0))?;
        let home = self.file.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut directory = Directory::prepare(self.out.clone().unwrap_or_else(|| home.to_owned()))?;
        directory.write("demands.json", &report::lab::demands_json(&demands))?;
        terminal.data(&report::lab::demands(&demands))?;
        if let (Some(profile), Some(like)) = (&self.profile, &self.like) {
            self.write_terms(&campaign, &demands, (profile, like), (&mut directory, terminal))?;
        }
        Ok(Answer::Yes)
    }

    /// The profile and the hardware table with what was measured.
    fn write_terms(
        &self,
        campaign: &Campaign,
        demands: &Demands,
        (base, like): (&str, &str),
        (directory, terminal): (&mut Directory, Terminal),
    ) -> Result<(), Failure> {
        let unusable = |text: String| Failure::Unusable(text);
        let sets: Vec<String> = demands.sets.keys().map(|set| format!("`{set}`")).collect();
        let found = match &self.demands {
            Some(set) => demands.sets.get(set),
            None => demands.sets.values().next().filter(|_| demands.sets.len() == 1),
        };
        let found =
            found.ok_or_else(|| unusable(format!("name one of the sets {} with `--demands`", sets.join(", "))))?;
        let terms = terms(base, found).map_err(|none| match none {
            NoTerms::Profile(error) => Failure::from(error),
            NoTerms::Nothing => {
                unusable(format!("no operation of the profile `{base}` was measured; `--profile` names another"))
            }
        })?;
        let mut hardware = self.table.open()?;
        let row = hardware.rows.iter().find(|row| row.tier == like);
        let row = row.ok_or_else(|| {
            unusable(format!("there is no tier `{like}` (in `--like`); `mxplan hardware` lists them"))
        })?;
        let measured = row.measured(terms.speed, &campaign.name);
        let name = measured.tier.clone();
        hardware.rows.insert(0, measured);
        let text = match profile::BUILT_IN.iter().find(|(known, _)| *known == base) {
            Some((_, text)) => (*text).to_owned(),
            None => read(Path::new(base), "`--profile` names a built-in profile or a file")?,
        };
        let heading = report::lab::above_profile(&terms, base, &name, &campaign.name);
        let text = write::profile(&text, &format!("{}-measured", stem(base)), &heading, &terms.times)
            .map_err(|e| unusable(format!("`{base}` is no profile: {e}")))?;
        directory.write("profile.toml", &text)?;
        directory
            .write("tiers.csv", &report::hardware::csv(&Hardware { name: like.to_owned(), rows: hardware.rows }))?;
        terminal.data(&report::lab::of_terms(&terms, base, &name))
    }
}

/// What a profile is called, by its name or file.
fn stem(profile: &str) -> &str {
    Path::new(profile).file_stem().and_then(|stem| stem.to_str()).unwrap_or(profile)
}

impl Lab {
    pub(crate) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        match &self.command {
            Command::Run(run) => run.run(terminal),
            Command::Campaign(campaign) => campaign.run(terminal),
            Command::Calibrate(calibrate) => calibrate.run(terminal),
            Command::Check { loopback } => {
                let needs = preflight(ground(*loopback), Parts::ALL);
                terminal.data(&report::lab::needs(&needs))?;
                Ok(if needs.iter().all(|need| need.found.is_ok()) { Answer::Yes } else { Answer::No })
            }
            Command::Down { of } => {
                let swept = crate::lab::host::group::sweep(*of);
                terminal.note(&format!("{swept} groups of processes removed"));
                Ok(Answer::Yes)
            }
            Command::Confined => {
                obey(|job, say| confined::work(job, say), confined::leave).map_err(Failure::Unusable)?;
                Ok(Answer::Yes)
            }
            Command::Beat { file } => {
                let text = read(file, "the lab writes it")?;
                let known: Beat = serde_json::from_str(&text).map_err(|e| Failure::Unusable(e.to_string()))?;
                beat(&known).map_err(Failure::Unusable)?;
                Ok(Answer::Yes)
            }
            Command::Web { file } => {
                let text = read(file, "the lab writes it")?;
                let known: Gateway = serde_json::from_str(&text).map_err(|e| Failure::Unusable(e.to_string()))?;
                web::serve(&known).map_err(Failure::Unusable)?;
                Ok(Answer::Yes)
            }
            Command::Stub => {
                serve(std::io::BufReader::new(std::io::stdin()), std::io::stdout()).map_err(Failure::Unusable)?;
                Ok(Answer::Yes)
            }
        }
    }
}

impl Run {
    fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
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

impl RunCampaign {
    fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let campaign = open_campaign(&self.file)?;
        let mut directory = Directory::prepare(self.out.clone().unwrap_or_else(|| beside(&self.file)))?;
        let (done, left): (Vec<Planned>, Vec<Planned>) =
            campaign.runs().into_iter().partition(|planned| directory.path().join(&planned.file).exists());
        let plans = left.into_iter().map(|planned| {
            let scenario = campaign.scenario(&planned.point, planned.seed, &[]).map_err(|e| Failure::Unusable(e.0))?;
            let mut plan = plan(&scenario, Ground::Bridge)?;
            if let Some(every) = campaign.witness {
                plan.job = plan.job.beside_witness(Duration::from_nanos(every.0));
            }
            Ok((planned, plan))
        });
        let plans = plans.collect::<Result<Vec<(Planned, Blueprint)>, Failure>>()?;
        if !plans.is_empty() {
            ready(&plans.iter().map(|(_, plan)| &plan.job).collect::<Vec<_>>())?;
        }
        let cancelled = listen(terminal);
        let mut left_s: f64 = plans.iter().map(|(_, plan)| plan.job.window.1.as_secs_f64() + AROUND_S).sum();
        let mut unusable = 0;
        for (number, (planned, plan)) in (1..).zip(&plans) {
            let place = format!("{number} of {}", plans.len());
            terminal.note(&format!(
                "{place}: {} with seed {}, {:.0} min left",
                planned.point,
                planned.seed,
                left_s / 60.0
            ));
            let (record, measured) = visit(plan, &cancelled, |_| {})?;
            left_s -= plan.job.window.1.as_secs_f64() + AROUND_S;
            unusable += u32::from(!measured.usable);
            if !measured.usable {
                terminal.warn(&format!("it counts for nothing: {}", measured.unusable_because.join("; ")));
            }
            let point = (planned.point.clone(), planned.seed);
            let run = RecordedRun::new(point, record.processors, record.versions, measured);
            directory.write(&planned.file, &report::lab::recorded(&run))?;
        }
        let before = if done.is_empty() { String::new() } else { format!(", {} were there before", done.len()) };
        terminal.note(&format!(
            "{} runs, of which {unusable} count for nothing{before}; files in `{}`",
            plans.len(),
            directory.path().display()
        ));
        Ok(Answer::Yes)
    }
}

/// Seconds that a run takes beside its load: building, warming up, clearing up.
const AROUND_S: f64 = 5.0;

/// Where the runs of a campaign are unless the user says otherwise.
fn beside(file: &Path) -> PathBuf {
    file.with_file_name("runs")
}

fn open_campaign(path: &Path) -> Result<Campaign, Failure> {
    let text = read(path, "`scenarios/measured/` has one to start from")?;
    Campaign::read(path, &text).map_err(|e| Failure::Unusable(e.0))
}

fn ground(is_loopback: bool) -> Ground {
    if is_loopback { Ground::Loopback } else { Ground::Bridge }
}

fn plan(scenario: &Scenario, ground: Ground) -> Result<Blueprint, Failure> {
    let processors = std::thread::available_parallelism().map_or(1, |count| count.get() as u32);
    blueprint_on(ground, scenario, 0, (processors, std::process::id())).map_err(|obstacles| {
        Failure::Unusable(format!("the lab can't be `{}`: {}", scenario.name, obstacles.join("; ")))
    })
}

/// Whether everything is here that these jobs take.
fn ready(jobs: &[&Job]) -> Result<(), Failure> {
    let ground = jobs.first().map_or(Ground::Bridge, |job| job.ground);
    let needs = preflight(ground, Parts::of(jobs));
    let is_missing = |need: &Need| Some(format!("`{}` is missing: {}", need.what, need.found.as_ref().err()?));
    let missing: Vec<String> = needs.iter().filter_map(is_missing).collect();
    match remedy(ground, &needs) {
        Some(remedy) => {
            Err(Failure::Unusable(format!("the lab can't be built here: {}; {remedy}", missing.join("; "))))
        }
        None => Ok(()),
    }
}

/// Whether the user has pressed Ctrl-C.
fn listen(terminal: Terminal) -> Arc<AtomicBool> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&cancelled);
    if let Err(e) = ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed)) {
        terminal.warn(&format!("Ctrl-C ends the program before it has cleared up: {e}; `mxplan lab down` does so"));
    }
    cancelled
}

fn visit(plan: &Blueprint, cancelled: &AtomicBool, say: impl Fn(&str)) -> Result<(Record, Measured), Failure> {
    let guarded = guard(&plan.job, &["lab", "confined"], cancelled, say).map_err(|failure| match failure {
        guard::Failure::Cancelled => {
            Failure::Interrupted("the lab is cleared up; the run under way is not kept".to_owned())
        }
        guard::Failure::Broken(what) => Failure::Unusable(format!("the lab has failed: {what}")),
    })?;
    let Guarded { record, tear_down_s } = guarded;
    let measured = measure(&record, tear_down_s);
    Ok((record, measured))
}
