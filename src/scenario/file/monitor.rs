//! The external monitor, as written.

use crate::units::Time;
use serde::Deserialize;
use toml::Spanned;

/// A process outside the cluster that polls the services of its nodes and moves these in and out. Without it, nobody does.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Monitor {
    /// How often it polls each service of each node, 1 s to 1 hour; default 1 min.
    pub interval: Option<Spanned<Time>>,
    /// Failures in a row after which a service of a node is held to be down, 1 to 100; default 3.
    pub fall: Option<Spanned<u32>>,
    /// Successes in a row after which it is held to be up again, 1 to 100; default 2.
    pub rise: Option<Spanned<u32>>,
    /// After which silence a poll has failed, above zero and at most `interval`; default 10 s, or the interval if that is
    /// shorter.
    pub timeout: Option<Spanned<Time>>,
    /// From a decision until its order is carried out, above zero to 1 hour; default 5 s.
    pub action_delay: Option<Spanned<Time>>,
    /// When the first poll of every node is due, less than `interval`; default for each service of each node any time within
    /// it.
    pub phase: Option<Spanned<Time>>,
}
