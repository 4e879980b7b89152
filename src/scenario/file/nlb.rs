//! Network Load Balancing, as written.

use super::Named;
use crate::units::{Bytes, Time};
use serde::Deserialize;
use toml::Spanned;

/// Hosts of one address without a dispatcher: each receives every inbound packet and keeps what is its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nlb {
    /// What of a client decides the host; default `single`.
    pub affinity: Option<Affinity>,
    /// Into how many buckets clients are hashed, 32 to 65 536; default 60.
    pub buckets: Option<Spanned<u32>>,
    /// What each host takes in proportion to on this port, by the node's name, 0 to 256; 0 = it is blocked for the port.
    /// Default the node's `weight`.
    #[serde(default)]
    pub weights: Named<Spanned<u32>>,
    /// How often a host tells the others that it lives, 0.1 to 10 s; default 1 s.
    pub heartbeat: Option<Spanned<Time>>,
    /// After how many heartbeats that did not come a host counts as dead, 5 to 100; default 5.
    pub heartbeats_missed: Option<Spanned<u32>>,
    /// How long the hosts take to agree on who has which bucket, up to an hour; default 3 s.
    pub convergence: Option<Spanned<Time>>,
    /// What each host's CPU takes to look at an inbound packet of the cluster, up to 1 s of the reference core; default 5 us.
    pub filter_cpu: Option<Spanned<Time>>,
    /// Bytes of a message in one packet, 64 to 65 536; default 1460 B.
    pub packet: Option<Spanned<Bytes>>,
}

/// What of a client decides the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Affinity {
    /// Its address and its port: each connection by itself.
    None,
    /// Its address: all connections from there.
    Single,
    /// The upper 24 bits of its address.
    ClassC,
}
