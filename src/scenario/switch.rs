//! Load-balancing switches.

use super::file::Algorithm;
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
