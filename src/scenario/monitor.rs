//! The external monitor.

use super::Route;
use super::switch_check::Check;
use super::topology::Cluster;
use crate::units::Time;

/// A process outside the cluster that polls the services of its nodes and moves these in and out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Monitor {
    /// How it finds out about a service of a node: it asks the service itself.
    pub poll: Check,
    /// From a decision until its order is carried out.
    pub action_delay: Time,
}

impl Cluster {
    /// Whether there is another node for the sessions of a service when one is taken out.
    #[must_use]
    pub fn can_do_without(&self, service: usize) -> bool {
        self.route(service).is_some() && self.servers(service).nth(1).is_some()
    }

    /// Whether the monitor edits a zone for some node of a service: one that has an address for itself.
    #[must_use]
    pub fn has_zone_of_nodes(&self, service: usize) -> bool {
        let Some(Route::RoundRobinDns(zone)) = self.route(service) else { return false };
        let nodes: Vec<usize> = self.servers(service).collect();
        nodes.len() > 1 && zone.dealt(&nodes).iter().any(|behind| behind.len() == 1)
    }
}
