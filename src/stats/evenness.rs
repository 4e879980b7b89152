//! How even amounts are that several get.

/// The largest over the mean: 1 when all are equal, at most as many as there are. `counts` has one above zero.
#[must_use]
pub fn max_over_mean(counts: &[f64]) -> f64 {
    counts.iter().copied().fold(0.0, f64::max) * counts.len() as f64 / counts.iter().sum::<f64>()
}

/// `(Σx)² / n Σx²` (Jain, Chiu and Hawe 1984): 1 when all are equal, at least `1/n`. `counts` has one above zero.
#[must_use]
pub fn jain(counts: &[f64]) -> f64 {
    let (sum, squares) = (counts.iter().sum::<f64>(), counts.iter().map(|count| count * count).sum::<f64>());
    sum * sum / (counts.len() as f64 * squares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_to_one_by_hand() {
        assert_eq!((max_over_mean(&[3.0, 1.0]), jain(&[3.0, 1.0])), (1.5, 0.8));
        assert_eq!((max_over_mean(&[5.0, 5.0, 5.0]), jain(&[5.0, 5.0, 5.0])), (1.0, 1.0));
        assert_eq!((max_over_mean(&[8.0, 0.0, 0.0, 0.0]), jain(&[8.0, 0.0, 0.0, 0.0])), (4.0, 0.25));
    }
}
