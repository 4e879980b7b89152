//! Who comes first, when one of many changes at a time.

/// Places by a key, the least first; of equal keys the one that has had it for longest. A tournament tree: O(log n) for a
/// change, O(1) for the winner, and no allocation after the start.
pub(super) struct Ranking {
    /// The key of each place, and when it got it.
    keys: Vec<(u64, u64)>,
    /// The winners: of all at 1, of the two below `i` at `i`, and from `keys.len()` on the places themselves.
    winners: Vec<u32>,
    changes: u64,
}

impl Ranking {
    /// So many places with the same key, in their order; at least one.
    pub(super) fn new(places: usize, key: u64) -> Ranking {
        let mut ranking = Ranking {
            keys: (0..places as u64).map(|place| (key, place)).collect(),
            winners: (0..2 * places).map(|i| i.saturating_sub(places) as u32).collect(),
            changes: places as u64,
        };
        (1..places).rev().for_each(|i| ranking.play(i));
        ranking
    }

    /// The place with the least key.
    pub(super) fn first(&self) -> usize {
        self.winners[1] as usize
    }

    /// The key of a place.
    pub(super) fn key(&self, place: usize) -> u64 {
        self.keys[place].0
    }

    /// Gives a place another key.
    pub(super) fn set(&mut self, place: usize, key: u64) {
        self.keys[place] = (key, self.changes);
        self.changes += 1;
        let mut at = (self.keys.len() + place) / 2;
        while at > 0 {
            self.play(at);
            at /= 2;
        }
    }

    fn play(&mut self, at: usize) {
        let (left, right) = (self.winners[2 * at], self.winners[2 * at + 1]);
        let left_wins = self.keys[left as usize] < self.keys[right as usize];
        self.winners[at] = if left_wins { left } else { right };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    #[test]
    fn the_tournament_agrees_with_looking_at_everybody() {
        for places in [1, 2, 3, 4, 7, 10, 33] {
            let mut chance = Key::new(1, places as u64, Purpose::Routing, "ranking").stream();
            let mut ranking = Ranking::new(places, 0);
            for _ in 0..500 {
                let least = (0..places).min_by_key(|place| ranking.keys[*place]);
                assert_eq!(Some(ranking.first()), least, "{places} places");
                ranking.set(chance.below(places as u64) as usize, chance.below(5));
            }
        }
    }

    #[test]
    fn equals_take_turns() {
        let mut ranking = Ranking::new(3, 0);
        let order: Vec<usize> = (0..6)
            .map(|_| {
                let first = ranking.first();
                ranking.set(first, 0);
                first
            })
            .collect();
        assert_eq!(order, [0, 1, 2, 0, 1, 2]);
    }
}
