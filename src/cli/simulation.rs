//! The flags of every command that simulates.

use super::Failure;
use super::input::Opened;
use super::output::{Directory, default_path};
use crate::experiment::{BeyondReach, MOST_REPLICATIONS, REPLICATIONS, Record, Rule, StopReason, beyond_reach, needed};
use crate::report::{self, Clock, Provenance, Read};
use crate::scenario::Scenario;
use crate::units::Share;
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// How much to simulate, with what, and where the files go.
#[derive(Debug, Args)]
pub(crate) struct Simulation {
    /// Threads; leaves no trace in the results [default: all processors]
    #[arg(long, value_name = "N", value_parser = jobs)]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Directory for the files [default: output/<SCENARIO>-<8 hex digits>/]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// So many replications, 1 to 100000 [default: 10]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(crate) replications: Option<u64>,
    /// Replications until every mean response is known within this share, such as 0.05; at most 200
    #[arg(long, value_name = "P", value_parser = precision, conflicts_with = "replications")]
    pub(crate) precision: Option<f64>,
}

impl Simulation {
    /// When there are enough replications.
    pub(crate) fn rule(&self) -> Rule {
        match self.precision {
            Some(relative) => Rule::Precision(relative),
            None => Rule::Count(self.replications.unwrap_or(REPLICATIONS)),
        }
    }

    /// Refuses a precision that there is no hope of, before anything is simulated.
    pub(crate) fn refuse_beyond_reach(&self, scenarios: &[&Scenario]) -> Result<(), Failure> {
        let Some(relative) = self.precision else { return Ok(()) };
        let beyond = |scenario: &&Scenario| {
            beyond_reach(scenario, relative).map(|beyond| too_precise(scenario, relative, &beyond))
        };
        scenarios.iter().find_map(beyond).map_or(Ok(()), |message| Err(Failure::Unusable(message)))
    }

    /// Where the files of this command go, tried before anything is simulated.
    pub(crate) fn directory(&self, opened: &Opened, command: &str) -> Result<Directory, Failure> {
        let rule = self.rule().to_string();
        self.directory_or(|| default_path(&opened.path, opened.scenario.digest(), command, &rule))
    }

    /// The same, where the usual place has another name.
    pub(crate) fn directory_or(&self, usual: impl FnOnce() -> PathBuf) -> Result<Directory, Failure> {
        Directory::prepare(self.out.clone().unwrap_or_else(usual))
    }

    /// Writes down what led to the files of this command, and the command that leads there again: the arguments that bring
    /// the same scenarios, of which there is at least one, and `same`, the flag that asks for the same replications.
    pub(crate) fn write_manifest(
        &self,
        command: &'static str,
        (arguments, opened): (Vec<String>, &[Opened]),
        same: [String; 2],
        clock: Clock,
        directory: &mut Directory,
    ) -> Result<(), Failure> {
        let mut reproduce = vec![command.to_owned()];
        reproduce.extend(arguments);
        reproduce.extend(same);
        let read: Vec<Read> = opened
            .iter()
            .map(|opened| Read { path: &opened.path, text: &opened.text, scenario: &opened.scenario })
            .collect();
        let provenance = Provenance {
            command,
            reproduce: &reproduce,
            scenario: read[0],
            against: &read[1..],
            hardware: &opened[0].hardware.name,
            rule: self.rule().to_string(),
            threads: self.threads(),
            clock,
            files: directory.files(),
        };
        let manifest = report::manifest(&provenance);
        directory.write("manifest.json", &manifest)
    }

    /// Threads to use.
    pub(crate) fn threads(&self) -> usize {
        threads(self.jobs)
    }
}

/// As many threads as asked for, else one for each processor.
pub(crate) fn threads(jobs: Option<NonZeroUsize>) -> usize {
    jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}

/// The flag that leads to the same replications: for a prefix, their number.
pub(crate) fn again(rule: Rule, stop_reason: StopReason, replications: u64) -> [String; 2] {
    match rule {
        Rule::Precision(relative) if stop_reason != StopReason::Cancelled => {
            ["--precision".to_owned(), relative.to_string()]
        }
        // What was cut short by its own load is cut short again.
        Rule::Count(asked) if matches!(stop_reason, StopReason::Overfull(_)) => {
            ["--replications".to_owned(), asked.to_string()]
        }
        Rule::Count(_) | Rule::Precision(_) => ["--replications".to_owned(), replications.to_string()],
    }
}

fn too_precise(scenario: &Scenario, relative: f64, beyond: &BeyondReach) -> String {
    let station = &beyond.prospect.station;
    format!(
        "`--precision {relative}` would take about {} replications of {}, and {MOST_REPLICATIONS} is the most: the {} of `{}` is \
         used to {}, and its queue varies slowly; lengthen `time.window` to about `{} s`, or ask for less",
        report::number::about(beyond.prospect.replications),
        scenario.window,
        station.resource.name(),
        station.owner(&scenario.cluster),
        report::number::ratio(station.utilisation),
        report::number::significant(beyond.window.as_secs_f64()),
    )
}

/// What a precision would take that there is no hope of, by the records of each scenario.
pub(crate) fn hopeless(records: &[&Vec<Record>], rule: Rule) -> String {
    let Rule::Precision(relative) = rule else { return String::new() };
    let most = records.iter().map(|records| needed(records, relative)).fold(0.0, f64::max);
    format!(
        "`--precision {relative}` would take about {} replications, and {MOST_REPLICATIONS} is the most, so only {} were made; \
         lengthen `time.window`, or ask for less",
        report::number::count(most.ceil() as u64),
        records.first().map_or(0, |records| records.len()),
    )
}

/// The most threads: more never helps, and each needs memory.
const MOST_THREADS: usize = 1_024;

pub(crate) fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    let within = |jobs: &NonZeroUsize| jobs.get() <= MOST_THREADS;
    text.parse().ok().filter(within).ok_or_else(|| format!("write a whole number from 1 to {MOST_THREADS}"))
}

fn precision(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().or_else(|_| text.parse::<Share>().map(|share| share.0)).ok();
    share
        .filter(|share| *share > 0.0 && *share < 1.0)
        .ok_or_else(|| "write a number between 0 and 1, such as `0.05`, or a percentage such as `5 %`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_is_a_share_between_nothing_and_everything() {
        assert_eq!(precision("0.05"), Ok(0.05));
        assert_eq!(precision("5 %"), Ok(0.05));
        for wrong in ["0", "1", "5", "-0.1", "NaN", "much"] {
            assert!(precision(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn there_is_at_least_one_thread() {
        assert!(jobs("0").is_err() && jobs("1025").is_err() && jobs("two").is_err());
        assert_eq!(jobs("8").unwrap().get(), 8);
    }
}
