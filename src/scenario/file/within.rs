//! Clusters of clusters, as written.

use super::{Nlb, Switch};
use serde::Deserialize;
use toml::Spanned;

/// What stands behind a way that chooses among clusters and not among nodes: a switch, or hosts that balance by themselves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Within {
    /// How many clusters the nodes of the service are dealt out to, in order and as evenly as possible: at least 1 behind the
    /// addresses of DNS, and 2 behind a switch.
    pub clusters: Spanned<u32>,
    /// A load-balancing switch before each of them; behind DNS.
    pub switch: Option<Box<Switch>>,
    /// Their hosts balance by themselves.
    pub nlb: Option<Nlb>,
}
