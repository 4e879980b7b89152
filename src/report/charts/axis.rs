//! Axes of numbers: from values to pixels, and the numbers that are written beside them.

/// From this factor between the greatest and the least on, equal ratios are equally far apart.
const WIDE: f64 = 8.0;
/// Of the length of the axis, free at either end.
const FREE: f64 = 0.06;

/// An axis between two pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axis {
    /// The values at its ends.
    from: f64,
    to: f64,
    /// Where they lie.
    low: f64,
    high: f64,
    /// Whether equal ratios are equally far apart.
    is_log: bool,
}

impl Axis {
    /// From nothing to the greatest.
    pub(super) fn from_zero(greatest: f64, (low, high): (f64, f64)) -> Axis {
        let to = if greatest > 0.0 { greatest * (1.0 + FREE) } else { 1.0 };
        Axis { from: 0.0, to, low, high, is_log: false }
    }

    /// All of the values, by ratio where they are far apart.
    pub(super) fn around(values: impl Iterator<Item = f64> + Clone, ends: (f64, f64)) -> Axis {
        let (least, greatest) = extremes(values.clone());
        if least > 0.0 && greatest / least > WIDE {
            return Axis::by_ratio(values, ends);
        }
        Axis::from_zero(if greatest.is_finite() { greatest } else { 0.0 }, ends)
    }

    /// All of the values that are above zero, by ratio.
    pub(super) fn by_ratio(values: impl Iterator<Item = f64>, (low, high): (f64, f64)) -> Axis {
        let (least, greatest) = extremes(values.filter(|value| *value > 0.0));
        let (least, greatest) = if greatest.is_finite() { (least, greatest) } else { (0.1, 10.0) };
        // At least a factor of 4, or what hardly changes would look like something.
        let middle = (least * greatest).sqrt();
        let (least, greatest) = (least.min(middle / 2.0), greatest.max(middle * 2.0));
        let free = (greatest / least).powf(FREE);
        Axis { from: least / free, to: greatest * free, low, high, is_log: true }
    }

    /// Where a value lies; at an end if it is beyond.
    pub(super) fn at(&self, value: f64) -> f64 {
        let share = if self.is_log {
            (value.max(f64::MIN_POSITIVE) / self.from).ln() / (self.to / self.from).ln()
        } else {
            (value - self.from) / (self.to - self.from)
        };
        self.low + (self.high - self.low) * share.clamp(0.0, 1.0)
    }

    /// Whether equal ratios are equally far apart.
    pub(super) fn is_log(&self) -> bool {
        self.is_log
    }

    /// At most so many round numbers: 1, 2 and 5 in every decade or fewer of them.
    pub(super) fn marks(&self, most: usize) -> Vec<f64> {
        if self.is_log { self.ratios(most) } else { self.steps(most) }
    }

    fn steps(&self, most: usize) -> Vec<f64> {
        let length = self.to - self.from;
        let decade = 10_f64.powf((length / most as f64).log10().floor());
        let round = [1.0, 2.0, 5.0, 10.0, 20.0].map(|digit| digit * decade);
        let step = round.into_iter().find(|step| length / step <= most as f64 - 1.0).unwrap_or(length);
        let first = (self.from / step).ceil() as i64;
        (first..).map(|mark| mark as f64 * step).take_while(|mark| *mark <= self.to * (1.0 + 1e-9)).collect()
    }

    fn ratios(&self, most: usize) -> Vec<f64> {
        let decades = self.from.log10().floor() as i32..=self.to.log10().ceil() as i32;
        let within = |mark: &f64| (self.from..=self.to).contains(mark);
        let of = |digits: &[f64]| -> Vec<f64> {
            let all = decades.clone().flat_map(|decade| digits.iter().map(move |digit| digit * power(decade)));
            all.filter(within).collect()
        };
        let fine = of(&[1.0, 2.0, 5.0]);
        if fine.len() <= most {
            return fine;
        }
        let tens = of(&[1.0]);
        let every = tens.len().div_ceil(most.max(1)).max(1);
        tens.into_iter().step_by(every).collect()
    }
}

/// A division for the small ones, since no power of a tenth is exact.
fn power(decade: i32) -> f64 {
    if decade < 0 { 1.0 / 10_f64.powi(-decade) } else { 10_f64.powi(decade) }
}

fn extremes(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, greatest), value| (least.min(value), greatest.max(value)))
}

/// Moves labels that lie at these pixels, from the first on, until they are at least so far apart and within the ends.
pub(super) fn apart(wanted: &[f64], gap: f64, (first, last): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut placed = wanted.to_vec();
    let mut next = first;
    for index in &order {
        placed[*index] = placed[*index].max(next);
        next = placed[*index] + gap;
    }
    let mut next = last;
    for index in order.iter().rev() {
        placed[*index] = placed[*index].min(next);
        next = placed[*index] - gap;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_apart_values_lie_by_ratio_and_near_ones_by_difference() {
        let wide = Axis::around([0.01, 10.0].into_iter(), (0.0, 300.0));
        assert!(wide.is_log() && (wide.at(0.316_227_766) - 150.0).abs() < 1e-6);
        assert_eq!(wide.marks(12), [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]);
        assert_eq!(wide.marks(5), [0.01, 0.1, 1.0, 10.0]);
        let near = Axis::around([2.0, 10.0].into_iter(), (300.0, 0.0));
        assert!(!near.is_log() && near.at(0.0) == 300.0);
        assert_eq!(near.marks(6), [0.0, 5.0, 10.0]);
        assert_eq!(Axis::from_zero(33_000.0, (0.0, 1.0)).marks(5), [0.0, 10_000.0, 20_000.0, 30_000.0]);
    }

    #[test]
    fn an_axis_without_values_or_with_one_still_is_one() {
        for axis in [Axis::around([].into_iter(), (0.0, 9.0)), Axis::by_ratio([].into_iter(), (0.0, 9.0))] {
            assert!(!axis.marks(5).is_empty() && axis.at(1.0).is_finite(), "{axis:?}");
        }
        let one = Axis::by_ratio([3.0].into_iter(), (0.0, 9.0));
        assert!((one.at(3.0) - 4.5).abs() < 1e-9 && one.marks(5) == [2.0, 5.0], "{one:?}");
    }

    #[test]
    fn labels_move_apart_and_stay_within() {
        assert_eq!(apart(&[10.0, 11.0, 50.0], 10.0, (0.0, 100.0)), [10.0, 20.0, 50.0]);
        assert_eq!(apart(&[99.0, 98.0], 10.0, (0.0, 100.0)), [100.0, 90.0]);
    }
}
