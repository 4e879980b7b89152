//! A network link: transfers share its bandwidth equally.

use super::{Counts, ProcessorSharing, Scaling};
use crate::units::{Bandwidth, Bytes, Time};

/// A transfer under way.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Transfer<J> {
    job: J,
    bytes: Bytes,
}

/// Processor sharing over bytes. Propagation and the slow side of a client are delays of the model, not of the link.
pub struct Link<J> {
    wire: ProcessorSharing<Transfer<J>>,
    bandwidth: Bandwidth,
    carried: u64,
}

impl<J: Copy + Eq> Link<J> {
    /// An idle link at time zero.
    ///
    /// # Panics
    /// When the bandwidth is not above zero.
    #[must_use]
    pub fn new(bandwidth: Bandwidth) -> Self {
        assert!(bandwidth.0 > 0.0, "a link of {} bytes/s carries nothing", bandwidth.0);
        Link { wire: ProcessorSharing::new(Scaling::linear(1)), bandwidth, carried: 0 }
    }

    /// A transfer begins. Returns how long it would take with the link for itself.
    #[inline]
    pub fn arrive(&mut self, now: Time, job: J, bytes: Bytes) -> Time {
        let alone = Time::from_secs_f64(bytes.0 as f64 / self.bandwidth.0);
        self.wire.arrive(now, Transfer { job, bytes }, alone);
        alone
    }

    /// When the next transfer ends, if nothing else happens before.
    #[must_use]
    #[inline]
    pub fn next_departure(&self) -> Option<Time> {
        self.wire.next_departure()
    }

    /// Takes out the next transfer that has ended by `now`.
    #[inline]
    pub fn pop_departed(&mut self, now: Time) -> Option<J> {
        let ended = self.wire.pop_departed(now)?;
        self.carried += ended.bytes.0;
        Some(ended.job)
    }

    /// Breaks a transfer off; says whether it was under way. Looks at every transfer.
    pub fn remove(&mut self, now: Time, job: J) -> bool {
        self.wire.remove_where(now, |transfer| transfer.job == job)
    }

    /// From `now` on the link carries `factor` times its bandwidth. Zero cuts it.
    ///
    /// # Panics
    /// When `factor` is negative, infinite or not a number.
    pub fn set_rate(&mut self, now: Time, factor: f64) {
        self.wire.set_rate(now, factor);
    }

    /// How many transfers are under way.
    #[must_use]
    pub fn number(&self) -> usize {
        self.wire.number()
    }

    /// Who came and went since the last reset.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.wire.counts()
    }

    /// Bytes of the transfers that ended since the last reset; what was broken off does not count.
    #[must_use]
    pub fn carried(&self) -> Bytes {
        Bytes(self.carried)
    }

    /// `∫ n dt` since the last reset, in transfer-nanoseconds.
    #[must_use]
    pub fn number_integral(&self, now: Time) -> u128 {
        self.wire.number_integral(now)
    }

    /// For how many nanoseconds since the last reset something was on the link.
    #[must_use]
    pub fn busy(&self, now: Time) -> u128 {
        self.wire.busy(now)
    }

    /// Transfer time that is still to come at `now`, in nanoseconds of the whole link. Looks at every transfer.
    #[must_use]
    pub fn backlog(&self, now: Time) -> f64 {
        self.wire.backlog(now)
    }

    /// Counts and integrals start anew; the transfers stay.
    pub fn reset_statistics(&mut self, now: Time) {
        self.wire.reset_statistics(now);
        self.carried = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_transfers_take_twice_as_long_and_bytes_are_counted_when_they_are_through() {
        let mut link = Link::new(Bandwidth(1_000.0));
        link.arrive(Time::ZERO, 'a', Bytes(1_000));
        link.arrive(Time::ZERO, 'b', Bytes(3_000));
        link.arrive(Time::ZERO, 'c', Bytes(9_000));
        assert!(link.remove(Time::ZERO, 'c') && !link.remove(Time::ZERO, 'c'));
        let first = link.next_departure().unwrap();
        assert_eq!(first, Time::from_secs(2));
        assert_eq!(link.pop_departed(first), Some('a'));
        assert_eq!((link.pop_departed(first), link.carried()), (None, Bytes(1_000)));
        let second = link.next_departure().unwrap();
        assert_eq!(second, Time::from_secs(4));
        assert_eq!(link.pop_departed(second), Some('b'));
        assert_eq!((link.carried(), link.next_departure()), (Bytes(4_000), None));
        assert_eq!(link.busy(Time::from_secs(5)), 4_000_000_000);
        assert_eq!(link.counts(), Counts { arrivals: 3, departures: 2, removals: 1 });
    }
}
