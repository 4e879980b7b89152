//! The directory of users.

use crate::scenario::law::Written;
use crate::units::{Bytes, Time};
use serde::Deserialize;
use toml::Spanned;

/// Where users are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DirectoryKind {
    /// In a file that is read until the user is found.
    File,
    /// In a table in the memory of each primary.
    MemoryMapped,
    /// In a database.
    Odbc,
}

/// What a lookup costs, beyond what the operations have already.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// CPU at the node for each lookup, on the reference core, 0 to a minute; default none, with a database 5 ms.
    pub cpu: Option<Spanned<Time>>,
    /// CPU at the node for each account that a lookup in a file passes, half of all on average, 0 to a second; default 10 us.
    pub cpu_per_account: Option<Spanned<Time>>,
    /// CPU at the database for each lookup, on the reference core; default 10 ms.
    pub database_cpu: Option<Spanned<Written<Time>>>,
    /// Network time of a lookup between a node and a database elsewhere, 0 to a minute; default 0.5 ms.
    pub round_trip: Option<Spanned<Time>>,
    /// Memory on each primary for each account of a memory-mapped directory, up to a terabyte; default 1 KB.
    pub ram_per_account: Option<Spanned<Bytes>>,
}
