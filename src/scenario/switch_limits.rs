//! What the box can bear that the switch is: one for all services behind it.

use super::Scenario;
use crate::units::{Bandwidth, Rate, Time};

/// The limits of the switch; none = it bears any number.
///
/// Assumptions: work between nodes (inner calls, the mail store) does not go through it, as it has a network of its own; its
/// checks cost nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SwitchLimits {
    /// New connections per second: each takes one over this of the box, and they wait in order.
    pub connection_rate: Option<Rate>,
    /// Connections at one time, those that stand open and those that wait for the box among them; a further one is refused.
    pub connections: Option<u32>,
    /// Bytes both ways together; transfers share it equally.
    pub throughput: Option<Bandwidth>,
    /// What it adds to each round trip of a client.
    pub latency: Time,
}

impl Scenario {
    /// The limits that the sessions of a service meet; none without a switch before it.
    #[must_use]
    pub fn switch_before(&self, service: usize) -> Option<&SwitchLimits> {
        self.cluster.is_behind_switch(service).then_some(&self.switch)
    }
}
