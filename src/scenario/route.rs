//! How the sessions of a service find a node.

use super::file::Algorithm;
use super::switch::Switch;
use super::topology::{Cluster, Node};

/// How the sessions of a service find a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Route {
    /// Behind a load-balancing switch.
    Switch(Switch),
}

/// What the parts of the nodes of a service are in proportion to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// Nothing: all get the same.
    Equal,
    /// Their weights.
    Weight,
    /// What their processors can do.
    Capacity,
}

impl Parts {
    /// What a node has of it.
    #[must_use]
    pub fn of(self, node: &Node) -> f64 {
        match self {
            Parts::Equal => 1.0,
            Parts::Weight => f64::from(node.weight),
            Parts::Capacity => node.tier.cpu_capacity(),
        }
    }
}

impl Route {
    /// A switch that takes turns.
    pub const IN_TURN: Route = Route::Switch(Switch::new(Algorithm::RoundRobin));

    /// The name of the way that it chooses, as written in a scenario.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let Route::Switch(switch) = self;
        switch.algorithm.name()
    }

    /// Whether it wants to know from which address somebody comes.
    #[must_use]
    pub fn reads_addresses(&self) -> bool {
        let Route::Switch(switch) = self;
        let hashes = matches!(switch.algorithm, Algorithm::SourceHash | Algorithm::ConsistentHash);
        hashes || switch.persistence.is_some()
    }

    /// Whether it wants to know for which domain somebody comes.
    #[must_use]
    pub fn reads_domains(&self) -> bool {
        let Route::Switch(switch) = self;
        switch.algorithm == Algorithm::Content
    }

    /// What the parts of a service's nodes are in proportion to, and whether exactly.
    ///
    /// Whoever looks at connections gives equal nodes equal parts. Unequal ones get parts that depend on the load: the
    /// same when there is little or when connections wait for their clients most of the time, and what their processors
    /// can do when there is much work: the latter is taken, since a switch that sends work where the fewest wait falls
    /// behind only when all nodes together do. How hashes and remembered addresses fall is chance.
    #[must_use]
    pub fn parts(&self, cluster: &Cluster, service: usize) -> (Parts, bool) {
        let Route::Switch(switch) = self;
        let (parts, exact) = match switch.algorithm {
            Algorithm::RoundRobin | Algorithm::Random => (Parts::Equal, true),
            Algorithm::WeightedRoundRobin => (Parts::Weight, true),
            Algorithm::LeastConnections | Algorithm::RandomTwoChoices | Algorithm::LeastResponseTime => {
                match cluster.serves_by_equals(service, false) {
                    true => (Parts::Equal, true),
                    false => (Parts::Capacity, false),
                }
            }
            Algorithm::WeightedLeastConnections => match cluster.serves_by_equals(service, true) {
                true => (Parts::Equal, true),
                false => (Parts::Capacity, false),
            },
            Algorithm::SourceHash | Algorithm::ConsistentHash => (Parts::Weight, false),
            // The node of the largest domain has more.
            Algorithm::Content => (Parts::Equal, false),
        };
        let parts = if switch.agent.is_some() { Parts::Capacity } else { parts };
        (parts, exact && switch.persistence.is_none() && switch.agent.is_none())
    }
}

impl Cluster {
    /// Whether the nodes that get sessions of a service are all alike, their weights among it where these count.
    fn serves_by_equals(&self, service: usize, with_weight: bool) -> bool {
        let workers = self.workers(service);
        let mut servers = workers.iter().map(|index| &self.nodes[*index]);
        let Some(first) = servers.next() else { return true };
        servers.all(|node| node.works_like(first) && (!with_weight || node.weight == first.weight))
    }
}
