//! A server's queue for this cluster: how many sessions it has at one time, and when it tries nothing.
//!
//! As Postfix does for each destination (`qmgr_queue.c`): it begins with a few sessions; each success allows for one more, up
//! to a limit and never more than it had to begin with beyond those that are under way; each failure for one less. When as
//! many attempts in a row have failed as it had sessions (a cohort), the destination is dead for a while: what waits goes back
//! to the queue untried. Then it begins anew.

use super::Letter;
use crate::engine::Id;
use crate::random::Key;
use crate::scenario::{Concurrency, Retry};
use crate::units::Time;
use std::collections::VecDeque;

/// So much short of a whole cohort of failures still is one: sums of fractions fall short of one by their rounding.
const FUDGE: f64 = 1e-9;

/// A queue and its limits.
pub(super) struct Outlet {
    terms: Concurrency,
    window: u32,
    /// Sessions under way.
    active: u32,
    /// Parts of a cohort that have failed in a row.
    failed: f64,
    dead_until: Time,
    waiting: VecDeque<Id<Letter>>,
    /// When it looks through its queue first.
    pub(super) phase: Time,
    /// Until when it knows where mail goes.
    pub(super) knows_until: Time,
}

/// What becomes of a message that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is sent now; it has a session from here on.
    Now,
    /// It waits for one.
    Waits,
    /// Nothing is tried now.
    Suspended,
}

impl Outlet {
    /// One with its own phase, and records of a random age where they are kept for `ttl`.
    pub(super) fn new(terms: Concurrency, retry: &Retry, ttl: Time, key: Key) -> Outlet {
        let mut chance = key.stream();
        let (phase, age) = (chance.unit(), chance.unit());
        Outlet {
            terms,
            window: terms.initial,
            active: 0,
            failed: 0.0,
            dead_until: Time::ZERO,
            waiting: VecDeque::new(),
            phase: retry.phase.unwrap_or_else(|| Time::from_ns_f64(phase * retry.scan.0 as f64)),
            knows_until: Time::from_ns_f64(age * ttl.0 as f64),
        }
    }

    /// A message is due.
    pub(super) fn turn(&mut self, letter: Id<Letter>, now: Time) -> Turn {
        if now < self.dead_until {
            return Turn::Suspended;
        }
        if self.active >= self.window {
            self.waiting.push_back(letter);
            return Turn::Waits;
        }
        self.active += 1;
        Turn::Now
    }

    /// An attempt is over.
    pub(super) fn done(&mut self, well: bool, now: Time) {
        self.active -= 1;
        if well {
            self.failed = 0.0;
            if self.window < self.terms.most && self.window < self.active + 1 + self.terms.initial {
                self.window += 1;
            }
            return;
        }
        // Those that were under way when it was found dead tell nothing new.
        if now < self.dead_until {
            return;
        }
        self.failed += 1.0 / f64::from(self.window);
        if self.failed >= 1.0 - FUDGE {
            self.dead_until = now + self.terms.pause;
            (self.window, self.failed) = (self.terms.initial, 0.0);
        } else {
            self.window = (self.window - 1).max(1);
        }
    }

    /// The next that waits and can be sent now; it has a session from here on.
    pub(super) fn next(&mut self, now: Time) -> Option<Id<Letter>> {
        if self.active >= self.window || now < self.dead_until {
            return None;
        }
        let next = self.waiting.pop_front()?;
        self.active += 1;
        Some(next)
    }

    /// Forgets whoever waits.
    pub(super) fn forget_all(&mut self) {
        self.waiting.clear();
    }

    /// It tries again, whatever it has found before.
    pub(super) fn revive(&mut self) {
        self.dead_until = Time::ZERO;
    }

    /// All that wait though nothing is tried now.
    pub(super) fn suspended(&mut self, now: Time) -> VecDeque<Id<Letter>> {
        if now < self.dead_until { std::mem::take(&mut self.waiting) } else { VecDeque::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Slab;
    use crate::random::Purpose;

    const TERMS: Concurrency = Concurrency { initial: 5, most: 20, pause: Time::from_secs(300) };
    const RETRY: Retry = Retry {
        scan: Time::from_secs(300),
        phase: Some(Time::ZERO),
        least: Time::from_secs(300),
        most: Time::from_secs(4_000),
        lifetime: Time::MAX,
        warning: None,
    };

    fn ids(count: usize) -> Vec<Id<Letter>> {
        let mut slab = Slab::new();
        let errand = super::super::Errand::new(Time::ZERO);
        let key = Key::new(1, 0, Purpose::Session, "letters");
        let left = super::super::Failed { stream: 0, key, known: 0, errand, is_final: true };
        (0..count).map(|_| slab.insert(Letter::new(&left, Time::ZERO, None, super::super::Place::Senders))).collect()
    }

    #[test]
    fn successes_open_it_up_to_its_limit_and_a_failed_cohort_closes_it_for_a_while() {
        let (mut outlet, ids) =
            (Outlet::new(TERMS, &RETRY, Time::ZERO, Key::new(1, 0, Purpose::Housekeeping, "x")), ids(60));
        let now = Time::from_secs(1);
        let turns: Vec<Turn> = ids.iter().map(|id| outlet.turn(*id, now)).collect();
        assert_eq!(turns.iter().filter(|turn| **turn == Turn::Now).count(), 5);
        let mut under_way = 5;
        for _ in 0..30 {
            outlet.done(true, now);
            under_way -= 1;
            while outlet.next(now).is_some() {
                under_way += 1;
            }
        }
        assert_eq!((outlet.window, under_way), (20, 20));
        // Of twenty sessions 1/20 + 1/19 + ... reaches one with the thirteenth failure.
        for _ in 0..12 {
            outlet.done(false, now);
        }
        assert!(outlet.suspended(now).is_empty());
        outlet.done(false, now);
        assert_eq!(outlet.suspended(now).len(), 60 - 5 - 45);
        assert_eq!(outlet.turn(ids[0], now + Time::from_secs(299)), Turn::Suspended);
        (0..7).for_each(|_| outlet.done(false, now));
        let later = now + Time::from_secs(300);
        assert_eq!((0..6).filter(|i| outlet.turn(ids[*i], later) == Turn::Now).count(), 5, "it begins anew");
    }
}
