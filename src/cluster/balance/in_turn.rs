//! Nodes of a role that the cluster itself turns to, one after the other.

use crate::scenario::{Cluster, Role};

/// The nodes of a role, in turn.
pub(in crate::cluster) struct InTurn {
    nodes: Vec<u32>,
    turn: usize,
}

impl InTurn {
    pub(in crate::cluster) fn new(cluster: &Cluster, role: Role) -> InTurn {
        InTurn { nodes: cluster.of_role(role).map(|node| node as u32).collect(), turn: 0 }
    }

    /// How many there are.
    pub(in crate::cluster) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// Whether this holds for any of them.
    pub(in crate::cluster) fn any(&self, holds: impl Fn(u32) -> bool) -> bool {
        self.nodes.iter().any(|node| holds(*node))
    }

    /// The next one. Only for a role that the cluster has.
    pub(in crate::cluster) fn next(&mut self) -> u32 {
        let node = self.nodes[self.turn];
        self.turn = (self.turn + 1) % self.nodes.len();
        node
    }
}
