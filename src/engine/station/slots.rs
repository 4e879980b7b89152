//! A pool of equal slots with a line before it: connections, processes, places in a queue manager.
//!
//! How long a slot is held is decided elsewhere, so this station has no departures of its own.

use super::level::Level;
use crate::units::Time;
use std::collections::VecDeque;

/// The answer to a job that wants a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// It has one.
    Granted,
    /// It stands in line and gets one from a [`Slots::release`].
    Waiting,
    /// The line is full; it is not in it.
    Refused,
}

/// `n` slots, handed out in the order of asking.
pub struct Slots<J> {
    slots: usize,
    /// How many may wait; without it, all.
    limit: Option<usize>,
    line: VecDeque<J>,
    held: Level,
    waiting: Level,
    refused: u64,
}

impl<J: Copy + Eq> Slots<J> {
    /// A free pool at time zero.
    #[must_use]
    pub fn new(slots: usize, limit: Option<usize>) -> Self {
        let (held, waiting) = (Level::default(), Level::default());
        Slots { slots, limit, line: VecDeque::new(), held, waiting, refused: 0 }
    }

    /// A job asks for a slot.
    pub fn acquire(&mut self, now: Time, job: J) -> Grant {
        if self.held() < self.slots {
            self.held.set(now, self.held.value() + 1);
            return Grant::Granted;
        }
        if self.limit.is_some_and(|limit| self.line.len() >= limit) {
            self.refused += 1;
            return Grant::Refused;
        }
        self.line.push_back(job);
        self.line_changed(now);
        Grant::Waiting
    }

    /// Takes a slot if one is free, for somebody who would not wait; says whether.
    pub fn take(&mut self, now: Time) -> bool {
        let free = self.held() < self.slots;
        if free {
            self.held.set(now, self.held.value() + 1);
        }
        free
    }

    /// A job gives its slot back; the first in line, if any, has it now and is returned.
    ///
    /// # Panics
    /// When no slot is held.
    pub fn release(&mut self, now: Time) -> Option<J> {
        assert!(self.held() > 0, "a slot is given back that nobody holds");
        if let Some(next) = self.line.pop_front() {
            self.line_changed(now);
            return Some(next);
        }
        self.held.set(now, self.held.value() - 1);
        None
    }

    /// A job leaves the line; says whether it was there. Looks at everyone in it.
    pub fn cancel_waiting(&mut self, now: Time, job: J) -> bool {
        let before = self.line.len();
        self.line.retain(|waiting| *waiting != job);
        self.line_changed(now);
        self.line.len() < before
    }

    /// How many slots are held.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.value() as usize
    }

    /// How many jobs wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.line.len()
    }

    /// How many slots there are.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.slots
    }

    /// Jobs that were refused since the last reset.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// `∫ (slots held) dt` since the last reset, in slot-nanoseconds.
    #[must_use]
    pub fn held_integral(&self, now: Time) -> u128 {
        self.held.integral(now)
    }

    /// `∫ (jobs waiting) dt` since the last reset, in job-nanoseconds.
    #[must_use]
    pub fn waiting_integral(&self, now: Time) -> u128 {
        self.waiting.integral(now)
    }

    /// Counts and integrals start anew; holders and waiters stay.
    pub fn reset_statistics(&mut self, now: Time) {
        self.held.reset(now);
        self.waiting.reset(now);
        self.refused = 0;
    }

    fn line_changed(&mut self, now: Time) {
        self.waiting.set(now, self.line.len() as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_passes_to_the_first_in_line_and_a_full_line_refuses() {
        let mut slots = Slots::new(1, Some(2));
        let answers = ['a', 'b', 'c', 'd'].map(|job| slots.acquire(Time(10), job));
        assert_eq!(answers, [Grant::Granted, Grant::Waiting, Grant::Waiting, Grant::Refused]);
        assert!(!slots.take(Time(11)));
        assert!(slots.cancel_waiting(Time(12), 'b') && !slots.cancel_waiting(Time(12), 'b'));
        assert_eq!(slots.release(Time(15)), Some('c'));
        assert_eq!(slots.release(Time(20)), None);
        assert_eq!((slots.held(), slots.waiting(), slots.refused()), (0, 0, 1));
        // Held from 10 to 20; two waited for 2 ns and one for 3 more.
        assert_eq!((slots.held_integral(Time(30)), slots.waiting_integral(Time(30))), (10, 7));
        assert!(slots.take(Time(40)) && slots.held() == 1);
    }

    #[test]
    fn without_a_limit_everyone_waits() {
        let mut slots = Slots::new(0, None);
        assert!((0..1_000).all(|job| slots.acquire(Time::ZERO, job) == Grant::Waiting));
        assert_eq!(slots.waiting(), 1_000);
    }

    #[test]
    #[should_panic(expected = "nobody holds")]
    fn only_what_is_held_is_given_back() {
        Slots::<u32>::new(1, None).release(Time::ZERO);
    }
}
