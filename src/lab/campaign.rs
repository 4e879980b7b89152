//! The runs of a campaign in their order: every point once with the first seed, then with the second, and so on, so that what
//! drifts in a day comes to all points alike.

use crate::validation::measured::Campaign;

/// A run that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The point.
    pub point: String,
    /// The seed.
    pub seed: u64,
    /// The file for its figures, below the directory of the campaign.
    pub file: String,
}

/// All runs, in their order.
#[must_use]
pub fn runs(campaign: &Campaign) -> Vec<Planned> {
    let of = |seed: u64| {
        campaign.points.keys().map(move |point| Planned {
            point: point.clone(),
            seed,
            file: format!("{point}-{seed}.json"),
        })
    };
    campaign.seeds.iter().flat_map(|seed| of(*seed)).collect()
}
