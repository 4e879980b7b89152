//! How a switch finds out about its nodes, as written.

use crate::units::Time;
use serde::Deserialize;
use toml::Spanned;

/// How a switch finds out whether a node is up. Without it, it never does.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What has to answer; default `tcp`.
    pub kind: Option<CheckKind>,
    /// How long after the end of a check the next one begins, 100 ms to 1 hour; default 2 s. One that is answered takes no time.
    pub interval: Option<Spanned<Time>>,
    /// Failures in a row after which a node is held to be down, 1 to 100; default 3.
    pub fall: Option<Spanned<u32>>,
    /// Successes in a row after which it is held to be up again, 1 to 100; default 2.
    pub rise: Option<Spanned<u32>>,
    /// After which silence a check has failed, above zero and at most `interval`; default the interval.
    pub timeout: Option<Spanned<Time>>,
    /// Core time that a check takes at the node, on the reference core, less than `interval`; default none. A mail server that is
    /// asked for its greeting starts a process for it: some milliseconds. Not with `ping`, which asks no server.
    pub cpu: Option<Spanned<Time>>,
    /// When the first check of every node is due, less than `interval`; default for each node any time within it.
    pub phase: Option<Spanned<Time>>,
}

/// What has to answer to a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// The operating system: a service that is stopped or hangs goes unnoticed.
    Ping,
    /// Whoever accepts connections: a service that hangs goes unnoticed.
    Tcp,
    /// The service itself.
    Service,
}
