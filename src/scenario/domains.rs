//! The mail domains of a population, as a switch that looks at contents sees them.

/// Domains from `first` on, among those of all populations; the largest first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Domains {
    /// How many those before have.
    pub first: u64,
    /// How many there are, at least 1.
    pub number: u64,
    /// Zipf's exponent of their sizes: the `k`-th has `k^-skew` of what the first has.
    pub skew: f64,
}
