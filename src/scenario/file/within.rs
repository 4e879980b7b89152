//! Clusters of clusters, as written.

use super::Nlb;
use serde::Deserialize;
use toml::Spanned;

/// What stands behind a way that chooses among clusters and not among nodes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Within {
    /// How many clusters the nodes of the service are dealt out to, in order and as evenly as possible; at least 2.
    pub clusters: Spanned<u32>,
    /// How each of them finds the node.
    pub nlb: Nlb,
}
