//! What a run of the lab leaves: every session, the processors second by second, and the mail.

use super::job::Pools;
use super::load::Session;
use crate::validation::measured::Custody;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run, as it was measured. Times are seconds from the first moment of the load unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Every session, in the order in which they came.
    pub sessions: Vec<Session>,
    /// Those that came to a witness, where there is one: the same in every run.
    pub testimony: Vec<Session>,
    /// The hosts: the nodes in their order, then the switch, if there is one.
    pub hosts: Vec<HostRecord>,
    /// What the processors have done, about once in a second, from the first moment until all mail was delivered.
    pub samples: Vec<Sample>,
    /// What was done to nodes, in the order of the job.
    pub strikes: Vec<Struck>,
    /// What the switch made of it, in the order in which it said so.
    pub changes: Vec<Change>,
    /// Mail that a server elsewhere sent, copy by copy, in the order in which it was taken.
    pub letters: Vec<Letter>,
    /// The nodes among which sessions were distributed.
    pub pools: Pools,
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
    /// Core time of the programs that stayed through the whole run, from its first moment until all mail was delivered.
    pub programs_s: BTreeMap<String, f64>,
}

/// A message that a server elsewhere sent, for one recipient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// When it was to be sent.
    pub intended_s: f64,
    /// The host that took it.
    pub taken_by: String,
    /// From when its server had it until then.
    pub accept_s: f64,
    /// Attempts for it after it had been put off, be it untried; with those of a backup.
    pub repeated: u32,
    /// From when it was to be sent until it was in a mailbox; none where it is not.
    pub delivered_s: Option<f64>,
}

/// Something that was done to a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Struck {
    /// The fault of the scenario.
    pub fault: String,
    /// The node.
    pub node: String,
    /// When it was done; none where the run was over before.
    pub at_s: Option<f64>,
    /// When it was undone.
    pub until_s: Option<f64>,
    /// Core time that the servers of the node took to start again, until they answered; none where they did not have to.
    pub start_cpu_s: Option<f64>,
}

impl Struck {
    /// Something that is yet to come.
    #[must_use]
    pub fn new(fault: &str, node: &str) -> Struck {
        Struck { fault: fault.to_owned(), node: node.to_owned(), at_s: None, until_s: None, start_cpu_s: None }
    }
}

/// A node that the switch holds to be down, or up again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// When the switch said so.
    pub at_s: f64,
    /// For which service.
    pub service: String,
    /// Which node.
    pub node: String,
    /// Whether it is up.
    pub is_up: bool,
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
