//! What a run of the lab leaves: every session, the processors second by second, and the mail.

use super::load::Session;
use crate::validation::measured::Custody;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run, as it was measured. Times are seconds from the first moment of the load unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Every session, in the order in which they came.
    pub sessions: Vec<Session>,
    /// The hosts: the nodes in their order, then the switch, if there is one.
    pub hosts: Vec<HostRecord>,
    /// What the processors have done, about once in a second, from the first moment until all mail was delivered.
    pub samples: Vec<Sample>,
    /// When the window began and ended.
    pub window_s: (f64, f64),
    /// Whether all mail that was taken is there.
    pub custody: Custody,
    /// Time that building took, warm process pools included.
    pub set_up_s: f64,
    /// Time from the end of the last session until nothing was left in any queue.
    pub drained_s: f64,
    /// Programs and their versions.
    pub versions: BTreeMap<String, String>,
    /// Processors of the machine.
    pub processors: u32,
}

/// A host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HostRecord {
    /// Its name.
    pub name: String,
    /// How many cores it may use.
    pub capacity_cores: f64,
}

/// What has been used until a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The moment.
    pub at_s: f64,
    /// Core time of each host.
    pub cpu_s: Vec<f64>,
    /// Time in which each host was held back by its budget.
    pub throttled_s: Vec<f64>,
    /// Core time of the load.
    pub load_s: f64,
    /// Core time of everything on the machine.
    pub machine_s: f64,
}
