//! A cluster as a value: which nodes there are, what each of them serves, and who holds the mail store.

use super::dns::RoundRobinDns;
use super::file::{Configuration, Role};
use super::hardware::Tier;
use super::route::Route;
use super::switch_check::Check;
use std::net::Ipv4Addr;
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
    /// Whether a switch sends sessions there only when no other node of the service is up.
    pub backup: bool,
    /// The place where it stands, if that has a name.
    pub site: Option<String>,
    /// The address that DNS has for it, if it is not the default.
    pub address: Option<Ipv4Addr>,
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
            Role::NameServer => "name-server",
        }
    }
}

impl Node {
    /// A node that runs every service of its role; the store is on it if it is a data server.
    #[must_use]
    pub fn new(name: String, role: Role, tier: &Arc<Tier>) -> Node {
        let holds_store = role == Role::Data;
        let (services, weight, backup) = (None, 1, false);
        Node { name, role, tier: Arc::clone(tier), services, holds_store, weight, backup, site: None, address: None }
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
        let same_part = (self.role, self.holds_store, self.backup) == (other.role, other.holds_store, other.backup);
        same_tier && same_part && self.services == other.services
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

    /// How the sessions of a service find a node; none where nothing distributes sessions.
    #[must_use]
    pub fn route(&self, service: usize) -> Option<&Route> {
        self.routing.as_ref()?.get(service)
    }

    /// The checks by which switches look at a node, of each of its services.
    pub fn checks<'a>(&'a self, node: &'a Node) -> impl Iterator<Item = &'a Check> {
        let services = self.routing.iter().flatten().enumerate();
        let own = services.filter(|(service, _)| node.serves(*service));
        own.filter_map(|(_, route)| route.switch()?.check.as_ref())
    }

    /// Whether the sessions of a service come through a switch.
    #[must_use]
    pub fn is_behind_switch(&self, service: usize) -> bool {
        let route = self.route(service);
        let has_choice = || self.configuration.is_balanced() || self.servers(service).nth(1).is_some();
        matches!(route, Some(Route::Switch(_))) && has_choice()
    }

    /// The zone by whose answers the sessions of a service find one of several nodes.
    #[must_use]
    pub fn zone(&self, service: usize) -> Option<&RoundRobinDns> {
        let Some(Route::RoundRobinDns(zone)) = self.route(service) else { return None };
        self.servers(service).nth(1).map(|_| zone)
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

    /// The address of a node: its own, or one of those set aside for documentation (RFC 5737) by its place.
    #[must_use]
    pub fn address(&self, node: usize) -> Ipv4Addr {
        const DOCUMENTATION: u32 = u32::from_be_bytes([192, 0, 2, 1]);
        self.nodes[node].address.unwrap_or(Ipv4Addr::from_bits(DOCUMENTATION + node as u32))
    }

    /// The last primary without which everything is still served: neither the store nor the only node of a service. One
    /// that works before one that is there for when no other is.
    #[must_use]
    pub fn expendable(&self) -> Option<usize> {
        let can_go = |index: &usize| !self.nodes[*index].holds_store && !self.is_alone(*index);
        let works = |index: &usize| !self.nodes[*index].backup;
        (0..self.primaries()).rev().filter(can_go).find(works).or_else(|| (0..self.primaries()).rev().find(can_go))
    }

    /// The nodes that get sessions of a service while all are up: those that are no backups, or else the first backup or
    /// all of them.
    #[must_use]
    pub fn workers(&self, service: usize) -> Vec<usize> {
        let normal: Vec<usize> = self.servers(service).filter(|index| !self.nodes[*index].backup).collect();
        if !normal.is_empty() {
            return normal;
        }
        let route = self.route(service);
        let all = matches!(route, Some(Route::Switch(switch)) if switch.all_backups);
        self.servers(service).take(if all { usize::MAX } else { 1 }).collect()
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
        for role in [Role::Filter, Role::NameServer] {
            let nodes: Vec<usize> = self.of_role(role).collect();
            if let [alone] = nodes[..] {
                points.push(&self.nodes[alone].name);
            }
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
