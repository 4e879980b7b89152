//! How the sessions of a service find a node.

use super::ClientGroup;
use super::dns::RoundRobinDns;
use super::file::{Affinity, Algorithm, Balancer};
use super::nlb::Nlb;
use super::switch::Switch;
use super::topology::{Cluster, Node};
use std::collections::BTreeMap;

/// How the sessions of a service find a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Route {
    /// Behind a load-balancing switch.
    Switch(Switch),
    /// By the addresses that a name has.
    RoundRobinDns(RoundRobinDns),
    /// By the nodes themselves: Network Load Balancing.
    Nlb(Nlb),
}

/// What the parts of the nodes of a service are in proportion to.
#[derive(Debug, Clone, PartialEq)]
pub enum Parts {
    /// Nothing: all get the same.
    Equal,
    /// Their weights.
    Weight,
    /// What their processors can do.
    Capacity,
    /// What each of them has, by name.
    Each(BTreeMap<String, f64>),
}

impl Balancer {
    /// All of them.
    pub const ALL: [Balancer; 3] = [Balancer::RoundRobinDns, Balancer::Switch, Balancer::Nlb];

    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Balancer::RoundRobinDns => "round-robin-dns",
            Balancer::Switch => "switch",
            Balancer::Nlb => "nlb",
        }
    }
}

impl Parts {
    /// What a node has of it.
    #[must_use]
    pub fn of(&self, node: &Node) -> f64 {
        match self {
            Parts::Equal => 1.0,
            Parts::Weight => f64::from(node.weight),
            Parts::Capacity => node.tier.cpu_capacity(),
            Parts::Each(parts) => parts.get(&node.name).copied().unwrap_or(0.0),
        }
    }
}

impl Route {
    /// A switch that takes turns.
    pub const IN_TURN: Route = Route::Switch(Switch::new(Algorithm::RoundRobin));

    /// The name of the way that it chooses, as written in a scenario.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Route::Switch(switch) => switch.algorithm.name(),
            Route::RoundRobinDns(dns) => dns.rotation.name(),
            Route::Nlb(_) => "nlb",
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
            Route::RoundRobinDns(_) => self.within()?.switch(),
            Route::Nlb(_) => None,
        }
    }

    /// The way within each cluster behind it.
    fn within(&self) -> Option<&Route> {
        match self {
            Route::Switch(switch) => Some(&switch.within.as_ref()?.route),
            Route::RoundRobinDns(dns) => Some(&dns.within.as_ref()?.route),
            Route::Nlb(_) => None,
        }
    }

    /// The port rule of the service, where its nodes balance by themselves, at once or behind something else.
    #[must_use]
    pub fn nlb(&self) -> Option<&Nlb> {
        match self {
            Route::Switch(_) | Route::RoundRobinDns(_) => self.within()?.nlb(),
            Route::Nlb(nlb) => Some(nlb),
        }
    }

    /// The same, to be changed.
    pub(super) fn nlb_mut(&mut self) -> Option<&mut Nlb> {
        match self {
            Route::Switch(switch) => switch.within.as_mut()?.route.nlb_mut(),
            Route::RoundRobinDns(dns) => dns.within.as_mut()?.route.nlb_mut(),
            Route::Nlb(nlb) => Some(nlb),
        }
    }

    /// The nodes of a service by clusters: all of them in one where it does not choose among several.
    #[must_use]
    pub fn groups(&self, nodes: Vec<usize>) -> Vec<Vec<usize>> {
        match self {
            Route::Switch(Switch { within: Some(within), .. })
            | Route::RoundRobinDns(RoundRobinDns { within: Some(within), .. }) => within.dealt(&nodes),
            Route::Switch(_) | Route::RoundRobinDns(_) | Route::Nlb(_) => vec![nodes],
        }
    }

    /// Whether it wants to know from which address somebody comes.
    #[must_use]
    pub fn reads_addresses(&self) -> bool {
        let hashes = |switch: &Switch| {
            matches!(switch.algorithm, Algorithm::SourceHash | Algorithm::ConsistentHash)
                || switch.persistence.is_some()
        };
        let is_hashed = matches!(self, Route::RoundRobinDns(_)) || self.nlb().is_some();
        is_hashed || self.switch().is_some_and(hashes)
    }

    /// Whether it wants to know from which port.
    #[must_use]
    pub fn reads_ports(&self) -> bool {
        self.nlb().is_some_and(|nlb| nlb.affinity == Affinity::None)
    }

    /// Whether it wants to know for which domain somebody comes.
    #[must_use]
    pub fn reads_domains(&self) -> bool {
        self.switch().is_some_and(|switch| switch.algorithm == Algorithm::Content)
    }

    /// What the parts of a service's nodes are in proportion to, and whether exactly.
    ///
    /// Addresses get equal parts. That is exact where each session gets any of them; where many sessions follow one answer,
    /// or a client stays with an address, it is so on average over all that could have been drawn.
    #[must_use]
    pub fn parts(&self, cluster: &Cluster, service: usize, groups: &[ClientGroup]) -> (Parts, bool) {
        let (outer, exact) = match self {
            Route::Switch(switch) => switch.parts(cluster, service),
            Route::RoundRobinDns(dns) => {
                let spread = groups.iter().filter_map(|group| group.resolvers).all(|own| own.spreads(dns));
                match dns.within.as_ref().and_then(|within| Some((within, within.route.switch()?))) {
                    None => (Parts::Equal, spread),
                    Some((within, switch)) => {
                        let (parts, exact) = switch.parts(cluster, service);
                        let even = cluster.servers(service).count().is_multiple_of(within.clusters as usize);
                        let exact = exact && spread && even && parts == Parts::Equal;
                        (parts, exact)
                    }
                }
            }
            Route::Nlb(_) => (Parts::Equal, true),
        };
        let Some(nlb) = self.nlb() else { return (outer, exact) };
        let mut each = BTreeMap::new();
        let groups = self.groups(cluster.servers(service).collect());
        let alike = groups.iter().all(|group| group.len() == groups[0].len());
        for group in &groups {
            let amount = match &outer {
                Parts::Equal => 1.0,
                parts => group.iter().map(|node| parts.of(&cluster.nodes[*node])).sum(),
            };
            for (node, part) in group.iter().zip(nlb.parts(cluster, group)) {
                each.insert(cluster.nodes[*node].name.clone(), amount * part);
            }
        }
        // Who looks at connections tells clusters of different sizes apart.
        let exact = exact && nlb.even && (alike || !self.looks_at_connections());
        (Parts::Each(each), exact)
    }

    fn looks_at_connections(&self) -> bool {
        matches!(self, Route::Switch(switch) if switch.algorithm.looks_at_connections())
    }
}

impl Switch {
    /// What the parts of what it chooses among are in proportion to, and whether exactly.
    ///
    /// Whoever looks at connections gives equal nodes equal parts. Unequal ones get parts that depend on the load: the
    /// same when there is little or when connections wait for their clients most of the time, and what their processors
    /// can do when there is much work: the latter is taken, since a switch that sends work where the fewest wait falls
    /// behind only when all nodes together do. How hashes and remembered addresses fall is chance. A cluster counts as its
    /// nodes together.
    fn parts(&self, cluster: &Cluster, service: usize) -> (Parts, bool) {
        let (parts, exact) = match self.algorithm {
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
        let parts = if self.agent.is_some() { Parts::Capacity } else { parts };
        (parts, exact && self.persistence.is_none() && self.agent.is_none())
    }
}

impl Cluster {
    /// The ways of the services that have a choice.
    fn routes(&self) -> impl Iterator<Item = &Route> {
        let balanced = self.configuration.is_balanced();
        let routes = self.routing.iter().flatten().enumerate();
        routes.filter(move |(service, _)| balanced || self.servers(*service).nth(1).is_some()).map(|(_, route)| route)
    }

    /// Whether a device stands between clients and nodes, be it behind the addresses of a name.
    #[must_use]
    pub fn has_switch(&self) -> bool {
        self.routes().any(Route::has_switch)
    }

    /// Whether nodes balance by themselves.
    #[must_use]
    pub fn has_nlb(&self) -> bool {
        self.routes().any(|route| route.nlb().is_some())
    }

    /// Whether a name with several addresses balances.
    #[must_use]
    pub fn has_dns(&self) -> bool {
        self.routes().any(|route| matches!(route, Route::RoundRobinDns(_)))
    }

    /// Whether the nodes that get sessions of a service are all alike, their weights among it where these count.
    fn serves_by_equals(&self, service: usize, with_weight: bool) -> bool {
        let workers = self.workers(service);
        let mut servers = workers.iter().map(|index| &self.nodes[*index]);
        let Some(first) = servers.next() else { return true };
        servers.all(|node| node.works_like(first) && (!with_weight || node.weight == first.weight))
    }
}
