//! Round-robin DNS, as written.

use super::Within;
use crate::scenario::law::Written;
use crate::units::Time;
use serde::Deserialize;
use toml::Spanned;

/// A name with several addresses, of which each answer has another one first.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundRobinDns {
    /// How long a resolver may keep an answer, up to a week; default 5 minutes. With `"0 s"` each lookup asks the zone.
    pub ttl: Option<Spanned<Time>>,
    /// What the zone's server does with the order of the addresses; default `random`.
    pub rotation: Option<Rotation>,
    /// Round trips after which a resolver that has nothing in its cache knows the addresses, 1 to 10: one when it still has
    /// the servers of the zone, up to three with the root and the top-level domain; default 1.
    pub trips: Option<Spanned<u32>>,
    /// Between a resolver and the servers that it asks, up to a minute; default 50 ms.
    pub round_trip: Option<Spanned<Time>>,
    /// What each address stands for; default one node.
    pub within: Option<Within>,
}

/// What an authoritative server does with the order of the addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rotation {
    /// Each answer begins anywhere in the list, as the number of the query falls (BIND's `cyclic`, Unbound).
    Random,
    /// Each answer has the same order (BIND's `none`, and what it does when no `rrset-order` fits).
    Fixed,
    /// Each answer has one address, drawn at random (appliances, and name servers in the cloud).
    OneAddress,
}

/// What a resolver's cache does with the order of the addresses that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResolverOrder {
    /// Each client gets another one first.
    Rotated,
    /// All clients get them as they came, until they expire.
    Kept,
}

/// Which address a client takes of those that it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressChoice {
    /// The first one.
    First,
    /// Any of them (Exim and Postfix).
    Shuffled,
    /// The one that has most leading bits in common with its own address, of equals the first (RFC 3484, rule 9, as Windows
    /// Vista and later had it).
    Sorted,
    /// The first one that it got, until it is started again.
    Pinned,
}

/// The servers of the zone that are part of the cluster: the nodes of role `name-server`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameServer {
    /// CPU that a query takes on the reference core; default 0.1 ms.
    pub cpu: Option<Written<Time>>,
}
