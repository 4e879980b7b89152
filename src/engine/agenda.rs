//! The agenda: what will happen, in the order in which it will.
//!
//! Entries are ordered by time, and by insertion where times tie, so that a run has exactly one order of events. An
//! entry is either plain (it will happen) or belongs to a [`Timer`], which may be set again or cancelled. The former
//! entry of a timer is not searched for; it goes stale where it lies and is dropped when it surfaces, because almost
//! every timeout of a connection is cancelled, and to know where each entry lies would cost every operation.
//!
//! What keeps this honest:
//!
//! * An entry's rank (insertion number and timer slot in one integer) is the stamp that tells a timer's live entry from
//!   its stale ones. Insertion numbers never repeat in a run, so a stamp cannot wrap around and revive an old entry.
//! * Stale entries never outnumber live ones: beyond that the agenda is compacted in place. A compaction visits fewer
//!   than twice the entries that went stale since the last one, so it costs O(1) for each of them.
//! * Nothing is scheduled before now, and the clock never goes back; both are asserted, in every build.

use super::keyed::Keyed;
use super::ladder::Ladder;
use crate::units::Time;

/// The lower bits of a rank hold the slot of the timer, the upper ones the insertion number. 24 bits name 16 million
/// timers; the 40 others number 10¹² entries, many days of computing for one run.
const SLOT_BITS: u32 = 24;
/// The slot of entries that belong to no timer.
const PLAIN: u64 = (1 << SLOT_BITS) - 1;
/// A timer without a live entry. No entry of a timer has this rank, as its slot is [`PLAIN`].
const IDLE: u64 = u64::MAX;

/// A place in the agenda that holds at most one live entry, and may be set again or cancelled.
///
/// It cannot be copied: what was given back by [`Agenda::release`] cannot be set any more.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a timer that is dropped instead of released leaves its slot taken"]
pub struct Timer {
    slot: u32,
}

/// Future events by time, then by insertion, and the clock of the run.
pub struct Agenda<E: Copy> {
    now: Time,
    /// Key: instant, rank.
    entries: Ladder<E>,
    /// For each timer slot the rank of its live entry, or [`IDLE`].
    timers: Vec<u64>,
    free: Vec<u32>,
    inserted: u64,
    stale: usize,
    popped: u64,
    stale_dropped: u64,
}

impl<E: Copy> Default for Agenda<E> {
    fn default() -> Self {
        Agenda::new()
    }
}

impl<E: Copy> Agenda<E> {
    /// An empty agenda at time zero.
    ///
    /// Does not compile for events of more than 16 bytes, as they are moved about all the time: a larger
    /// payload belongs into a [`Slab`](super::Slab), and its id into the event.
    #[must_use]
    pub fn new() -> Self {
        const { assert!(size_of::<E>() <= 16, "an event is at most 16 bytes; keep the payload in a slab") };
        Agenda {
            now: Time::ZERO,
            entries: Ladder::new(),
            timers: Vec::new(),
            free: Vec::new(),
            inserted: 0,
            stale: 0,
            popped: 0,
            stale_dropped: 0,
        }
    }

    /// The instant of the event that is being handled, or where the last run ended.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// Enters an event that will happen whatever comes.
    ///
    /// # Panics
    /// When `at` is in the past.
    pub fn schedule(&mut self, at: Time, event: E) {
        self.insert(at, PLAIN, event);
    }

    /// A new timer, not set.
    pub fn timer(&mut self) -> Timer {
        let slot = self.free.pop().unwrap_or_else(|| {
            let slot = self.timers.len();
            assert!((slot as u64) < PLAIN, "an agenda holds at most {PLAIN} timers");
            self.timers.push(IDLE);
            slot as u32
        });
        Timer { slot }
    }

    /// Gives a timer back; when it is set, it is cancelled.
    #[expect(clippy::needless_pass_by_value, reason = "taken away from the caller, who must not set it any more")]
    pub fn release(&mut self, timer: Timer) {
        self.cancel(&timer);
        self.free.push(timer.slot);
    }

    /// Sets the timer to `at`, in place of whatever it was set to before. Counts as a new insertion in the order of ties.
    ///
    /// # Panics
    /// When `at` is in the past.
    pub fn set(&mut self, timer: &Timer, at: Time, event: E) {
        let rank = self.insert(at, u64::from(timer.slot), event);
        let former = std::mem::replace(&mut self.timers[timer.slot as usize], rank);
        if former != IDLE {
            self.stale += 1;
            self.compact_if_due();
        }
    }

    /// Forgets what the timer is set to, if it is.
    pub fn cancel(&mut self, timer: &Timer) {
        let former = std::mem::replace(&mut self.timers[timer.slot as usize], IDLE);
        if former != IDLE {
            self.stale += 1;
            self.compact_if_due();
        }
    }

    /// Whether the timer is set.
    #[must_use]
    pub fn is_set(&self, timer: &Timer) -> bool {
        self.timers[timer.slot as usize] != IDLE
    }

    /// Takes out the next event and moves the clock to it.
    pub fn pop(&mut self) -> Option<(Time, E)> {
        self.pop_until(Time::MAX)
    }

    /// Takes out the next event unless it lies behind `until`, and moves the clock to it.
    pub fn pop_until(&mut self, until: Time) -> Option<(Time, E)> {
        let entry = self.next().filter(|entry| entry.major <= until.0)?;
        self.entries.pop();
        let slot = entry.minor & PLAIN;
        if slot != PLAIN {
            self.timers[slot as usize] = IDLE;
        }
        self.move_clock(Time(entry.major));
        self.popped += 1;
        self.compact_if_due();
        Some((self.now, entry.item))
    }

    /// The instant of the next event. Drops stale entries on its way, hence `&mut`.
    pub fn peek_time(&mut self) -> Option<Time> {
        self.next().map(|entry| Time(entry.major))
    }

    /// Entries that will happen.
    #[must_use]
    pub fn live(&self) -> usize {
        self.entries.len() - self.stale
    }

    /// Entries that were overtaken and still lie in the agenda; at most [`Agenda::live`].
    #[must_use]
    pub fn stale(&self) -> usize {
        self.stale
    }

    /// Events that were taken out so far, none of them stale.
    #[must_use]
    pub fn popped(&self) -> u64 {
        self.popped
    }

    /// Stale entries that were dropped so far.
    #[must_use]
    pub fn stale_dropped(&self) -> u64 {
        self.stale_dropped
    }

    /// Moves the clock on without an event, at the end of a run.
    ///
    /// # Panics
    /// When `at` is in the past.
    pub(super) fn move_clock(&mut self, at: Time) {
        assert!(at >= self.now, "the clock would go back from {} ns to {} ns", self.now.0, at.0);
        self.now = at;
    }

    fn insert(&mut self, at: Time, slot: u64, item: E) -> u64 {
        assert!(at >= self.now, "an event at {} ns is scheduled in the past: now is {} ns", at.0, self.now.0);
        assert!(self.inserted < IDLE >> SLOT_BITS, "a run has at most 2^40 events");
        let rank = (self.inserted << SLOT_BITS) | slot;
        self.inserted += 1;
        self.entries.push(Keyed { major: at.0, minor: rank, item });
        rank
    }

    /// The next live entry, which stays on top. Stale ones before it are dropped.
    fn next(&mut self) -> Option<Keyed<E>> {
        loop {
            let top = *self.entries.peek()?;
            if is_live(&self.timers, top.minor) {
                return Some(top);
            }
            self.entries.pop();
            self.stale -= 1;
            self.stale_dropped += 1;
        }
    }

    fn compact_if_due(&mut self) {
        if 2 * self.stale > self.entries.len() {
            self.compact();
        }
    }

    /// Kept out of line: it is rare, and its callers are hot.
    #[cold]
    fn compact(&mut self) {
        let timers = &self.timers;
        self.entries.retain(|entry| is_live(timers, entry.minor));
        self.stale_dropped += self.stale as u64;
        self.stale = 0;
    }
}

fn is_live(timers: &[u64], rank: u64) -> bool {
    let slot = rank & PLAIN;
    slot == PLAIN || timers[slot as usize] == rank
}
