//! At which nodes the work of sessions is done.

use crate::scenario::{Cluster, Node, Operation, Parts, Role, Scenario};

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

/// How the sessions of each service are shared out; counted once for a cluster.
pub(super) struct Crowd {
    parts: Vec<Parts>,
    /// By service, of what the parts are in proportion to: all nodes together.
    total: Vec<f64>,
    filters: f64,
    /// By service and service: the same of the nodes that run the first and not the second.
    lacking: Vec<Vec<f64>>,
    /// By service, the backups that work because nobody else runs it.
    called: Vec<Vec<String>>,
    /// Whether the parts of every service are known exactly.
    exact: bool,
}

impl Crowd {
    pub(super) fn of(scenario: &Scenario) -> Crowd {
        let (cluster, services) = (&scenario.cluster, scenario.services.len());
        let routes = |service: usize| cluster.route(service);
        let has_choice = |service: usize| cluster.servers(service).nth(1).is_some();
        let of = |service: usize| match routes(service).filter(|_| has_choice(service)) {
            Some(route) => route.parts(cluster, service, &scenario.groups),
            None => (Parts::Equal, true),
        };
        let (parts, exact): (Vec<Parts>, Vec<bool>) = (0..services).map(of).unzip();
        let amount = |service: usize, node: &usize| parts[service].of(&cluster.nodes[*node]);
        let lacking = |first: usize, second: usize| {
            let workers = cluster.workers(first);
            let nodes = workers.iter().filter(|node| !cluster.nodes[**node].serves(second));
            nodes.map(|node| amount(first, node)).sum()
        };
        let total = |service: usize| cluster.workers(service).iter().map(|node| amount(service, node)).sum();
        let called = |service: usize| {
            let workers = cluster.workers(service);
            let backups = workers.iter().map(|node| &cluster.nodes[*node]).filter(|node| node.backup);
            backups.map(|node| node.name.clone()).collect()
        };
        Crowd {
            total: (0..services).map(total).collect(),
            filters: cluster.of_role(Role::Filter).count() as f64,
            lacking: (0..services).map(|first| (0..services).map(|second| lacking(first, second)).collect()).collect(),
            called: (0..services).map(called).collect(),
            exact: exact.into_iter().all(|exact| exact),
            parts,
        }
    }

    /// What a node has of what the parts of a service are in proportion to.
    fn amount(&self, service: usize, node: &Node) -> f64 {
        let works = node.serves(service) && (!node.backup || self.called[service].contains(&node.name));
        if works { self.parts[service].of(node) } else { 0.0 }
    }

    /// The part of a service's sessions that comes to a node.
    pub(super) fn part(&self, node: &Node, service: usize) -> f64 {
        self.amount(service, node) / self.total[service]
    }

    /// Whether two nodes that are otherwise the same get the same parts.
    pub(super) fn are_alike(&self, a: &Node, b: &Node) -> bool {
        self.parts.iter().all(|parts| !matches!(parts, Parts::Each(_)) || parts.of(a) == parts.of(b))
    }

    /// Whether the sessions that come to a node are as computed on average. What the data server, filters and a database
    /// have to do does not depend on the way that sessions are shared out.
    pub(super) fn is_exact(&self, node: &Node) -> bool {
        self.exact || node.role != Role::Primary
    }

    /// The chance that two connections of a service come to the same node, when neither has to do with the other.
    pub(super) fn chance_of_the_same(&self, cluster: &Cluster, service: usize) -> f64 {
        let part = |node: usize| self.part(&cluster.nodes[node], service);
        cluster.servers(service).map(|node| part(node) * part(node)).sum()
    }

    /// Where an operation is done that belongs to sessions of a service. Calls are shared out as the sessions of the called
    /// service are; who runs the other service itself calls nobody.
    pub(super) fn spread(&self, node: &Node, sessions_of: usize, operation: &Operation) -> Spread {
        let callers = self.total[sessions_of];
        let calls = self.part(node, sessions_of);
        if operation.at_filter_tier {
            let here = if node.role == Role::Filter { 1.0 / self.filters } else { 0.0 };
            return Spread { here, for_others: here, elsewhere: calls };
        }
        if !node.serves(operation.service) {
            return Spread { here: 0.0, for_others: 0.0, elsewhere: calls };
        }
        let (called, lacking) = (operation.service, self.lacking[sessions_of][operation.service]);
        let for_others = lacking / callers * self.amount(called, node) / self.total[called];
        Spread { here: calls + for_others, for_others, elsewhere: 0.0 }
    }
}
