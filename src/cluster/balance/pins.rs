//! Clients that stay with the first address that they took until they are started again.

use crate::random::Key;
use crate::units::Time;

/// Lives before time zero are numbered from here.
const ZERO: u64 = 1 << 32;
/// The sub-key of a client that decides whether it pins; its lives are numbered far below.
const WHETHER: u64 = u64::MAX - 1;

/// The life of a client in which it has been since it was started: when it was started is drawn and not stored, so that
/// clients take no memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Life {
    /// Everything random about it.
    pub(super) key: Key,
    /// When it began, in mean lives after [`ZERO`] of them before time zero.
    began: f64,
    /// How old it is, in mean lives.
    age: f64,
}

/// Whether this client is one of the share that pins.
pub(super) fn pins(client: Key, share: f64) -> bool {
    share >= 1.0 || share > 0.0 && client.at(WHETHER).stream().unit() < share
}

impl Life {
    /// Restarts are a Poisson process, so that lives are exponential: in each stretch of one mean life their number is
    /// Poisson with mean 1, drawn from the stretch's own key. The last restart before now is in this one or in one before.
    pub(super) fn of(client: Key, mean: Time, now: Time) -> Life {
        let lives = now.0 as f64 / mean.0 as f64;
        let (mut stretch, mut until) = (ZERO + lives as u64, lives.fract());
        let at = stretch as f64 + until;
        loop {
            let key = client.at(stretch);
            let mut chance = key.stream();
            let (mut last, mut place) = (None, chance.exponential(1.0));
            while place < until {
                last = Some((last.map_or(0, |(number, _)| number + 1), place));
                place += chance.exponential(1.0);
            }
            if let Some((number, place)) = last {
                let began = stretch as f64 + place;
                return Life { key: key.at(number), began, age: at - began };
            }
            stretch -= 1;
            until = 1.0;
        }
    }

    /// The probability that somebody who asks so often has not asked since it began.
    pub(super) fn is_new(&self, mean: Time, per_s: f64) -> f64 {
        libm::exp(-self.age * mean.as_secs_f64() * per_s)
    }

    /// When the stretch of this length began in which it began: a resolver that keeps answers for so long has asked then
    /// (assumption). Before time zero is time zero.
    pub(super) fn asked(&self, mean: Time, length: Time) -> Time {
        let began_ns = (self.began - ZERO as f64) * mean.0 as f64;
        let stretches = self.began * (mean.0 as f64 / length.0.max(1) as f64);
        Time::from_ns_f64((began_ns - stretches.fract() * length.0 as f64).max(0.0))
    }

    /// The number of the stretch of this length in which it began.
    pub(super) fn stretch(&self, mean: Time, length: Time) -> u64 {
        (self.began * (mean.0 as f64 / length.0 as f64)) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    const HOUR: Time = Time::from_secs(3_600);

    fn client(index: u64) -> Key {
        Key::new(1, 0, Purpose::Routing, "pins").at(index)
    }

    #[test]
    fn lives_are_exponential_whenever_one_looks() {
        for now in [Time::ZERO, HOUR / 3, HOUR * 100 + Time(7)] {
            let count = 40_000;
            let ages = (0..count).map(|index| Life::of(client(index), HOUR, now).age);
            let (sum, old) = ages.fold((0.0, 0), |(sum, old), age| (sum + age, old + u64::from(age > 1.0)));
            let (mean, share) = (sum / count as f64, old as f64 / count as f64);
            let error = 4.0 / (count as f64).sqrt();
            assert!((mean - 1.0).abs() < error && (share - (-1.0_f64).exp()).abs() < error, "{now}: {mean}, {share}");
        }
    }

    #[test]
    fn a_client_is_in_one_life_until_it_is_started_again() {
        let (mut lives, mut changes) = (None, 0);
        for minute in 0..60_000 {
            let life = Life::of(client(3), HOUR, HOUR / 60 * minute);
            if lives.replace(life.key) != Some(life.key) {
                changes += 1;
                assert!(life.age < 1.0 / 60.0 + 1e-9 || minute == 0, "{life:?} is new");
            }
        }
        // A thousand hours: Poisson, less those that fall in the same minute as another.
        assert!((changes - 990_i32).abs() < 4 * 32, "{changes}");
    }

    #[test]
    fn the_share_that_pins_is_as_asked() {
        let count = 40_000;
        let pinning = (0..count).filter(|index| pins(client(*index), 0.02)).count();
        assert!((pinning as f64 - 800.0).abs() < 4.0 * 28.0, "{pinning}");
        assert!(pins(client(0), 1.0) && !pins(client(0), 0.0));
    }
}
