//! Round-robin DNS: what the zone says, what resolvers make of it, and what clients make of that.

use super::file::{AddressChoice, ResolverOrder, Rotation};
use super::within::Within;
use crate::random::zipf_weights;
use crate::units::Time;

/// A name that has several addresses.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundRobinDns {
    /// How long a resolver may keep an answer; zero = it asks each time.
    pub ttl: Time,
    /// What the zone's server does with the order.
    pub rotation: Rotation,
    /// What a resolver with nothing in its cache waits for, at the name servers.
    pub search: Time,
    /// What each address stands for; none = one node.
    pub within: Option<Within>,
}

impl RoundRobinDns {
    /// The nodes of each address, in their order.
    #[must_use]
    pub fn dealt<T: Copy>(&self, nodes: &[T]) -> Vec<Vec<T>> {
        match &self.within {
            None => nodes.iter().map(|node| vec![*node]).collect(),
            Some(within) => within.dealt(nodes),
        }
    }
}

/// The resolvers of a client group, and what its clients do with the addresses that they get.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resolvers {
    /// How many, at least 1. Neighbouring addresses share one.
    pub number: u32,
    /// Zipf's exponent of their clients.
    pub skew: f64,
    /// What a cache does with the order.
    pub order: ResolverOrder,
    /// Between a client and its resolver.
    pub rtt: Time,
    /// Whether they keep answers at all.
    pub caches: bool,
    /// Share of them that keep answers for too long, 0 to 1.
    pub stretchers: f64,
    /// And for how long at least.
    pub stretch_to: Time,
    /// Which address a client takes.
    pub choice: AddressChoice,
    /// Share of the clients that stay with the first address that they took, 0 to 1.
    pub pinners: f64,
    /// Mean time until such a client is started again; exponential.
    pub pin_life: Time,
}

impl Resolvers {
    /// How long a resolver keeps an answer of this time to live.
    #[must_use]
    pub fn keeps(&self, ttl: Time, stretches: bool) -> Time {
        match (self.caches, stretches) {
            (false, _) => Time::ZERO,
            (true, false) => ttl,
            (true, true) => ttl.max(self.stretch_to),
        }
    }

    /// Where the addresses of each of them end, among so many: each has a run of them, by Zipf's law.
    #[must_use]
    pub fn ends(&self, addresses: u64) -> Vec<u64> {
        let mut end = 0.0;
        let weights = zipf_weights(self.number as usize, self.skew).into_iter();
        let ends = weights.map(|weight| {
            end += weight;
            (end * addresses as f64 + 0.5) as u64
        });
        ends.collect()
    }

    /// Whether each session gets any of the addresses, independently of all others: it has an answer of its own from the
    /// zone, or another order of an answer that others have too, or chooses at random.
    #[must_use]
    pub fn spreads(&self, zone: &RoundRobinDns) -> bool {
        let lists_all = zone.rotation != Rotation::OneAddress;
        let keeps = self.keeps(zone.ttl, self.stretchers > 0.0) > Time::ZERO;
        let drawn = zone.rotation != Rotation::Fixed && !keeps || lists_all && self.order == ResolverOrder::Rotated;
        self.pinners == 0.0
            && match self.choice {
                AddressChoice::First | AddressChoice::Pinned => drawn,
                AddressChoice::Shuffled => drawn || lists_all,
                AddressChoice::Sorted => drawn && !lists_all,
            }
    }
}

impl Rotation {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Rotation::Random => "random",
            Rotation::Fixed => "fixed",
            Rotation::OneAddress => "one-address",
        }
    }
}

impl ResolverOrder {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ResolverOrder::Rotated => "rotated",
            ResolverOrder::Kept => "kept",
        }
    }
}

impl AddressChoice {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            AddressChoice::First => "first",
            AddressChoice::Shuffled => "shuffled",
            AddressChoice::Sorted => "sorted",
            AddressChoice::Pinned => "pinned",
        }
    }
}
