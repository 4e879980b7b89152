//! Every resolved key with its value and where the value is from.

use crate::scenario::source::Source;
use std::collections::BTreeMap;
use std::fmt;

/// Where a value is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The program's default.
    Default,
    /// The scenario file.
    File,
    /// A `--set` option.
    Set,
    /// A profile, by name.
    Profile(String),
    /// The hardware table, by name.
    Hardware(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File => f.write_str("file"),
            Origin::Set => f.write_str("--set"),
            Origin::Profile(name) => write!(f, "profile {name}"),
            Origin::Hardware(name) => f.write_str(name),
        }
    }
}

/// One resolved key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Dotted key, as `--set` takes it.
    pub key: String,
    /// The value, printed.
    pub value: String,
    /// Where it is from.
    pub origin: Origin,
}

/// Collects the settings while a scenario is resolved.
pub(super) struct Ledger<'a> {
    source: &'a Source,
    settings: BTreeMap<String, Setting>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(source: &'a Source) -> Ledger<'a> {
        Ledger { source, settings: BTreeMap::new() }
    }

    /// Notes a value that the user wrote or left out, and returns the one that counts.
    pub(super) fn take<T: Clone>(
        &mut self,
        key: &str,
        written: Option<&T>,
        default: T,
        print: impl Fn(&T) -> String,
    ) -> T {
        let value = written.cloned().unwrap_or(default);
        let origin = if written.is_some() { Origin::File } else { Origin::Default };
        self.note(key, print(&value), origin);
        value
    }

    /// Notes a value. An option that named the key or a table above it is the origin of what stands in the file.
    pub(super) fn note(&mut self, key: &str, value: String, origin: Origin) {
        let set = || {
            self.source
                .overridden()
                .any(|set| key == set || (key.starts_with(set) && key.as_bytes().get(set.len()) == Some(&b'.')))
        };
        let origin = if origin == Origin::File && set() { Origin::Set } else { origin };
        self.settings.insert(key.to_owned(), Setting { key: key.to_owned(), value, origin });
    }

    pub(super) fn finish(self) -> Vec<Setting> {
        self.settings.into_values().collect()
    }
}
