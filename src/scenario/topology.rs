//! The configurations of the white paper as values: which nodes there are, and who holds the mail store.

use super::file::{Algorithm, Configuration, Role};
use super::hardware::Tier;
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
}

/// A cluster: its configuration, its machines, and how sessions find one.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Which of the white paper's configurations.
    pub configuration: Configuration,
    /// The primaries first, then the data server, if there is one.
    pub nodes: Vec<Node>,
    /// For each service, how the switch chooses; none where there is nothing to choose.
    pub routing: Option<Vec<Algorithm>>,
}

impl Configuration {
    /// All that are built, simplest first.
    pub const ALL: [Configuration; 2] = [Configuration::StandAlone, Configuration::MultiplePrimaries];

    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Configuration::StandAlone => "stand-alone",
            Configuration::MultiplePrimaries => "multiple-primaries",
        }
    }

    /// The number that the white paper gives it.
    #[must_use]
    pub fn number(self) -> u32 {
        match self {
            Configuration::StandAlone => 1,
            Configuration::MultiplePrimaries => 5,
        }
    }

    /// Whether several primaries share the load.
    #[must_use]
    pub fn is_balanced(self) -> bool {
        match self {
            Configuration::StandAlone => false,
            Configuration::MultiplePrimaries => true,
        }
    }

    /// Whether the mail store is on a data server.
    #[must_use]
    pub fn has_data_server(self) -> bool {
        match self {
            Configuration::StandAlone => false,
            Configuration::MultiplePrimaries => true,
        }
    }
}

impl Role {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Role::Primary => "primary",
            Role::Data => "data",
        }
    }
}

impl Algorithm {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::RoundRobin => "round-robin",
            Algorithm::Random => "random",
        }
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
        routing: Option<Vec<Algorithm>>,
    ) -> Cluster {
        let primaries = numbered("primary", count).into_iter().map(|name| Node {
            name,
            role: Role::Primary,
            tier: Arc::clone(tier),
        });
        let data = data.map(|tier| Node { name: "data".to_owned(), role: Role::Data, tier: Arc::clone(tier) });
        Cluster { configuration, nodes: primaries.chain(data).collect(), routing }
    }

    /// How many nodes serve sessions; they come first in [`Cluster::nodes`].
    #[must_use]
    pub fn primaries(&self) -> usize {
        self.nodes.iter().filter(|node| node.role == Role::Primary).count()
    }

    /// The index of the data server, if the mail store is on one.
    #[must_use]
    pub fn data_server(&self) -> Option<usize> {
        self.nodes.iter().position(|node| node.role == Role::Data)
    }

    /// The same cluster without its last primary: what is left when one node is down.
    #[must_use]
    pub fn one_primary_down(&self) -> Option<Cluster> {
        let last = self.primaries().checked_sub(1).filter(|left| *left > 0)?;
        let mut left = self.clone();
        left.nodes.remove(last);
        Some(left)
    }

    /// Nodes without which nothing works.
    #[must_use]
    pub fn single_points_of_failure(&self) -> Vec<&str> {
        let alone = self.primaries() == 1;
        let mut points: Vec<&str> =
            self.nodes.iter().filter(|node| node.role == Role::Data || alone).map(|node| node.name.as_str()).collect();
        if self.routing.is_some() {
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
