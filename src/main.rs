//! Parse, run, exit code.

use mxplan::cli::{self, Terminal};
use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let terminal = Terminal::for_arguments(&arguments);
    let outcome = cli::parse(&arguments).and_then(|command_line| cli::run(&command_line, terminal));
    terminal.exit_code(outcome)
}
