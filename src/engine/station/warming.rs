//! What a processor gets done after it was stopped, while it fills its caches again.

use crate::units::Time;

/// What a stop costs: a part of the time that the processor runs at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warming {
    lost: Time,
    within: Time,
}

impl Warming {
    /// A stop costs nothing.
    pub const NONE: Warming = Warming { lost: Time::ZERO, within: Time::ZERO };

    /// So much time is lost, spread evenly over the first `within` of running.
    ///
    /// # Panics
    /// When it is more than that.
    #[must_use]
    pub fn new(lost: Time, within: Time) -> Warming {
        assert!(lost <= within, "{lost} can't be lost within {within}");
        Warming { lost, within }
    }

    /// For how long it has to run until it loses nothing any more.
    pub(super) fn within(self) -> Time {
        self.within
    }

    /// What is done when it has run for so long since a stop.
    #[must_use]
    pub fn done(self, ran: Time) -> Time {
        if ran >= self.within {
            return ran - self.lost;
        }
        Time((u128::from(ran.0) * u128::from((self.within - self.lost).0) / u128::from(self.within.0)) as u64)
    }

    /// The shortest time of running since a stop by which so much is done.
    #[must_use]
    pub fn until(self, done: Time) -> Time {
        let warm = self.within - self.lost;
        if done == Time::ZERO {
            Time::ZERO
        } else if done >= warm {
            done + self.lost
        } else {
            Time((u128::from(done.0) * u128::from(self.within.0)).div_ceil(u128::from(warm.0)) as u64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_until_something_is_done_is_the_shortest() {
        for (lost, within) in [(0, 0), (0, 7), (3, 7), (7, 7), (600, 1_500), (1, 1_000_000)] {
            let warming = Warming::new(Time(lost), Time(within));
            for done in (0..40).chain(880..920).map(Time) {
                let until = warming.until(done);
                assert!(warming.done(until) >= done, "{warming:?}, {done:?}");
                assert!(until == Time::ZERO || warming.done(until - Time(1)) < done, "{warming:?}, {done:?}");
            }
            assert_eq!(warming.done(Time(within + 50)), Time(within + 50 - lost));
        }
    }
}
