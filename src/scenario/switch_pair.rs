//! Two switches of which one stands by.

use super::file::SwitchPairs;
use crate::units::Time;

/// A pair of switches: when one fails, the other takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SwitchPair {
    /// How long that takes. Until then nobody has the virtual address, and nothing answers there.
    pub failover: Time,
    /// Whether the other one knows the connections, and they go on.
    pub keeps_connections: bool,
}

impl Default for SwitchPair {
    /// A pair about which a scenario says nothing.
    fn default() -> SwitchPair {
        SwitchPair { failover: FAILOVER, keeps_connections: false }
    }
}

impl SwitchPairs {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SwitchPairs::Never => "never",
            SwitchPairs::AsNeeded => "as-needed",
            SwitchPairs::Always => "always",
        }
    }
}

/// VRRP: three advertisements of a second each are missed, and a skew of `(256 − priority) / 256` s, 0.6 s at the usual
/// priority of 100 (RFC 3768, keepalived).
pub const FAILOVER: Time = Time::from_millis(3_600);
