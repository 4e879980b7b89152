//! What the switch can bear, as written.

use crate::units::{Bandwidth, Rate, Time};
use serde::Deserialize;
use toml::Spanned;

/// The box that the switch is, for all services behind it together: its limits, and whether there are two of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchLimits {
    /// New connections per second, above zero: each takes one over this of the box, and they wait in order. Default any
    /// number.
    pub connection_rate: Option<Spanned<Rate>>,
    /// Connections at one time, at least 1; further ones are refused. Default any number.
    pub connections: Option<Spanned<u32>>,
    /// Bytes both ways together; transfers share it equally. Default any number.
    pub throughput: Option<Spanned<Bandwidth>>,
    /// What it adds to each round trip of a client, at most 1 s; default nothing.
    pub latency: Option<Spanned<Time>>,
    /// Whether a second switch stands by and takes over when the first fails; default no.
    pub pair: Option<Spanned<bool>>,
    /// How long that takes, 1 ms to 10 minutes; default 3.6 s. For a `pair`.
    pub failover: Option<Spanned<Time>>,
    /// Whether the second one knows the connections of the first, and they go on; default no. For a `pair`.
    pub keeps_connections: Option<Spanned<bool>>,
}
