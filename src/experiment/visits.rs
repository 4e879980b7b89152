//! The sessions of a replication, for those who send them to real servers.

pub use crate::cluster::{Visit, VisitMessage};

use crate::analytic::settling;
use crate::cluster;
use crate::scenario::Scenario;
use crate::units::Time;

/// Who comes in a replication, and when its window begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Visits {
    /// In the order in which they come, from the start of the warm-up on.
    pub visits: Vec<Visit>,
    /// The warm-up, as [`crate::experiment::simulate`] has it.
    pub warm_up: Time,
}

/// The very sessions that [`crate::experiment::simulate`] would meet.
#[must_use]
pub fn visits(scenario: &Scenario, replication: u64) -> Visits {
    let warm_up = settling(scenario).warm_up;
    Visits { visits: cluster::visits(scenario, replication, warm_up), warm_up }
}
