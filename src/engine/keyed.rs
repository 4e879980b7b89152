//! An item with one integer key, smallest first in the standard heap.
//!
//! The agenda and the stations all need the same thing: a total order by some instant, and by insertion where the
//! instants tie. Both halves in one integer make the comparison two instructions without a branch, which is what a
//! heap spends its time on.

use std::cmp::Ordering;

/// `item`, ordered by `(major, minor)`. The reversed order makes the standard max-heap give the smallest key first.
///
/// The halves stand apart because a `u128` field is aligned to 16 bytes: an entry with a 4-byte item is 24 bytes, not 32.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keyed<T> {
    /// The upper half of the key: an instant, or the bits of a non-negative `f64`, which sort as its value does.
    pub(super) major: u64,
    /// The lower half: unique, growing with insertion.
    pub(super) minor: u64,
    /// What is ordered; never compared.
    pub(super) item: T,
}

impl<T> Keyed<T> {
    /// Both halves as the one integer that is compared.
    fn key(&self) -> u128 {
        (u128::from(self.major) << 64) | u128::from(self.minor)
    }

    /// Whether its key is smaller: the plain order, where [`Ord`] is the reverse.
    pub(super) fn is_before(&self, other: &Self) -> bool {
        self.key() < other.key()
    }
}

impl<T> PartialEq for Keyed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<T> Eq for Keyed<T> {}

impl<T> PartialOrd for Keyed<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Keyed<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key().cmp(&self.key())
    }
}
