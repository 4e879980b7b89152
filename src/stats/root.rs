//! Where a falling function crosses a level: how every quantile without a closed form is found.

/// The `x >= 0` at which `falling` (never rising, continuous) comes down to `level`, to the last bit; zero if it starts
/// at or below `level`, infinity if it never comes down. `scale` is a first guess of the size of `x`, above zero.
///
/// Bisection: about sixty calls, and unlike Newton's method never wrong.
#[must_use]
pub fn falling_root(level: f64, scale: f64, falling: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, scale);
    if falling(low) <= level {
        return 0.0;
    }
    while falling(high) > level {
        if high.is_infinite() {
            return high;
        }
        (low, high) = (high, high * 2.0);
    }
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return high;
        }
        if falling(middle) > level {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponential_tail_is_inverted() {
        for scale in [1e-6, 1.0, 1e6] {
            let x = falling_root(0.05, scale, |x| libm::exp(-x));
            assert!((x - libm::log(20.0)).abs() < 1e-14, "{x}");
        }
    }

    #[test]
    fn there_is_an_answer_without_a_crossing() {
        assert_eq!(falling_root(0.5, 1.0, |_| 0.4), 0.0);
        assert_eq!(falling_root(0.5, 1.0, |_| 0.6), f64::INFINITY);
    }
}
