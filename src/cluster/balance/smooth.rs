//! Turns by weight, evenly mixed.

/// The smooth weighted round robin of nginx (`ngx_http_upstream_round_robin.c`): at each turn every place gains its
/// weight, the one with the most is chosen, the first of equals, and pays the sum of all weights.
///
/// The turns repeat after as many as the weights add up to, reduced by their common divisor. The first cycle is worked out
/// turn by turn, O(n) each, and kept, so that all later turns are O(1).
pub(super) struct Smooth {
    weights: Vec<i64>,
    /// Of all weights.
    total: i64,
    gained: Vec<i64>,
    cycle: Vec<u32>,
    turn: usize,
}

impl Smooth {
    /// Weights above zero, at least one.
    pub(super) fn new(weights: &[u32]) -> Smooth {
        let common = weights.iter().copied().reduce(divisor).unwrap_or(1).max(1);
        let weights: Vec<i64> = weights.iter().map(|weight| i64::from(weight / common)).collect();
        let total = weights.iter().sum();
        Smooth { gained: vec![0; weights.len()], weights, total, cycle: Vec::new(), turn: 0 }
    }

    /// Whose turn it is.
    pub(super) fn next(&mut self) -> usize {
        if self.turn == self.cycle.len() {
            self.lengthen();
        }
        let place = self.cycle[self.turn];
        self.turn = (self.turn + 1) % self.total as usize;
        place as usize
    }

    fn lengthen(&mut self) {
        let mut best = 0;
        for place in 0..self.weights.len() {
            self.gained[place] += self.weights[place];
            if self.gained[place] > self.gained[best] {
                best = place;
            }
        }
        self.gained[best] -= self.total;
        self.cycle.push(best as u32);
    }
}

/// The greatest common divisor (Euclid).
fn divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_one_one_is_mixed_as_nginx_documents_it() {
        // The commit that introduced it has `{ 5, 1, 1 }` as `a a b a c a a`.
        let mut smooth = Smooth::new(&[10, 2, 2]);
        let turns: Vec<usize> = (0..14).map(|_| smooth.next()).collect();
        assert_eq!(turns, [0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0]);
    }

    #[test]
    fn equal_weights_take_turns() {
        let mut smooth = Smooth::new(&[3, 3, 3]);
        assert_eq!((0..4).map(|_| smooth.next()).collect::<Vec<_>>(), [0, 1, 2, 0]);
        assert_eq!(smooth.cycle.len(), 3);
    }
}
