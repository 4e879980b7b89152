//! The command line: one file for each command, and what they share.
//!
//! No work is done here. A command opens its input (`input`), asks the library (`watch` keeps an eye on what takes
//! long), hands the result to [`report`](crate::report), and puts the text where it belongs (`output`, `terminal`).
//! What goes wrong is a [`Failure`]; it is printed in one place, in `terminal`.

mod check;
mod compare;
mod failure;
mod hardware;
mod input;
mod lab;
mod new;
mod output;
mod plan;
mod run;
mod shell;
mod simulation;
mod terminal;
mod validate;
mod watch;

pub use failure::{Answer, Failure};
pub use terminal::Terminal;

use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;

/// Simulate and size a mail cluster before buying the hardware
#[derive(Debug, Parser)]
#[command(
    version,
    propagate_version = false,
    max_term_width = 120,
    after_help = "Exit codes: 0 done, and the service levels are met; 1 done, and the answer is no; 2 bad usage or \
                  bad scenario; 101 a bug; 130 interrupted.\nResults go to stdout, progress and warnings to stderr."
)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Command,
    /// Errors only on stderr: no progress, no warnings
    #[arg(long, global = true)]
    quiet: bool,
    /// Colour in tables and messages; `NO_COLOR` is honoured
    // Read before anything else, by `Terminal::for_arguments`: messages about the other arguments need it.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::New),
    Check(check::Check),
    Run(run::Run),
    Compare(compare::Compare),
    Plan(plan::Plan),
    Validate(validate::Validate),
    Lab(lab::Lab),
    Hardware(hardware::Hardware),
    #[command(hide = true)]
    Completions(shell::Completions),
    /// Print the manual page
    #[command(hide = true)]
    Man,
}

/// The form of what goes to stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Tables for people
    Table,
    /// The bytes of the main file
    Json,
    /// The main table
    Csv,
}

/// Reads the command line.
///
/// # Errors
/// What clap has to say, which may also be the help that was asked for.
pub fn parse(arguments: &[OsString]) -> Result<CommandLine, Failure> {
    let matches = CommandLine::command().try_get_matches_from(arguments);
    matches.and_then(|matches| CommandLine::from_arg_matches(&matches)).map_err(Failure::CommandLine)
}

/// Does what the command line says.
///
/// # Errors
/// Whatever keeps the command from an answer.
pub fn run(command_line: &CommandLine, terminal: Terminal) -> Result<Answer, Failure> {
    let terminal = terminal.quiet(command_line.quiet);
    match &command_line.command {
        Command::New(command) => command.run(terminal),
        Command::Check(command) => command.run(terminal),
        Command::Run(command) => command.run(terminal),
        Command::Compare(command) => command.run(terminal),
        Command::Plan(command) => command.run(terminal),
        Command::Validate(command) => command.run(terminal),
        Command::Lab(command) => command.run(terminal),
        Command::Hardware(command) => command.run(terminal),
        Command::Completions(command) => command.run(terminal),
        Command::Man => shell::manual(terminal),
    }
}
