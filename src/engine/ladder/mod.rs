//! A ladder queue: entries by an integer key, the smallest first, at a cost that does not grow with their number.
//!
//! A heap sorts everything that is pending; most of it lies far ahead, and much of it is overtaken before its time. A ladder
//! queue (Tang, Goh and Thng 2005, ACM TOMACS 15(3)) sorts only what comes next:
//!
//! * **Top** takes whatever lies beyond [`Ladder::reach`], as it comes.
//! * **Rungs** divide the time up to there into buckets, each of which is divided again when it is opened and still full.
//! * **Bottom** holds what comes before all buckets, sorted. Few entries never leave it: then the ladder is a sorted list.
//!
//! An entry goes down once through each of these, so it costs about as much among a hundred as among ten thousand: in the
//! `hold` benchmark about half of what the standard heap costs, and a quarter with the delays of mail.
//!
//! Other than in the paper, buckets are powers of two wide and numbered from time zero, so that one shift decides where an
//! instant belongs (see [`rungs`]), and an entry in a bucket is a link in one pool (see [`pool`]).

#[cfg(test)]
mod ladder_tests;
mod pool;
mod rungs;

use super::keyed::Keyed;
use pool::{List, Pool};
use rungs::Rungs;

/// Entries by key, the smallest first. No two entries have the same key.
///
/// Sorting a few entries is cheaper than dividing them once more: `FEW` are sorted at once, and at most as many move to
/// let one more in.
pub(super) struct Ladder<T, const FEW: usize = 48> {
    /// Sorted, the smallest key at the end.
    bottom: Vec<Keyed<T>>,
    rungs: Rungs,
    top: Top,
    /// The latest instant that does not belong to the top.
    reach: u64,
    /// The links of top and rungs.
    pool: Pool<T>,
}

/// Entries beyond the reach of all rungs, in no order.
struct Top {
    list: List,
    earliest: u64,
    latest: u64,
}

impl Top {
    const EMPTY: Top = Top { list: List::EMPTY, earliest: u64::MAX, latest: 0 };

    fn extend_to(&mut self, instant: u64) {
        self.earliest = self.earliest.min(instant);
        self.latest = self.latest.max(instant);
    }
}

impl<T: Copy, const FEW: usize> Ladder<T, FEW> {
    pub(super) fn new() -> Self {
        const { assert!(FEW > 0, "a rung divides two entries or more") };
        // The bottom outgrows this only when much is due at one instant.
        let bottom = Vec::with_capacity(4 * FEW);
        Ladder { bottom, rungs: Rungs::new(), top: Top::EMPTY, reach: u64::MAX, pool: Pool::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.bottom.len() + self.pool.len()
    }

    #[inline]
    pub(super) fn push(&mut self, entry: Keyed<T>) {
        if entry.major > self.reach {
            self.top.extend_to(entry.major);
            self.pool.push(&mut self.top.list, entry);
        } else if let Some(bucket) = self.rungs.bucket(entry.major) {
            self.pool.push(bucket, entry);
        } else {
            self.sort_in(entry);
        }
    }

    /// The entry with the smallest key.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<&Keyed<T>> {
        if self.bottom.is_empty() {
            self.refill();
        }
        self.bottom.last()
    }

    /// Takes out the entry with the smallest key.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Keyed<T>> {
        self.peek()?;
        self.bottom.pop()
    }

    /// Forgets all entries but those that are to be kept. Costs about as much as entering those anew.
    pub(super) fn retain(&mut self, keep: impl Fn(&Keyed<T>) -> bool) {
        let mut former = std::mem::replace(&mut self.top, Top::EMPTY);
        for list in self.rungs.buckets_mut().iter_mut().chain([&mut former.list]) {
            while let Some(entry) = self.pool.first(*list) {
                if keep(entry) {
                    self.top.extend_to(entry.major);
                    self.pool.move_first(list, &mut self.top.list);
                } else {
                    self.pool.pop(list);
                }
            }
        }
        self.rungs.clear();
        for entry in self.bottom.drain(..).filter(keep) {
            self.top.extend_to(entry.major);
            self.pool.push(&mut self.top.list, entry);
        }
        self.refill();
    }

    /// Enters what comes before all buckets.
    #[inline]
    fn sort_in(&mut self, entry: Keyed<T>) {
        let mut place = self.bottom.len();
        if place > FEW && self.bottom[place - 1 - FEW].is_before(&entry) {
            return self.divide_bottom_for(entry);
        }
        self.bottom.push(entry);
        while place > 0 && self.bottom[place - 1].is_before(&entry) {
            self.bottom[place] = self.bottom[place - 1];
            place -= 1;
        }
        self.bottom[place] = entry;
    }

    /// Makes a rung of the bottom, as too many would have to move for this one.
    #[cold]
    fn divide_bottom_for(&mut self, entry: Keyed<T>) {
        let (first, last) = (self.bottom[self.bottom.len() - 1].major, self.bottom[0].major);
        let entries = self.bottom.len();
        match self.rungs.next_instant() {
            // Up to the next bucket further out, so that no instant lies between.
            Some(next) => {
                self.rungs.add((first, last.max(next)), entries);
            }
            // What lies behind is the top's.
            None => self.reach = self.rungs.add((first, last), entries).min(self.reach),
        }
        for entry in self.bottom.drain(..) {
            self.pool.push(self.rungs.innermost_bucket(entry.major), entry);
        }
        self.push(entry);
    }

    /// Brings what comes next into the bottom, which is empty.
    fn refill(&mut self) {
        loop {
            let mut list = if let Some(opened) = self.rungs.open() {
                if opened.list.len() > FEW && opened.span.0 < opened.span.1 {
                    self.divide(opened.list, opened.span);
                    continue;
                }
                opened.list
            } else {
                let top = std::mem::replace(&mut self.top, Top::EMPTY);
                if top.list.len() > FEW {
                    self.reach = self.divide(top.list, (top.earliest, top.latest));
                    continue;
                }
                // Nothing is left but these few, or nothing at all.
                self.reach = u64::MAX;
                top.list
            };
            while let Some(entry) = self.pool.pop(&mut list) {
                self.bottom.push(entry);
            }
            // Keys are in reverse, as in the standard heap.
            self.bottom.sort_unstable();
            return;
        }
    }

    /// Makes a rung of a list whose entries are in the given span, and returns the latest instant that it reaches.
    fn divide(&mut self, mut list: List, span: (u64, u64)) -> u64 {
        let reach = self.rungs.add(span, list.len());
        while let Some(entry) = self.pool.first(list) {
            let bucket = self.rungs.innermost_bucket(entry.major);
            self.pool.move_first(&mut list, bucket);
        }
        reach
    }
}
