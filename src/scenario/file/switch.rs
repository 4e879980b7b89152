//! Load-balancing switches, as written.

use super::Within;
use super::switch_check::Check;
use crate::units::Time;
use serde::Deserialize;
use toml::Spanned;

/// A load-balancing switch.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// How it chooses.
    pub algorithm: Algorithm,
    /// Whether `random-two-choices` may draw the same node twice; default no.
    pub replacement: Option<Spanned<bool>>,
    /// Whether who comes again goes to the node of the last time; default no.
    pub persistence: Option<Persistence>,
    /// What it chooses among, if not among the nodes themselves.
    pub within: Option<Within>,
    /// Whether all backups take over together when nobody else is up; default no: the first of them that is up does.
    pub all_backups: Option<Spanned<bool>>,
    /// Whether nodes say how busy they are; default no. For `weighted-round-robin`, `weighted-least-connections` and
    /// `consistent-hash`.
    pub agent: Option<Spanned<Agent>>,
    /// How it finds out whether a node is up; default it never does.
    pub check: Option<Check>,
    /// For how long a node that was found down and is up again gets fewer sessions than its weight: from none to all of them
    /// in proportion to the time, 1 s to 1 hour; default no time. For the algorithms that `agent` is for.
    pub slow_start: Option<Spanned<Time>>,
    /// How often it tries again to connect to a node, at most 100. Without this key and the next but one it passes packets
    /// on, and clients see for themselves; default 0.
    pub retries: Option<Spanned<u32>>,
    /// Whether these go to another node, of sessions that neither a hash nor persistence binds to theirs; of the others the
    /// last one does (HAProxy's `option redispatch`). Default no.
    pub redispatch: Option<Spanned<bool>>,
    /// How long it waits for a connection, 1 ms to 10 minutes; default 5 s.
    pub connect_timeout: Option<Spanned<Time>>,
}

/// Nodes say how busy they are, and count for their weight times the idle part of their processors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// How often, 100 ms to 1 hour; default 2 s.
    pub interval: Option<Spanned<Time>>,
}

/// Who comes again goes to the node of the last time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Persistence {
    /// Leading bits of the source address that tell who comes, 8 to 32; default 32, each address by itself.
    pub mask: Option<Spanned<u32>>,
    /// How long the switch remembers after the last connection began, above zero; default 6 minutes.
    pub timeout: Option<Spanned<Time>>,
}

/// How a switch chooses. Where equals are left, the tie is broken as by the product that is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// Each primary in turn, for each service.
    RoundRobin,
    /// Each primary with the same probability.
    Random,
    /// Each primary in turn, those of greater weight more often and evenly between the others (nginx).
    WeightedRoundRobin,
    /// The one with the fewest connections; of equals the one that has had so few for longest (HAProxy).
    LeastConnections,
    /// The one with the fewest connections for its weight, an idle one before any other (HAProxy).
    WeightedLeastConnections,
    /// Of two drawn at random the one with fewer connections; of equals the one drawn first (Envoy).
    RandomTwoChoices,
    /// A hash of the source address over a map of all primaries by weight: most clients move when a primary goes or comes
    /// (HAProxy's `source` with `hash-type map-based`).
    SourceHash,
    /// A hash of the source address on a ring: only the clients of the primary that goes move (HAProxy's `hash-type
    /// consistent`).
    ConsistentHash,
    /// The one that the session's domain has been given to: domains are dealt out in turn, the largest first.
    Content,
    /// The one with the least response time times connections, of late (Finagle's EWMA).
    LeastResponseTime,
}
