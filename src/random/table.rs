//! Listed values with shares: an empirical law, or a mixture of a few sizes.

use super::LawError;

/// How far the shares may be from one in sum: they are written with a few decimals.
const SLACK: f64 = 1e-6;

/// Values in ascending order, each with its share of all draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    values: Vec<f64>,
    shares: Vec<f64>,
    /// The sum of shares up to and with each value; the last one is exactly 1.
    cumulative: Vec<f64>,
}

impl Table {
    /// From (value, share) pairs in any order. Shares are normalised to sum to one.
    ///
    /// # Errors
    /// When there is no pair, a value is not finite and at least zero, a share is not above zero, or the shares are
    /// further than 1e-6 from one in sum.
    pub fn new(pairs: &[(f64, f64)]) -> Result<Table, LawError> {
        if pairs.is_empty() {
            return Err(LawError("`table` is empty; it needs at least one value with its share".into()));
        }
        for (value, share) in pairs {
            if !(value.is_finite() && *value >= 0.0) {
                return Err(LawError(format!("a value of `table` is `{value}`; it must be at least zero")));
            }
            if !(share.is_finite() && *share > 0.0) {
                return Err(LawError(format!("the share of `{value}` in `table` is `{share}`; it must be above zero")));
            }
        }
        let mut pairs = pairs.to_vec();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = pairs.iter().map(|(_, share)| share).sum();
        if (total - 1.0).abs() > SLACK {
            return Err(LawError(format!("the shares of `table` sum to `{total}`; they must sum to one")));
        }
        let (values, shares): (Vec<f64>, Vec<f64>) = pairs.iter().map(|(value, share)| (value, share / total)).unzip();
        let running = shares.iter().scan(0.0, |sum, share| {
            *sum += share;
            Some(*sum)
        });
        let mut cumulative: Vec<f64> = running.collect();
        if let Some(last) = cumulative.last_mut() {
            *last = 1.0;
        }
        Ok(Table { values, shares, cumulative })
    }

    /// The values in ascending order with their shares, which sum to one.
    pub fn pairs(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.values.iter().copied().zip(self.shares.iter().copied())
    }

    /// The first value up to which the shares sum to at least `p`.
    #[inline]
    pub(super) fn quantile(&self, p: f64) -> f64 {
        let index = self.cumulative.partition_point(|sum| *sum < p);
        self.values[index.min(self.values.len() - 1)]
    }

    pub(super) fn tail(&self, x: f64) -> f64 {
        match self.values.partition_point(|value| *value <= x) {
            0 => 1.0,
            index => 1.0 - self.cumulative[index - 1],
        }
    }

    pub(super) fn expect(&self, of: impl Fn(f64) -> f64) -> f64 {
        self.pairs().map(|(value, share)| share * of(value)).sum()
    }

    pub(super) fn variance(&self) -> f64 {
        let mean = self.expect(|value| value);
        self.expect(|value| (value - mean) * (value - mean))
    }

    /// The values that are at most `most`, of which there is one, with their shares in proportion.
    pub(super) fn up_to(&self, most: f64) -> Table {
        let kept = self.values.partition_point(|value| *value <= most);
        let total = self.cumulative[kept - 1];
        let part = |shares: &[f64]| -> Vec<f64> { shares[..kept].iter().map(|share| share / total).collect() };
        Table { values: self.values[..kept].to_vec(), shares: part(&self.shares), cumulative: part(&self.cumulative) }
    }

    pub(super) fn scaled(&self, factor: f64) -> Table {
        Table { values: self.values.iter().map(|value| value * factor).collect(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_normalised_and_values_sorted() {
        let table = Table::new(&[(5.0, 0.333_333), (1.0, 0.666_667)]).unwrap();
        assert_eq!(table.pairs().map(|(value, _)| value).collect::<Vec<_>>(), [1.0, 5.0]);
        assert_eq!(table.cumulative[1], 1.0);
        assert_eq!((table.quantile(0.6), table.quantile(0.7), table.quantile(1.0)), (1.0, 5.0, 5.0));
        assert_eq!((table.tail(0.5), table.tail(5.0)), (1.0, 0.0));
    }

    #[test]
    fn what_is_no_table_says_why() {
        let message = |pairs: &[(f64, f64)]| Table::new(pairs).unwrap_err().0;
        assert!(message(&[]).contains("`table` is empty"));
        assert_eq!(message(&[(1.0, 0.9)]), "the shares of `table` sum to `0.9`; they must sum to one");
        assert_eq!(message(&[(1.0, 1.0), (2.0, 0.0)]), "the share of `2` in `table` is `0`; it must be above zero");
        assert_eq!(message(&[(-1.0, 1.0)]), "a value of `table` is `-1`; it must be at least zero");
    }
}
