//! How a session finds its node.

mod addresses;
mod domains;
mod fastest;
mod hashing;
mod in_turn;
mod ranking;
mod remembered;
mod smooth;
mod switch;

pub(super) use addresses::{Addresses, of_node};
pub(super) use domains::Domains;
pub(super) use in_turn::InTurn;
pub(super) use switch::Switch;

/// What a balancer can know of somebody who wants a node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Visitor {
    /// The session's own uniform number; not every algorithm uses it.
    pub(super) chance: f64,
    /// The source address; only looked at, and only filled in, where [`Switch::reads_addresses`].
    pub(super) address: u32,
    /// The domain that the session is for; the same with [`Switch::reads_domains`].
    pub(super) domain: u64,
}
