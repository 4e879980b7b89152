//! How much faster several cores are than one.

/// `cores` cores that do not scale linearly: `N` busy ones do the work of `N / (1 + σ(N−1) + κN(N−1))`.
///
/// The universal scalability law: Gunther, *Guerrilla Capacity Planning* (2007), eq. 4.33 (there α and β). With
/// `σ = κ = 0` the cores are independent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scaling {
    /// How many cores there are, at least one.
    pub cores: u32,
    /// σ: the share of the work that only one core at a time can do.
    pub contention: f64,
    /// κ: what each pair of cores spends on agreeing with each other.
    pub coherency: f64,
}

impl Scaling {
    /// Cores that do not disturb each other.
    #[must_use]
    pub fn linear(cores: u32) -> Scaling {
        Scaling { cores, contention: 0.0, coherency: 0.0 }
    }

    /// The total rate, in reference cores, while `busy` cores work.
    #[must_use]
    pub fn total(self, busy: u32) -> f64 {
        if busy == 0 {
            return 0.0;
        }
        let (n, others) = (f64::from(busy), f64::from(busy - 1));
        n / (1.0 + self.contention * others + self.coherency * n * others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_cores_add_up_and_contention_takes_its_share() {
        assert_eq!((0..5).map(|n| Scaling::linear(4).total(n)).collect::<Vec<_>>(), [0.0, 1.0, 2.0, 3.0, 4.0]);
        let scaling = Scaling { cores: 4, contention: 0.1, coherency: 0.01 };
        assert_eq!(scaling.total(1), 1.0);
        assert!((scaling.total(4) - 4.0 / 1.42).abs() < 1e-15);
    }
}
