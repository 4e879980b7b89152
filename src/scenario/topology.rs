//! A cluster as a value: which nodes there are, what each of them serves, and who holds the mail store.

use super::file::{Configuration, Role};
use super::hardware::Tier;
use super::route::Route;
use std::sync::Arc;

/// One machine of the cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Stable name: the table's name, with `-1 … -n` when there is a `count`.
    pub name: String,
    /// What it is there for.
    pub role: Role,
    /// What it is.
    pub tier: Arc<Tier>,
    /// Indices of the services that a primary runs; none = all of them.
    pub services: Option<Vec<usize>>,
    /// Whether the mail store is on it; one node of a cluster has it.
    pub holds_store: bool,
    /// What a weighted switch gives it in proportion to.
    pub weight: u32,
    /// The place where it stands, if that has a name.
    pub site: Option<String>,
}

/// A cluster: its configuration, its machines, and how sessions find one.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Which of the white paper's configurations.
    pub configuration: Configuration,
    /// The primaries first, then the data server, if there is one, then the backup, then the database.
    pub nodes: Vec<Node>,
    /// For each service, how its sessions find a node; none where there is nothing to choose.
    pub routing: Option<Vec<Route>>,
}

impl Role {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Role::Primary => "primary",
            Role::Data => "data",
            Role::Backup => "backup",
            Role::Filter => "filter",
            Role::Database => "database",
        }
    }
}

impl Node {
    /// A node that runs every service of its role; the store is on it if it is a data server.
    #[must_use]
    pub fn new(name: String, role: Role, tier: &Arc<Tier>) -> Node {
        let holds_store = role == Role::Data;
        Node { name, role, tier: Arc::clone(tier), services: None, holds_store, weight: 1, site: None }
    }

    /// Whether it takes sessions of the service.
    #[must_use]
    pub fn serves(&self, service: usize) -> bool {
        self.role == Role::Primary && self.services.as_ref().is_none_or(|services| services.contains(&service))
    }

    /// Whether it is the same but for its name, and so carries the same load.
    #[must_use]
    pub fn is_like(&self, other: &Node) -> bool {
        self.weight == other.weight && self.works_like(other)
    }

    /// The same whatever the weight.
    #[must_use]
    pub(super) fn works_like(&self, other: &Node) -> bool {
        let same_tier = Arc::ptr_eq(&self.tier, &other.tier) || self.tier == other.tier;
        same_tier && (self.role, self.holds_store) == (other.role, other.holds_store) && self.services == other.services
    }
}

impl Cluster {
    /// A cluster of `count` equal primaries and, where the configuration has one, a data server.
    #[must_use]
    pub fn of(
        configuration: Configuration,
        tier: &Arc<Tier>,
        count: u32,
        data: Option<&Arc<Tier>>,
        routing: Option<Vec<Route>>,
    ) -> Cluster {
        let primaries = numbered("primary", count).into_iter().map(|name| Node::new(name, Role::Primary, tier));
        let data = data.map(|tier| Node::new("data".to_owned(), Role::Data, tier));
        let mut nodes: Vec<Node> = primaries.chain(data).collect();
        if let Some(first) = nodes.first_mut().filter(|_| !configuration.has_data_server()) {
            first.holds_store = true;
        }
        Cluster { configuration, nodes, routing }
    }

    /// How many nodes serve sessions; they come first in [`Cluster::nodes`].
    #[must_use]
    pub fn primaries(&self) -> usize {
        self.nodes.iter().filter(|node| node.role == Role::Primary).count()
    }

    /// The nodes that take sessions of a service, in their order.
    pub fn servers(&self, service: usize) -> impl Iterator<Item = usize> {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.serves(service)).map(|(index, _)| index)
    }

    /// The nodes of a role, in their order.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = usize> {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.role == role).map(|(index, _)| index)
    }

    /// The index of the node that holds the mail store.
    #[must_use]
    pub fn store(&self) -> usize {
        self.nodes.iter().position(|node| node.holds_store).unwrap_or(0)
    }

    /// The index of the data server, if the mail store is on one.
    #[must_use]
    pub fn data_server(&self) -> Option<usize> {
        self.nodes.iter().position(|node| node.role == Role::Data)
    }

    /// The index of the node that answers lookups when the directory is a database: the one that is there for it, else the
    /// one that holds the mail store.
    #[must_use]
    pub fn database(&self) -> usize {
        self.nodes.iter().position(|node| node.role == Role::Database).unwrap_or_else(|| self.store())
    }

    /// The backup, if there is one.
    #[must_use]
    pub fn backup(&self) -> Option<&Node> {
        self.nodes.iter().find(|node| node.role == Role::Backup)
    }

    /// Whether some primary reaches the mail store over the network.
    #[must_use]
    pub fn shares_store(&self) -> bool {
        self.nodes.iter().any(|node| node.role == Role::Primary && !node.holds_store)
    }

    /// The last primary without which everything is still served: neither the store nor the only node of a service.
    #[must_use]
    pub fn expendable(&self) -> Option<usize> {
        (0..self.primaries()).rev().find(|index| !self.nodes[*index].holds_store && !self.is_alone(*index))
    }

    /// The same cluster without [`Cluster::expendable`]: what is left when one node is down.
    #[must_use]
    pub fn one_primary_down(&self) -> Option<Cluster> {
        let mut left = self.clone();
        left.nodes.remove(self.expendable()?);
        Some(left)
    }

    /// Whether a primary is the only node of one of its services.
    fn is_alone(&self, index: usize) -> bool {
        let others = || self.nodes[..index].iter().chain(&self.nodes[index + 1..]);
        match &self.nodes[index].services {
            None => !others().any(|node| node.role == Role::Primary),
            Some(services) => services.iter().any(|service| !others().any(|node| node.serves(*service))),
        }
    }

    /// Nodes without which nothing works, or a service does not.
    #[must_use]
    pub fn single_points_of_failure(&self) -> Vec<&str> {
        let is_needed = |(index, node): &(usize, &Node)| {
            let serves_alone = node.role == Role::Primary && self.is_alone(*index);
            node.holds_store || node.role == Role::Database || serves_alone
        };
        let needed = self.nodes.iter().enumerate().filter(is_needed);
        let mut points: Vec<&str> = needed.map(|(_, node)| node.name.as_str()).collect();
        let filters: Vec<usize> = self.of_role(Role::Filter).collect();
        if let [alone] = filters[..] {
            points.push(&self.nodes[alone].name);
        }
        if self.has_switch() {
            points.push("switch");
        }
        points
    }
}

/// `name`, or `name-1 … name-n`.
#[must_use]
pub fn numbered(name: &str, count: u32) -> Vec<String> {
    if count == 1 {
        return vec![name.to_owned()];
    }
    (1..=count).map(|i| format!("{name}-{i}")).collect()
}
