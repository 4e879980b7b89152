//! The record of one replication: everything that was observed, in integers.

use crate::cluster::Observed;
use serde::{Deserialize, Serialize};

/// Version of the record's layout; a reader refuses any other.
pub const RECORD_VERSION: u32 = 1;

/// One replication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`RECORD_VERSION`] of the writer.
    pub version: u32,
    /// Index of the replication, from 0.
    pub replication: u64,
    /// Simulated before the window.
    pub warm_up_ns: u64,
    /// Events handled, warm-up included.
    pub events: u64,
    /// What was observed in the window.
    pub observed: Observed,
}
