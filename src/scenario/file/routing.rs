//! How sessions find a node.

use super::nlb::Nlb;
use super::switch::Switch;
use serde::Deserialize;

/// How sessions find a node.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Routing {
    /// Behind a load-balancing switch.
    Switch(Switch),
    /// By the nodes themselves: Network Load Balancing.
    Nlb(Nlb),
}
