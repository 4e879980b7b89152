//! How sessions find a node.

use super::dns::RoundRobinDns;
use super::nlb::Nlb;
use super::switch::Switch;
use serde::Deserialize;

/// How sessions find a node.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Routing {
    /// Behind a load-balancing switch.
    Switch(Box<Switch>),
    /// By the addresses that a name has.
    RoundRobinDns(RoundRobinDns),
    /// By the nodes themselves: Network Load Balancing.
    Nlb(Nlb),
}
