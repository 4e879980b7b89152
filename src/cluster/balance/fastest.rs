//! Who has answered fastest of late.

use super::ranking::Ranking;
use crate::units::Time;

/// After this time an old answer counts for 1/e: the default `decay` of Finagle's balancer `p2cPeakEwma` (10 s).
const DECAY_S: f64 = 10.0;

/// The least mean response time, times the connections that there would be: the cost of Finagle's `PeakEwma`, over all
/// places and not only two, and without its peaks. Silence counts as fast answers, so that a place that was slow is
/// tried again; who has not answered yet comes first.
///
/// The mean at a place decays by `e^(-t/τ)` since its last answer, and the order of `mean · e^(-t/τ) · (n + 1)` is that of
/// `ln mean + last/τ + ln(n + 1)`, which stays while nothing happens: a key changes only with its own place.
pub(super) struct Fastest {
    /// Mean and time of the last answer, where there was one.
    means: Vec<Option<(f64, Time)>>,
    ranking: Ranking,
    /// By place: nobody may be sent there.
    closed: Vec<bool>,
}

impl Fastest {
    pub(super) fn new(places: usize) -> Fastest {
        Fastest { means: vec![None; places], ranking: Ranking::new(places, 0), closed: vec![false; places] }
    }

    pub(super) fn first(&self) -> usize {
        self.ranking.first()
    }

    /// A place has so many connections now.
    pub(super) fn set(&mut self, place: usize, connections: u32) {
        self.ranking.set(place, self.key(place, connections));
    }

    /// A place is closed, or open again.
    pub(super) fn close(&mut self, place: usize, closed: bool, connections: u32) {
        self.closed[place] = closed;
        self.set(place, connections);
    }

    /// A place has answered, and has so many connections.
    pub(super) fn answered(&mut self, place: usize, response: Time, now: Time, connections: u32) {
        let response_s = response.as_secs_f64();
        let mean = self.means[place].map_or(response_s, |(mean, last)| {
            let old = libm::exp(-(now - last).as_secs_f64() / DECAY_S);
            mean * old + response_s * (1.0 - old)
        });
        self.means[place] = Some((mean, now));
        self.set(place, connections);
    }

    fn key(&self, place: usize, connections: u32) -> u64 {
        if self.closed[place] {
            return u64::MAX;
        }
        let Some((mean, last)) = self.means[place] else { return u64::from(connections) };
        sortable(libm::log(mean * (f64::from(connections) + 1.0)) + last.as_secs_f64() / DECAY_S)
    }
}

/// Whole numbers in the order of the numbers; all of them above those of places that have not answered yet.
fn sortable(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Time = Time::from_secs(1);

    #[test]
    fn numbers_keep_their_order() {
        let numbers = [f64::NEG_INFINITY, -2.0, -1e-9, 0.0, 1e-9, 3.0, 1e6];
        assert!(numbers.map(sortable).is_sorted_by(|a, b| a < b));
        assert!(sortable(f64::NEG_INFINITY) > u64::from(u32::MAX));
    }

    #[test]
    fn the_faster_one_is_asked_until_it_has_too_many() {
        let mut fastest = Fastest::new(2);
        fastest.answered(0, SECOND, SECOND, 0);
        assert_eq!(fastest.first(), 1, "who has not answered yet comes first");
        fastest.answered(1, SECOND * 3, SECOND, 0);
        assert_eq!(fastest.first(), 0);
        // One second times three is as much as three seconds once.
        fastest.set(0, 1);
        assert_eq!(fastest.first(), 0);
        fastest.set(0, 3);
        assert_eq!(fastest.first(), 1);
    }

    #[test]
    fn who_was_slow_is_tried_again_after_a_while() {
        let mut fastest = Fastest::new(2);
        fastest.answered(0, SECOND, SECOND, 0);
        fastest.answered(1, SECOND * 3, SECOND, 0);
        // The other has gone on answering in one second: after ln 3 times 10 s = 10.99 s the three seconds have faded.
        for (second, first) in [(11, 0), (13, 1)] {
            fastest.answered(0, SECOND, SECOND * second, 0);
            assert_eq!(fastest.first(), first, "after {second} s");
        }
    }
}
