//! `mxplan validate`: the model held against what is known without it.

use super::output::Directory;
use super::watch::watch;
use super::{Answer, Failure, Format, Terminal};
use crate::experiment::Control;
use crate::report;
use crate::validation::{measured, theory};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Replications of each system: enough that few standard errors are a small part of the value.
const REPLICATIONS: u64 = 40;

/// Hold the model against exact values of queueing theory, and against real servers that were measured
///
/// The answer is no (exit code 1) where a row of theory can't be chance, or a bound of the measured points is missed.
#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// Against exact values of queueing theory alone
    #[arg(long, conflicts_with = "measured")]
    theory: bool,
    /// Against the recorded measurements of real servers alone
    #[arg(long)]
    measured: bool,
    /// Against the campaign in this directory, as `mxplan lab campaign` and `mxplan lab calibrate` leave it
    #[arg(long, value_name = "DIR", conflicts_with = "theory")]
    campaign: Option<PathBuf>,
    /// Only systems of theory whose name holds this text, such as `MMc`
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["measured", "campaign"])]
    only: Option<String>,
    /// Master seed of what theory is held against; measured runs have their own
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Threads; leaves no trace in the results [default: all processors]
    #[arg(long, value_name = "N", value_parser = super::simulation::jobs)]
    jobs: Option<NonZeroUsize>,
    /// Directory for the files [default: output/<theory, measured or validation>-<8 hex digits>/]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// So many replications of each system of theory, 2 to 10000
    #[arg(long, value_name = "N", default_value_t = REPLICATIONS, value_parser = clap::value_parser!(u64).range(2..=10_000))]
    replications: u64,
    /// Form of what goes to stdout; json and csv need --theory or --measured
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,
}

impl Validate {
    pub(crate) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let theory = !self.measured && self.campaign.is_none();
        let measured = !self.theory && self.only.is_none();
        if theory && measured && self.format != Format::Table {
            return Err(Failure::Unusable(
                "json and csv are of one comparison (in `--format`); add `--theory` or `--measured`".to_owned(),
            ));
        }
        let cases = if theory { self.cases()? } else { Vec::new() };
        let campaigns = if measured { self.campaigns()? } else { Vec::new() };
        let name = match (theory, measured) {
            (true, true) => "validation",
            (true, false) => "theory",
            (false, _) => "measured",
        };
        let mut directory = Directory::prepare(self.out.clone().unwrap_or_else(|| self.usual_place(name)))?;
        let mut compare = || {
            let mut answers = Vec::new();
            if measured {
                answers.push(self.against_servers(&campaigns, &mut directory, terminal)?);
            }
            if theory {
                terminal.data(if measured { "\n" } else { "" })?;
                answers.push(self.against_theory(&cases, &mut directory, terminal)?);
            }
            Ok(if answers.contains(&Answer::No) { Answer::No } else { Answer::Yes })
        };
        let answer = compare();
        if directory.files().is_empty() {
            directory.discard();
        } else if answer.is_ok() {
            terminal.note(&format!("files in `{}`", directory.path().display()));
        }
        answer
    }

    fn cases(&self) -> Result<Vec<theory::Case>, Failure> {
        let mut cases = theory::cases(&theory::rows());
        if let Some(only) = &self.only {
            cases.retain(|case| case.name.contains(only.as_str()));
            if cases.is_empty() {
                return Err(Failure::Unusable(format!(
                    "no system has `{only}` in its name (in `--only`); the first column of `theory.csv` has the names"
                )));
            }
        }
        Ok(cases)
    }

    fn campaigns(&self) -> Result<Vec<measured::Recorded>, Failure> {
        let of = |directory: &PathBuf| measured::Recorded::read(directory).map(|recorded| vec![recorded]);
        let campaigns = self.campaign.as_ref().map_or_else(measured::Recorded::shipped, of);
        campaigns.map_err(|error| Failure::Unusable(error.0))
    }

    fn against_theory(
        &self,
        cases: &[theory::Case],
        directory: &mut Directory,
        terminal: Terminal,
    ) -> Result<Answer, Failure> {
        let total = cases.len() as u64 * self.replications;
        let (rows, chance) = (theory::rows().len() as u64, (self.seed, self.replications));
        let work = |control: &Control| theory::validate(cases, rows, chance, control);
        let theory = watch(terminal, super::simulation::threads(self.jobs), Some(total), work)?
            .map_err(|failure| Failure::of_experiment(&failure, self.seed))?;
        if theory.expressed == 0 {
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
        if theory.cancelled {
            let (kept, place) = (theory.expressed, directory.path().display());
            return Err(Failure::Interrupted(format!("kept the {kept} rows that were compared, in `{place}`")));
        }
        Ok(if theory.passed == theory.expressed { Answer::Yes } else { Answer::No })
    }

    fn against_servers(
        &self,
        campaigns: &[measured::Recorded],
        directory: &mut Directory,
        terminal: Terminal,
    ) -> Result<Answer, Failure> {
        let validation = measured::check(campaigns).map_err(|error| Failure::Unusable(error.0))?;
        let (json, csv) = (report::measured::json(&validation), report::measured::csv(&validation));
        directory.write("measured.json", &json)?;
        directory.write("measured.csv", &csv)?;
        for (number, campaign) in (1..).zip(&validation.campaigns) {
            let name = if number == 1 { "measured.svg".to_owned() } else { format!("measured-{number}.svg") };
            if let Some(chart) = report::charts::measured(campaign) {
                directory.write(&name, &chart)?;
            }
        }
        terminal.data(&match self.format {
            Format::Table => report::measured::text(&validation, terminal.colors_data()),
            Format::Json => json,
            Format::Csv => csv,
        })?;
        Ok(if validation.campaigns.iter().all(|campaign| campaign.holds) { Answer::Yes } else { Answer::No })
    }

    /// `output/<name>-<8 hex>/`; the digits are a digest of what is asked.
    fn usual_place(&self, name: &str) -> PathBuf {
        let asked = format!("{:?} {:?} {} {}", self.only, self.campaign, self.seed, self.replications);
        let hex = blake3::hash(asked.as_bytes()).to_hex();
        PathBuf::from("output").join(format!("{name}-{}", &hex[..8]))
    }
}
