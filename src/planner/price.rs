//! What a cluster costs to buy: the machines at the prices of the hardware table, their systems, switches, and licences.
//!
//! Only what differs between candidates and has a price is counted; what is left out goes into every recommendation so that
//! nobody takes the sum for a budget.

use super::complexity::Beside;
use crate::scenario::{Cluster, Prices, Role};
use crate::units::Money;
use serde::Serialize;

/// What the price of a design leaves out.
#[must_use]
pub fn not_in_cost(prices: &Prices) -> Vec<&'static str> {
    let mut left_out = Vec::new();
    if prices.mail_licence == Money(0) {
        left_out.push("licences of the mail software");
    }
    left_out.extend(["work to set up and to operate", "power, space and network", "spare parts"]);
    left_out
}

/// The price of a design by its parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Price {
    /// The machines.
    pub machines: Money,
    /// Their operating systems, each the cheapest that its machine runs on and that has what it needs.
    pub systems: Money,
    /// The switch, or both of a pair.
    pub switches: Money,
    /// The mail software and the database.
    pub licences: Money,
}

/// The same in US dollars.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the parts of `Price`")]
pub struct PriceInUsd {
    pub machines_usd: f64,
    pub systems_usd: f64,
    pub switches_usd: f64,
    pub licences_usd: f64,
}

impl Price {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> Money {
        Money(self.machines.0 + self.systems.0 + self.switches.0 + self.licences.0)
    }

    /// In US dollars.
    #[must_use]
    pub fn in_usd(&self) -> PriceInUsd {
        let usd = |money: Money| money.0 as f64 / 100.0;
        PriceInUsd {
            machines_usd: usd(self.machines),
            systems_usd: usd(self.systems),
            switches_usd: usd(self.switches),
            licences_usd: usd(self.licences),
        }
    }
}

/// The price of a cluster and what stands beside it. Primaries that balance by themselves need a system that can; where there
/// is none for them, they are counted with one that can't, and the screen turns them down.
#[must_use]
pub fn price(cluster: &Cluster, beside: Beside, prices: &Prices) -> Price {
    let by_itself = cluster.has_nlb();
    let mut price = Price::default();
    for node in &cluster.nodes {
        let (systems, balances) = (&node.tier.systems, by_itself && node.role == Role::Primary);
        let system = prices.system(systems, balances).or_else(|| prices.system(systems, false));
        price.machines.0 += node.tier.price.0;
        price.systems.0 += system.unwrap_or_default().0;
        if matches!(node.role, Role::Primary | Role::Backup) {
            price.licences.0 += prices.mail_licence.0;
        }
    }
    if cluster.has_switch() {
        price.switches.0 = prices.switch.0 * if beside.pair { 2 } else { 1 };
    }
    if beside.database {
        price.licences.0 += prices.database_licence.0;
    }
    price
}
