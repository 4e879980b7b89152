//! What the switch can bear, as written.

use crate::units::{Bandwidth, Rate, Time};
use serde::Deserialize;
use toml::Spanned;

/// The limits of the box that the switch is, for all services behind it together.
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
}
