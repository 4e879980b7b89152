//! Space: what the mailboxes take on the disk of the node that holds the store, and when it is full.

use crate::scenario::{Contents, Scenario};

/// The longest time that a disk is said to last, in months: a century.
const LONGEST_MONTHS: f64 = 1_200.0;

/// The space of the mail store.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Space {
    /// Bytes that the mailboxes take today.
    pub needed: f64,
    /// Bytes that the disk of the store's node holds; none when space costs nothing.
    pub disk: Option<u64>,
    /// Months until it is full, 0 when it is; none when it is not within a century.
    pub full_in_months: Option<f64>,
}

impl Space {
    /// The part of the disk that is taken.
    #[must_use]
    pub fn used_ratio(&self) -> Option<f64> {
        Some(self.needed / self.disk? as f64)
    }

    /// How many users would fill it, if it takes `users` today.
    #[must_use]
    pub fn supported_users(&self, users: u64) -> Option<u64> {
        self.used_ratio().map(|ratio| (users as f64 / ratio) as u64)
    }
}

/// The space that the mailboxes of a scenario take; none when their size is not known.
#[must_use]
pub fn space(scenario: &Scenario) -> Option<Space> {
    let needed = at(&scenario.contents, 0.0)?;
    let disk = scenario.cluster.nodes[scenario.cluster.store()].tier.disk_space.map(|space| space.0);
    let full_in_months = disk.and_then(|disk| full_in_months(&scenario.contents, disk as f64));
    Some(Space { needed, disk, full_in_months })
}

/// Bytes of all mailboxes after so many months: each population grows by its own part every year.
fn at(contents: &[Contents], months: f64) -> Option<f64> {
    let of = |one: &Contents| Some(one.users as f64 * one.mailbox?.0 as f64 * (1.0 + one.growth).powf(months / 12.0));
    let all: Option<f64> = contents.iter().map(of).sum();
    all.filter(|bytes| *bytes > 0.0)
}

/// The first month in which they take more than `disk`, by bisection: sums of exponentials have no closed inverse.
fn full_in_months(contents: &[Contents], disk: f64) -> Option<f64> {
    let is_full = |months: f64| at(contents, months).is_some_and(|bytes| bytes >= disk);
    if is_full(0.0) {
        return Some(0.0);
    }
    if !is_full(LONGEST_MONTHS) {
        return None;
    }
    let (mut low, mut high) = (0.0, LONGEST_MONTHS);
    while high - low > 1e-6 {
        let middle = 0.5 * (low + high);
        if is_full(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bytes;

    #[test]
    fn a_disk_is_full_when_the_logarithm_says_so() {
        let grow = |growth| Contents { users: 1_000, mailbox: Some(Bytes(1_000_000)), active: 1.0, growth };
        let months = full_in_months(&[grow(0.25)], 2e9).unwrap();
        assert!((months - 12.0 * 2.0_f64.ln() / 1.25_f64.ln()).abs() < 1e-5, "{months}");
        // A population that shrinks makes room for the one that grows.
        assert!(
            full_in_months(&[grow(0.25), grow(-0.5)], 3e9).unwrap()
                > full_in_months(&[grow(0.25), grow(0.0)], 3e9).unwrap()
        );
        assert_eq!((full_in_months(&[grow(0.0)], 2e9), full_in_months(&[grow(0.0)], 1e9)), (None, Some(0.0)));
    }
}
