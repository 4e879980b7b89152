//! At which nodes the work of sessions is done.

use crate::scenario::{Cluster, Node, Operation, Role};

/// The part of an operation's executions that concerns one node, each 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Spread {
    /// Done there.
    pub(super) here: f64,
    /// Of these, the ones for sessions at other nodes.
    pub(super) for_others: f64,
    /// For sessions at this node, done at others.
    pub(super) elsewhere: f64,
}

/// How many nodes there are of each kind; counted once for a cluster.
pub(super) struct Crowd {
    servers: Vec<f64>,
    filters: f64,
    /// By service and service: the nodes that run the first and not the second.
    lacking: Vec<Vec<f64>>,
}

impl Crowd {
    pub(super) fn of(cluster: &Cluster, services: usize) -> Crowd {
        let lacking = |first: usize, second: usize| {
            cluster.servers(first).filter(|node| !cluster.nodes[*node].serves(second)).count() as f64
        };
        Crowd {
            servers: (0..services).map(|service| cluster.servers(service).count() as f64).collect(),
            filters: cluster.of_role(Role::Filter).count() as f64,
            lacking: (0..services).map(|first| (0..services).map(|second| lacking(first, second)).collect()).collect(),
        }
    }

    /// Where an operation is done that belongs to sessions of a service. The nodes of a service get equal numbers of its
    /// sessions and calls, as both algorithms of the switch give them; who runs the other service itself calls nobody.
    pub(super) fn spread(&self, node: &Node, sessions_of: usize, operation: &Operation) -> Spread {
        let callers = self.servers[sessions_of];
        let calls = if node.serves(sessions_of) { 1.0 / callers } else { 0.0 };
        if operation.at_filter_tier {
            let here = if node.role == Role::Filter { 1.0 / self.filters } else { 0.0 };
            return Spread { here, for_others: here, elsewhere: calls };
        }
        if !node.serves(operation.service) {
            return Spread { here: 0.0, for_others: 0.0, elsewhere: calls };
        }
        let lacking = self.lacking[sessions_of][operation.service];
        let for_others = lacking / callers / self.servers[operation.service];
        Spread { here: calls + for_others, for_others, elsewhere: 0.0 }
    }
}
