//! `mxplan hardware`: the table as the program sees it.

use super::input::Table;
use super::{Answer, Failure, Format, Terminal};
use crate::report;
use clap::Args;

/// Print the hardware table as the program sees it
#[derive(Debug, Args)]
pub(crate) struct Hardware {
    #[command(flatten)]
    table: Table,
    /// Form of what goes to stdout
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,
}

impl Hardware {
    pub(crate) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let hardware = self.table.open()?;
        terminal.data(&match self.format {
            Format::Table => report::hardware::text(&hardware),
            Format::Json => report::hardware::json(&hardware),
            Format::Csv => report::hardware::csv(&hardware),
        })?;
        Ok(Answer::Yes)
    }
}
