//! `mxplan validate`: the model held against what is known without it.

use super::output::Directory;
use super::watch::watch;
use super::{Answer, Failure, Format, Terminal};
use crate::experiment::Control;
use crate::report;
use crate::validation::theory::{cases, rows, validate};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Replications of each system: enough that few standard errors are a small part of the value.
const REPLICATIONS: u64 = 40;

/// Hold the model against exact values of queueing theory
#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// Against exact values of queueing theory, which is also what is done without a flag
    #[arg(long)]
    theory: bool,
    /// Only systems whose name holds this text, such as `MMc`
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Master seed
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Threads; leaves no trace in the results [default: all processors]
    #[arg(long, value_name = "N", value_parser = super::simulation::jobs)]
    jobs: Option<NonZeroUsize>,
    /// Directory for the files [default: output/theory-<8 hex digits>/]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// So many replications of each system, 2 to 10000
    #[arg(long, value_name = "N", default_value_t = REPLICATIONS, value_parser = clap::value_parser!(u64).range(2..=10_000))]
    replications: u64,
    /// Form of what goes to stdout
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,
}

impl Validate {
    pub(crate) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let table = rows();
        let mut cases = cases(&table);
        if let Some(only) = &self.only {
            cases.retain(|case| case.name.contains(only.as_str()));
            if cases.is_empty() {
                return Err(Failure::Unusable(format!(
                    "no system has `{only}` in its name (in `--only`); the first column of `theory.csv` has the names"
                )));
            }
        }
        let mut directory = Directory::prepare(self.out.clone().unwrap_or_else(|| self.usual_place()))?;
        let total = cases.len() as u64 * self.replications;
        let chance = (self.seed, self.replications);
        let work = |control: &Control| validate(&cases, table.len() as u64, chance, control);
        let threads = super::simulation::threads(self.jobs);
        let theory = watch(terminal, threads, Some(total), work)?
            .map_err(|failure| Failure::of_experiment(&failure, self.seed))?;
        if theory.expressed == 0 {
            directory.discard();
            return Err(Failure::Interrupted("no system was finished, nothing is written".to_owned()));
        }
        let (json, csv) = (report::theory::json(&theory), report::theory::csv(&theory));
        directory.write("theory.json", &json)?;
        directory.write("theory.csv", &csv)?;
        if let Some(chart) = report::charts::theory(&theory) {
            directory.write("theory.svg", &chart)?;
        }
        terminal.data(&match self.format {
            Format::Table => report::theory::text(&theory, terminal.colors_data()),
            Format::Json => json,
            Format::Csv => csv,
        })?;
        let place = directory.path().display();
        if theory.cancelled {
            let kept = theory.expressed;
            return Err(Failure::Interrupted(format!("kept the {kept} rows that were compared, in `{place}`")));
        }
        terminal.note(&format!("files in `{place}`"));
        Ok(if theory.passed == theory.expressed { Answer::Yes } else { Answer::No })
    }

    /// `output/theory-<8 hex>/`; the digits are a digest of what is asked.
    fn usual_place(&self) -> PathBuf {
        let asked = format!("{:?} {} {}", self.only, self.seed, self.replications);
        let hex = blake3::hash(asked.as_bytes()).to_hex();
        PathBuf::from("output").join(format!("theory-{}", &hex[..8]))
    }
}
