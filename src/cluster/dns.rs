//! What is observed of the names by which clients find a service.

use serde::{Deserialize, Serialize};

/// The lookups of a service that is reached by DNS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DnsObserved {
    /// Those for which the zone's server was asked.
    pub queries: u64,
    /// Those that a cache answered.
    pub hits: u64,
    /// By address: how many millionths of a session the answers that caches have send there first, on average over the
    /// sessions that could come. It has none of the noise of those that did come: the load that hides behind an answer
    /// (Colajanni, Yu and Cardellini 1998).
    pub directed_e6: Vec<u64>,
}
