//! Opening what the user named: the scenario with everything that is laid over it, and the hardware table.

use super::failure::{Failure, reason};
use crate::scenario::{self, Hardware, Origin, Override, Scenario, Setting, text};
use clap::Args;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A scenario and what is laid over it.
#[derive(Debug, Args)]
pub(crate) struct Input {
    /// Scenario file; `mxplan new` writes one
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenario: PathBuf,
    #[command(flatten)]
    pub(crate) laid_over: LaidOver,
}

/// What is laid over a scenario.
#[derive(Debug, Args)]
pub(crate) struct LaidOver {
    /// Master seed of all random numbers; wins over the file
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Any key of the scenario, such as `node.primary.count=4`; repeatable, wins over the file
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<Override>,
    #[command(flatten)]
    pub(crate) table: Table,
}

/// The hardware table.
#[derive(Debug, Args)]
pub(crate) struct Table {
    /// Hardware table of your own (CSV), instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) hardware: Option<PathBuf>,
}

/// A scenario that was read and resolved, with what it came from.
#[derive(Debug)]
pub(crate) struct Opened {
    /// As the user named it.
    pub(crate) path: PathBuf,
    /// The text of the file.
    pub(crate) text: String,
    /// What it means.
    pub(crate) scenario: Scenario,
    /// The hardware table.
    pub(crate) hardware: Hardware,
}

impl Input {
    /// Reads and resolves the scenario.
    pub(crate) fn open(&self) -> Result<Opened, Failure> {
        self.laid_over.open(&self.scenario)
    }

    /// The arguments that bring the same scenario again, seed included.
    pub(crate) fn arguments(&self, seed: u64) -> Vec<String> {
        let mut arguments = vec![self.scenario.display().to_string()];
        arguments.extend(self.laid_over.arguments(Some(seed)));
        arguments
    }
}

impl LaidOver {
    /// The arguments that lay the same over a scenario again, with this seed if there is one to be named.
    pub(crate) fn arguments(&self, seed: Option<u64>) -> Vec<String> {
        let seed = seed.into_iter().flat_map(|seed| ["--seed".to_owned(), seed.to_string()]);
        let set = |set: &Override| ["--set".to_owned(), format!("{}={}", set.key, set.value)];
        let path = |path: &PathBuf| ["--hardware".to_owned(), path.display().to_string()];
        let table = self.table.hardware.iter().flat_map(path);
        seed.chain(self.set.iter().flat_map(set)).chain(table).collect()
    }

    /// Reads a file as a scenario with these options laid over it.
    pub(crate) fn open(&self, path: &Path) -> Result<Opened, Failure> {
        let text = read(path, "a scenario that runs as it is comes from `mxplan new`")?;
        let hardware = self.table.open()?;
        let mut scenario = scenario::load(&path.display().to_string(), &text, &self.set, &hardware)?;
        if let Some(seed) = self.seed {
            // Not an override of the key: TOML has no numbers beyond 63 bits.
            scenario.seed = seed;
            let settings = scenario.settings.iter_mut().filter(|setting| setting.key == "random.seed");
            for setting in settings {
                *setting = Setting { key: setting.key.clone(), value: seed.to_string(), origin: Origin::Set };
            }
        }
        Ok(Opened { path: path.to_owned(), text, scenario, hardware })
    }
}

impl Table {
    /// Reads the hardware table.
    pub(crate) fn open(&self) -> Result<Hardware, Failure> {
        let Some(path) = &self.hardware else { return Ok(Hardware::built_in()) };
        let text = read(path, "`mxplan hardware --format csv` prints the built-in table to start from")?;
        let name = path.display().to_string();
        let rows = scenario::hardware::read(&name, &text)?;
        Ok(Hardware { name, rows })
    }
}

/// Reads a file of the user; `remedy` says where one comes from.
pub(crate) fn read(path: &Path, remedy: &str) -> Result<String, Failure> {
    text::read(path).map_err(|e| {
        let path = path.display();
        Failure::Unusable(match e.kind() {
            ErrorKind::NotFound => format!("there is no file `{path}`; {remedy}"),
            _ => format!("`{path}` can't be read: {}", reason(&e)),
        })
    })
}
