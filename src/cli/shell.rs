//! What the shell wants to know: completions and the manual page.

use super::{Answer, CommandLine, Failure, Terminal};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Print completions for a shell
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut CommandLine::command(), "mxplan", &mut script);
        terminal.data(&String::from_utf8_lossy(&script))?;
        Ok(Answer::Yes)
    }
}

/// Prints the manual page.
pub(crate) fn manual(terminal: Terminal) -> Result<Answer, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(CommandLine::command())
        .render(&mut page)
        .map_err(|e| Failure::Unusable(format!("the manual page can't be written: {e}")))?;
    terminal.data(&String::from_utf8_lossy(&page))?;
    Ok(Answer::Yes)
}
