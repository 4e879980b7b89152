//! `mxplan lab campaign`: many points with several seeds, one after the other.

use super::visit::{listen, plan, ready, visit};
use crate::cli::input::read;
use crate::cli::output::Directory;
use crate::cli::{Answer, Failure, Terminal};
use crate::lab::{Blueprint, Ground};
use crate::report;
use crate::validation::measured::{Campaign, Planned, RecordedRun};
use clap::Args;
use std::path::{Path, PathBuf};
use std::time::Duration;

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

impl RunCampaign {
    pub(super) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
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
pub(super) fn beside(file: &Path) -> PathBuf {
    file.with_file_name("runs")
}

pub(super) fn open_campaign(path: &Path) -> Result<Campaign, Failure> {
    let text = read(path, "`scenarios/measured/` has one to start from")?;
    Campaign::read(path, &text).map_err(|e| Failure::Unusable(e.0))
}
