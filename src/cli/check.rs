//! `mxplan check`: what a scenario means, and what follows without simulating.

use super::input::Input;
use super::{Answer, Failure, Format, Terminal};
use crate::analytic::appraise;
use crate::report;
use clap::Args;

/// Read a scenario, print the offered load and the analytic answer; simulate nothing
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    input: Input,
    /// Form of what goes to stdout
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,
}

impl Check {
    pub(crate) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let scenario = self.input.open()?.scenario;
        let appraisal = appraise(&scenario);
        for warning in report::warnings(&scenario, &appraisal) {
            terminal.warn(&warning);
        }
        terminal.data(&match self.format {
            Format::Table => report::check::text(&scenario, &appraisal),
            Format::Json => report::check::json(&scenario, &appraisal),
            Format::Csv => report::check::csv(&scenario, &appraisal),
        })?;
        // `check` judges nothing: every valid scenario is fine.
        Ok(Answer::Yes)
    }
}
