//! What a cluster costs to buy: the machines at the prices of the hardware table, and the switch.
//!
//! Only what differs between candidates and has a published price is counted; [`NOT_IN_COST`] goes into every
//! recommendation so that nobody takes the sum for a budget.

use crate::scenario::Cluster;
use crate::units::Money;

/// A load-balancing switch: 16,550 USD for a BIG-IP 520 (Dr. Dobb's, about 2003). Others of the time cost 9,990 to
/// 57,990 USD (Network Computing, 2002-2003).
pub const SWITCH: Money = Money(1_655_000);

/// What the price of a design leaves out.
pub const NOT_IN_COST: [&str; 4] =
    ["licences", "work to set up and to operate", "power, space and network", "spare parts"];

/// The price of a cluster's machines, and of a switch where there is one, or of a pair. What balances by itself costs nothing
/// but the edition of the system that has it, and licences are left out.
#[must_use]
pub fn price(cluster: &Cluster, pair: bool) -> Money {
    let machines: u64 = cluster.nodes.iter().map(|node| node.tier.price.0).sum();
    let switches = u64::from(cluster.has_switch()) * if pair { 2 } else { 1 };
    Money(machines + switches * SWITCH.0)
}
