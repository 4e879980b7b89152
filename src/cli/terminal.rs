//! The two streams: data on stdout, narration on stderr. Nothing else in the program writes to either.

use super::failure::{Answer, Failure, reason};
use clap::ColorChoice;
use clap::builder::styling::{AnsiColor, Style};
use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

/// How to speak with the user.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    quiet: bool,
    color_data: bool,
    color_narration: bool,
}

impl Terminal {
    /// Looks at the arguments for `--color` alone, since the message about a wrong argument needs it already.
    #[must_use]
    pub fn for_arguments(arguments: &[OsString]) -> Terminal {
        let text: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
        let written = text.iter().enumerate().rev().find_map(|(i, argument)| match argument.strip_prefix("--color") {
            Some("") => text.get(i + 1).map(AsRef::as_ref),
            Some(value) => value.strip_prefix('='),
            None => None,
        });
        let choice = match written {
            Some("always") => ColorChoice::Always,
            Some("never") => ColorChoice::Never,
            _ => ColorChoice::Auto,
        };
        let color = |is_terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && !is_plain(),
        };
        Terminal {
            quiet: false,
            color_data: color(io::stdout().is_terminal()),
            color_narration: color(io::stderr().is_terminal()),
        }
    }

    /// The same terminal, silent but for errors.
    #[must_use]
    pub fn quiet(self, quiet: bool) -> Terminal {
        Terminal { quiet, ..self }
    }

    /// Whether tables may be coloured.
    #[must_use]
    pub fn colors_data(&self) -> bool {
        self.color_data
    }

    /// Whether someone watches a progress bar.
    #[must_use]
    pub fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Writes data to stdout. A reader that has gone away is content with what it has.
    ///
    /// # Errors
    /// When stdout can't be written.
    pub fn data(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(e) if e.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::Unusable(format!("standard output can't be written: {}", reason(&e))))
            }
            _ => Ok(()),
        }
    }

    /// Says something in passing.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.narrate(text);
        }
    }

    /// Warns: what, why, and what helps.
    pub fn warn(&self, text: &str) {
        if !self.quiet {
            self.narrate(&format!("{} {text}", self.painted("warning:", AnsiColor::Yellow)));
        }
    }

    /// The end of the program: the exit code, after the one place where errors are printed.
    #[must_use]
    pub fn exit_code(&self, outcome: Result<Answer, Failure>) -> ExitCode {
        let failure = match outcome {
            Ok(Answer::Yes) => return ExitCode::SUCCESS,
            Ok(Answer::No) => return ExitCode::from(1),
            Err(failure) => failure,
        };
        match &failure {
            Failure::CommandLine(error) => {
                let text = error.render();
                let (color, is_help) = (self.color_narration, !error.use_stderr());
                if is_help {
                    let text = if self.color_data { text.ansi().to_string() } else { text.to_string() };
                    return self.data(&text).map_or_else(|e| self.exit_code(Err(e)), |()| ExitCode::SUCCESS);
                }
                let text = if color { text.ansi().to_string() } else { text.to_string() };
                self.narrate(text.trim_end());
            }
            Failure::Interrupted(_) => {
                self.narrate(&format!("{} {failure}", self.painted("interrupted:", AnsiColor::Yellow)));
            }
            Failure::Scenario(_) | Failure::Unusable(_) | Failure::Bug(_) => {
                self.narrate(&format!("{} {failure}", self.painted("error:", AnsiColor::Red)));
            }
        }
        ExitCode::from(failure.code())
    }

    fn painted(&self, text: &str, color: AnsiColor) -> String {
        if !self.color_narration {
            return text.to_owned();
        }
        let style = Style::new().bold().fg_color(Some(color.into()));
        format!("{style}{text}{style:#}")
    }

    fn narrate(&self, text: &str) {
        // Nobody can be told that stderr is gone.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

/// Whether the user wants no colour anywhere (<https://no-color.org>).
fn is_plain() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || std::env::var_os("TERM").is_some_and(|value| value == "dumb")
}
