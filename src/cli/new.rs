//! `mxplan new`: a scenario to start from.

use super::failure::reason;
use super::{Answer, Failure, Terminal};
use crate::scenario::error::unknown;
use clap::Args;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The shipped scenarios, which are the templates; the first is the default.
const TEMPLATES: &[(&str, &str)] = &[
    ("regional-isp", include_str!("../../scenarios/regional-isp.toml")),
    ("regional-isp-scanned", include_str!("../../scenarios/regional-isp-scanned.toml")),
    ("stand-alone", include_str!("../../scenarios/stand-alone.toml")),
    ("company-2000", include_str!("../../scenarios/company-2000.toml")),
    ("today-50k-imap", include_str!("../../scenarios/today-50k-imap.toml")),
    ("webmail", include_str!("../../scenarios/webmail.toml")),
];

/// Write a commented scenario that runs as it is
#[derive(Debug, Args)]
pub(crate) struct New {
    /// `regional-isp`, `regional-isp-scanned`, `stand-alone`, `company-2000`, `today-50k-imap` or `webmail`
    #[arg(value_name = "TEMPLATE", default_value = TEMPLATES[0].0)]
    template: String,
    /// File to write, which must not exist yet [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl New {
    pub(crate) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let Some((_, text)) = TEMPLATES.iter().find(|(name, _)| *name == self.template) else {
            return Err(Failure::Unusable(unknown(
                "template",
                &self.template,
                TEMPLATES.iter().map(|(name, _)| *name),
            )));
        };
        match &self.out {
            None => terminal.data(text)?,
            Some(path) => {
                write_new(path, text)?;
                let path = path.display();
                terminal.note(&format!("wrote `{path}`; next: `mxplan check {path}`, then `mxplan run {path}`"));
            }
        }
        Ok(Answer::Yes)
    }
}

/// Writes a file that does not exist yet. Made by the one call that never overwrites, since a rename would.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let complaint = |e: &std::io::Error| {
        let name = path.display();
        Failure::Unusable(match e.kind() {
            ErrorKind::AlreadyExists => format!("`{name}` exists already; name another file with `--out FILE`"),
            _ => format!("`{name}` can't be written: {}; name another file with `--out FILE`", reason(e)),
        })
    };
    let mut file = std::fs::File::create_new(path).map_err(|e| complaint(&e))?;
    file.write_all(text.as_bytes()).map_err(|e| complaint(&e))
}
