//! What a switch, or the monitor outside, makes of its checks of a node.

use crate::scenario::Check;

/// Whether a node is held to be up, and how many checks in a row have said otherwise (HAProxy's `health`: a result that
/// agrees takes all back that spoke against it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Health {
    up: bool,
    against: u32,
}

impl Health {
    /// Held to be up, as everybody at first.
    pub(super) fn new() -> Health {
        Health { up: true, against: 0 }
    }

    /// Whether the node is held to be up.
    pub(super) fn is_up(self) -> bool {
        self.up
    }

    /// A check has passed or failed; true when that changes what is held.
    pub(super) fn see(&mut self, passed: bool, check: &Check) -> bool {
        if passed == self.up {
            self.against = 0;
            return false;
        }
        self.against += 1;
        let changes = self.against >= if self.up { check.fall } else { check.rise };
        if changes {
            *self = Health { up: passed, against: 0 };
        }
        changes
    }

    /// Whether further checks that say this would change nothing.
    pub(super) fn is_settled(self, passes: bool) -> bool {
        self.up == passes && self.against == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::CheckKind;
    use crate::units::Time;

    const SECOND: Time = Time::from_secs(1);

    fn check(fall: u32, rise: u32) -> Check {
        Check {
            kind: CheckKind::Tcp,
            interval: SECOND * 2,
            fall,
            rise,
            timeout: SECOND * 2,
            cpu: Time::ZERO,
            phase: None,
        }
    }

    /// What is held after each of these results.
    fn held(results: &str, check: &Check) -> String {
        let mut health = Health::new();
        let after = |result: char| {
            health.see(result == '+', check);
            if health.is_up() { 'U' } else { 'd' }
        };
        results.chars().map(after).collect()
    }

    #[test]
    fn it_takes_fall_failures_and_rise_successes_in_a_row() {
        assert_eq!(held("+--+---+-++-", &check(3, 2)), "UUUUUUddddUU");
        assert_eq!(held("-+-+", &check(1, 1)), "dUdU");
    }

    #[test]
    fn it_is_settled_when_nothing_speaks_against_it() {
        let mut health = Health::new();
        assert!(health.is_settled(true) && !health.is_settled(false));
        assert!(!health.see(false, &check(2, 1)));
        assert!(!health.is_settled(true) && !health.is_settled(false));
        assert!(health.see(false, &check(2, 1)));
        assert!(health.is_settled(false));
    }
}
