//! Turns by weights that change.

use super::ranking::Ranking;

/// Virtual time of one turn at a strength of 1: a step at the greatest strength (256 times 100) is still 167 772.
const ONE: u64 = 1 << 32;

/// Earliest deadline first, as Envoy's weighted round robin (`edf_scheduler.h`): the deadline of a place is `1/strength`
/// after its last turn, in a virtual time that stands at the last turn of anybody. O(log n) for a turn and for a change of
/// strength, which the cycle of [`Smooth`](super::smooth::Smooth) would have to be worked out anew for.
pub(super) struct Turns {
    deadlines: Ranking,
    steps: Vec<u64>,
    now: u64,
}

impl Turns {
    /// Strengths, at least one.
    pub(super) fn new(strengths: &[u32]) -> Turns {
        let mut turns = Turns { deadlines: Ranking::new(strengths.len(), 0), steps: vec![0; strengths.len()], now: 0 };
        strengths.iter().enumerate().for_each(|(place, strength)| turns.set(place, *strength));
        turns
    }

    /// Whose turn it is. Only while somebody has a strength.
    pub(super) fn next(&mut self) -> usize {
        let place = self.deadlines.first();
        self.now = self.deadlines.key(place);
        self.deadlines.set(place, self.now + self.steps[place]);
        place
    }

    /// A place has another strength, and with none no more turns. What was left until its turn is stretched or shortened.
    pub(super) fn set(&mut self, place: usize, strength: u32) {
        if strength == 0 {
            self.steps[place] = 0;
            self.deadlines.set(place, u64::MAX);
            return;
        }
        let old = std::mem::replace(&mut self.steps[place], ONE / u64::from(strength));
        let left = match old {
            0 => self.steps[place],
            old => {
                let left = u128::from(self.deadlines.key(place) - self.now);
                (left * u128::from(self.steps[place]) / u128::from(old)) as u64
            }
        };
        self.deadlines.set(place, self.now + left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(turns: &mut Turns, rounds: usize) -> Vec<usize> {
        let mut counts = vec![0; turns.steps.len()];
        (0..rounds).for_each(|_| counts[turns.next()] += 1);
        counts
    }

    #[test]
    fn turns_are_in_proportion_and_mixed() {
        let mut turns = Turns::new(&[300, 100, 100]);
        let order: Vec<usize> = (0..10).map(|_| turns.next()).collect();
        assert_eq!(order, [0, 0, 0, 1, 2, 0, 0, 0, 1, 2]);
        assert_eq!(counts(&mut Turns::new(&[25_600, 1]), 25_601 * 2), [51_200, 2]);
    }

    #[test]
    fn a_change_of_strength_counts_at_once_and_catches_nothing_up() {
        let mut turns = Turns::new(&[100, 100]);
        counts(&mut turns, 1_000);
        turns.set(0, 25);
        assert_eq!(counts(&mut turns, 500), [100, 400]);
        turns.set(1, 0);
        assert_eq!(counts(&mut turns, 10), [10, 0]);
        turns.set(1, 25);
        assert_eq!(counts(&mut turns, 100), [50, 50]);
    }
}
