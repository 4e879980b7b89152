//! Who looks on while a run goes by: nobody, a hash of the trajectory, a trace.
//!
//! An observer sees every event just before it is handled, in order, and cannot change anything. It is a type of the
//! run, so that looking away costs nothing.

use crate::units::Time;

/// Sees every event just before it is handled.
pub trait Observer<E> {
    /// `event` is about to be handled at `at`.
    fn event(&mut self, at: Time, event: &E);
}

/// Looks away.
impl<E> Observer<E> for () {
    fn event(&mut self, _: Time, _: &E) {}
}

/// Hands every event to a function: prints it, or keeps what is worth keeping.
pub struct Trace<F>(
    /// Called for every event.
    pub F,
);

impl<E, F: FnMut(Time, &E)> Observer<E> for Trace<F> {
    fn event(&mut self, at: Time, event: &E) {
        self.0(at, event);
    }
}

/// What tells one event from another, in two words.
pub trait Fingerprint {
    /// Different for different events, and the same on every platform.
    fn words(&self) -> [u64; 2];
}

/// A 64-bit hash of what happened, when, and in which order: equal for two runs that took the same course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrajectoryHash(u64);

impl TrajectoryHash {
    /// The hash of all events so far.
    #[must_use]
    pub fn value(self) -> u64 {
        self.0
    }

    fn mix(&mut self, word: u64) {
        // Multiply and fold, as in MurmurHash3's finaliser (Appleby 2011). Each step is a bijection of the state, so a
        // difference, once in, is lost only by a later coincidence.
        let mixed = (self.0 ^ word).wrapping_mul(0xFF51_AFD7_ED55_8CCD).wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

impl<E: Fingerprint> Observer<E> for TrajectoryHash {
    fn event(&mut self, at: Time, event: &E) {
        self.mix(at.0);
        for word in event.words() {
            self.mix(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Letter(char);

    impl Fingerprint for Letter {
        fn words(&self) -> [u64; 2] {
            [u64::from(u32::from(self.0)), 0]
        }
    }

    fn hash(events: &[(u64, char)]) -> u64 {
        let mut hash = TrajectoryHash::default();
        for &(at, letter) in events {
            hash.event(Time(at), &Letter(letter));
        }
        hash.value()
    }

    #[test]
    fn the_hash_knows_what_when_and_in_which_order() {
        let original = hash(&[(1, 'a'), (1, 'b'), (2, 'c')]);
        assert_eq!(original, hash(&[(1, 'a'), (1, 'b'), (2, 'c')]));
        for other in [[(1, 'b'), (1, 'a'), (2, 'c')], [(1, 'a'), (1, 'b'), (3, 'c')], [(1, 'a'), (1, 'b'), (2, 'd')]] {
            assert_ne!(original, hash(&other));
        }
        assert_ne!(original, hash(&[(1, 'a'), (1, 'b')]));
    }
}
