//! Load-balancing switches.

use super::file::Algorithm;
use super::switch_check::{Check, Proxy};
use super::within::Within;
use crate::units::Time;

/// How a load-balancing switch distributes the sessions of a service.
#[derive(Debug, Clone, PartialEq)]
pub struct Switch {
    /// How it chooses.
    pub algorithm: Algorithm,
    /// Whether two draws may give the same node.
    pub replacement: bool,
    /// Whether who comes again goes to the node of the last time.
    pub persistence: Option<Persistence>,
    /// The clusters that it chooses among, if not among nodes.
    pub within: Option<Within>,
    /// Whether all backups take over together when nobody else is up, and not only the first of them.
    pub all_backups: bool,
    /// Whether nodes say how busy they are.
    pub agent: Option<Agent>,
    /// How it finds out whether a node is up; none = never.
    pub check: Option<Check>,
    /// For how long a node that was found down gets fewer sessions than its weight.
    pub slow_start: Option<Time>,
    /// What it does about nodes that do not answer, if it connects to them itself.
    pub proxy: Option<Proxy>,
}

impl Switch {
    /// A switch that knows and does nothing beyond its algorithm.
    #[must_use]
    pub const fn new(algorithm: Algorithm) -> Switch {
        Switch {
            algorithm,
            replacement: false,
            persistence: None,
            within: None,
            all_backups: false,
            agent: None,
            check: None,
            slow_start: None,
            proxy: None,
        }
    }

    /// Whether what the weights of nodes count for changes as time goes by.
    #[must_use]
    pub fn changes_weights(&self) -> bool {
        self.agent.is_some() || self.slow_start.is_some()
    }
}

/// Nodes say how busy they are, and the switch gives each of them its weight times the idle part of its processors since
/// the last time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agent {
    /// How often.
    pub interval: Time,
}

/// Who comes again goes to the node of the last time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Persistence {
    /// Leading bits of the source address that tell who comes.
    pub mask: u32,
    /// How long the switch remembers after the last connection began.
    pub timeout: Time,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Algorithm; 10] = [
        Algorithm::RoundRobin,
        Algorithm::Random,
        Algorithm::WeightedRoundRobin,
        Algorithm::LeastConnections,
        Algorithm::WeightedLeastConnections,
        Algorithm::RandomTwoChoices,
        Algorithm::SourceHash,
        Algorithm::ConsistentHash,
        Algorithm::Content,
        Algorithm::LeastResponseTime,
    ];

    /// Whether it follows weights that change.
    #[must_use]
    pub fn follows_weights(self) -> bool {
        matches!(self, Algorithm::WeightedRoundRobin | Algorithm::WeightedLeastConnections | Algorithm::ConsistentHash)
    }

    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::RoundRobin => "round-robin",
            Algorithm::Random => "random",
            Algorithm::WeightedRoundRobin => "weighted-round-robin",
            Algorithm::LeastConnections => "least-connections",
            Algorithm::WeightedLeastConnections => "weighted-least-connections",
            Algorithm::RandomTwoChoices => "random-two-choices",
            Algorithm::SourceHash => "source-hash",
            Algorithm::ConsistentHash => "consistent-hash",
            Algorithm::LeastResponseTime => "least-response-time",
            Algorithm::Content => "content",
        }
    }

    /// Whether it depends on how many connections there are where.
    #[must_use]
    pub fn looks_at_connections(self) -> bool {
        use Algorithm::{LeastConnections, LeastResponseTime, RandomTwoChoices, WeightedLeastConnections};
        matches!(self, LeastConnections | WeightedLeastConnections | RandomTwoChoices | LeastResponseTime)
    }
}
