//! How the sessions of a service find a node.

use super::ClientGroup;
use super::dns::RoundRobinDns;
use super::file::Algorithm;
use super::switch::Switch;
use super::topology::{Cluster, Node};

/// How the sessions of a service find a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Route {
    /// Behind a load-balancing switch.
    Switch(Switch),
    /// By the addresses that a name has.
    RoundRobinDns(RoundRobinDns),
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

    /// The name of what stands before the nodes, as written in a scenario.
    #[must_use]
    pub fn balancer(&self) -> &'static str {
        match self {
            Route::Switch(_) => "switch",
            Route::RoundRobinDns(_) => "round-robin-dns",
        }
    }

    /// The name of the way that it chooses, as written in a scenario.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Route::Switch(switch) => switch.algorithm.name(),
            Route::RoundRobinDns(dns) => dns.rotation.name(),
        }
    }

    /// Whether there is a switch in it, be it before the nodes of one address.
    #[must_use]
    pub fn has_switch(&self) -> bool {
        self.switch().is_some()
    }

    /// The switch in it, or each of the equal ones behind several addresses.
    #[must_use]
    pub fn switch(&self) -> Option<&Switch> {
        match self {
            Route::Switch(switch) => Some(switch),
            Route::RoundRobinDns(dns) => dns.within.as_ref().and_then(|within| within.route.switch()),
        }
    }

    /// Whether it wants to know from which address somebody comes.
    #[must_use]
    pub fn reads_addresses(&self) -> bool {
        let hashes = |switch: &Switch| {
            matches!(switch.algorithm, Algorithm::SourceHash | Algorithm::ConsistentHash)
                || switch.persistence.is_some()
        };
        matches!(self, Route::RoundRobinDns(_)) || self.switch().is_some_and(hashes)
    }

    /// Whether it wants to know for which domain somebody comes.
    #[must_use]
    pub fn reads_domains(&self) -> bool {
        self.switch().is_some_and(|switch| switch.algorithm == Algorithm::Content)
    }

    /// What the parts of a service's nodes are in proportion to, and whether exactly.
    ///
    /// Whoever looks at connections gives equal nodes equal parts. Unequal ones get parts that depend on the load: the
    /// same when there is little or when connections wait for their clients most of the time, and what their processors
    /// can do when there is much work: the latter is taken, since a switch that sends work where the fewest wait falls
    /// behind only when all nodes together do. How hashes and remembered addresses fall is chance.
    ///
    /// Addresses get equal parts. That is exact where each session gets any of them; where many sessions follow one answer,
    /// or a client stays with an address, it is so on average over all that could have been drawn.
    #[must_use]
    pub fn parts(&self, cluster: &Cluster, service: usize, groups: &[ClientGroup]) -> (Parts, bool) {
        let switch = match self {
            Route::Switch(switch) => switch,
            Route::RoundRobinDns(dns) => {
                let spread = groups.iter().filter_map(|group| group.resolvers).all(|own| own.spreads(dns));
                let Some(within) = &dns.within else { return (Parts::Equal, spread) };
                let (parts, exact) = within.route.parts(cluster, service, groups);
                let even = cluster.servers(service).count().is_multiple_of(within.clusters as usize);
                return (parts, exact && spread && even && parts == Parts::Equal);
            }
        };
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
