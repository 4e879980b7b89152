//! The runs of a campaign in their order: every point once with the first seed, then with the second, and so on, so that what
//! drifts in a day comes to all points alike.

use super::campaign::Campaign;

/// A run that belongs to a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The point.
    pub point: String,
    /// The seed.
    pub seed: u64,
    /// The file for its figures, in the directory of the runs.
    pub file: String,
}

impl Campaign {
    /// All runs, in their order.
    #[must_use]
    pub fn runs(&self) -> Vec<Planned> {
        let of = |seed: u64| {
            self.points.keys().map(move |point| Planned {
                point: point.clone(),
                seed,
                file: format!("{point}-{seed}.json"),
            })
        };
        self.seeds.iter().flat_map(|seed| of(*seed)).collect()
    }
}
