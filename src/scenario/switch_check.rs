//! How a switch finds out about its nodes, and what it does when one does not answer.

pub use super::file::CheckKind;

use crate::units::Time;

/// How a switch finds out whether a node is up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Check {
    /// What has to answer.
    pub kind: CheckKind,
    /// How often: a switch counts from the end of a check, a monitor from its beginning.
    pub interval: Time,
    /// Failures in a row after which a node is held to be down.
    pub fall: u32,
    /// Successes in a row after which it is held to be up again.
    pub rise: u32,
    /// After which silence a check has failed.
    pub timeout: Time,
    /// Core time that a check takes at the node, on the reference core.
    pub cpu: Time,
    /// When the first check of every node is due; none = for each node at any time within the interval.
    pub phase: Option<Time>,
}

/// A switch that connects to the nodes itself, and does not only pass packets on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proxy {
    /// How often it tries again.
    pub retries: u32,
    /// Whether they go to another node where nothing binds to the first, and else the last of them.
    pub redispatch: bool,
    /// How long it waits for a connection.
    pub connect_timeout: Time,
}

impl CheckKind {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            CheckKind::Ping => "ping",
            CheckKind::Tcp => "tcp",
            CheckKind::Service => "service",
        }
    }
}
