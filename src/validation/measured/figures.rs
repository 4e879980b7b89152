//! What a run on real servers came to: figures by the names that a simulation's summary has for them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run of the lab, summed up. Sessions count that were to begin in the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Whether the run may be compared with anything.
    pub usable: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unusable_because: Vec<String>,
    /// The services that were visited, by name.
    pub services: BTreeMap<String, MeasuredService>,
    /// The hosts, by name.
    pub nodes: BTreeMap<String, MeasuredNode>,
    /// The faults of the script, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub failures: BTreeMap<String, MeasuredFailure>,
    /// Mail that a server elsewhere sent, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<MeasuredOutside>,
    /// A host that did the same as in every run of the campaign, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<MeasuredWitness>,
    /// All mail of the run, warm-up included.
    pub mail: Custody,
    /// Core time of the load for each session, in seconds.
    pub load_cpu_s: f64,
    /// Cores that the rest of the machine used in the window.
    pub others_cores: f64,
    /// By how much sessions began late: 99 % of them by less.
    pub lag_p99_s: f64,
    /// Time that building took.
    pub set_up_s: f64,
    /// Time from the last session until the queues were empty.
    pub drained_s: f64,
    /// Time that clearing up took.
    pub tear_down_s: f64,
}

/// A service as its clients saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasuredService {
    /// Sessions that came.
    pub offered: u64,
    /// Those that got through.
    pub served: u64,
    /// Those that were turned away.
    pub refused: u64,
    /// Those that gave up.
    pub timed_out: u64,
    /// Those that broke.
    pub lost: u64,
    /// Served sessions over the window.
    pub throughput_per_s: f64,
    /// From the intended start to the last answer.
    pub response_s: MeasuredTimes,
    /// The parts of it: until the greeting, until the client is let in, until the last message.
    pub connect_s: MeasuredTimes,
    /// The second part.
    pub open_s: MeasuredTimes,
    /// The third part.
    pub work_s: MeasuredTimes,
    /// Messages that were taken or given.
    pub messages: u64,
    /// Share of the served sessions at each node, by its name.
    pub share_ratio: BTreeMap<String, f64>,
    /// Sessions at the node that got most, over those at a node on average; none where there is one node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_over_mean: Option<f64>,
    /// The same in the intervals of the scenario's `share_interval`, on average over those in which sessions came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_max_over_mean: Option<f64>,
}

/// Mail from outside as its sender and its readers saw it: copies that were to be sent in the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasuredOutside {
    /// Copies that were taken.
    pub copies: u64,
    /// From when its server had a copy until it was taken.
    pub accept_s: MeasuredTimes,
    /// From when it was to be sent until it was in a mailbox.
    pub delivered_s: MeasuredTimes,
    /// Attempts for copies that had been put off before, be it untried.
    pub repeated: u64,
    /// Share of the copies that each host took, by its name.
    pub taken_ratio: BTreeMap<String, f64>,
}

/// Times of served sessions; none where there was none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MeasuredTimes {
    /// The mean. A single run has no interval: what follows on each other in it hangs together.
    pub mean: Option<f64>,
    /// The median.
    pub p50: Option<f64>,
    /// 95 % took no longer.
    pub p95: Option<f64>,
    /// 99 % took no longer.
    pub p99: Option<f64>,
}

/// What became of a fault of the script. Times are seconds after the beginning of the window; none where it did not come to
/// that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct MeasuredFailure {
    /// When it began.
    pub at_s: Option<f64>,
    /// When the switch first held a service of the node to be down.
    pub detected_s: Option<f64>,
    /// When it held the last of them to be down.
    pub removed_s: Option<f64>,
    /// When the node worked again.
    pub repaired_s: Option<f64>,
    /// When the switch held the last of its services to be up again.
    pub recovered_s: Option<f64>,
    /// Core time that its servers took to start again, where they did.
    pub start_cpu_s: Option<f64>,
}

impl MeasuredFailure {
    /// From the end of the fault until the switch sent sessions to all services of the node again, in seconds.
    #[must_use]
    pub fn recovery_s(&self) -> Option<f64> {
        Some(self.recovered_s? - self.repaired_s?)
    }
}

/// What a host did in the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasuredNode {
    /// Cores that it may use.
    pub capacity_cores: f64,
    /// Core time over capacity in the window, without that in which servers started again.
    pub cpu_ratio: f64,
    /// Share of the window in which its budget held it back.
    pub throttled_ratio: f64,
    /// Core time from the first session until the last mail was delivered, in seconds.
    pub cpu_s: f64,
    /// The part of it that each program took that stayed through the whole run, in seconds; processes that come and go with
    /// the sessions are what is missing.
    pub programs_s: BTreeMap<String, f64>,
    /// What it did for that, by service; nothing where others did it, as of a switch.
    #[serde(default)]
    pub work: BTreeMap<String, Work>,
}

/// Work of a whole run, warm-up included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Sessions that were served.
    pub sessions: u64,
    /// Messages that they took or gave.
    pub messages: u64,
    /// Copies of them that were to be delivered: a message for each recipient.
    pub copies: u64,
    /// Bytes of the messages.
    pub bytes: u64,
}

/// What the same work cost in this run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MeasuredWitness {
    /// Sessions of the witness that were served.
    pub sessions: u64,
    /// Core time of each, in seconds.
    pub cpu_s: f64,
}

/// Whether all mail that was taken is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custody {
    /// Copies that servers have taken: a message for each recipient.
    pub accepted: u64,
    /// Those of them that are in a mailbox.
    pub stored: u64,
    /// Those that are in it more than once, beyond the first.
    pub duplicated: u64,
    /// Those that nobody has taken, or of which nobody knows: a session that broke may have left one.
    pub unexpected: u64,
    /// Names of some that are missing.
    pub missing: Vec<String>,
}
