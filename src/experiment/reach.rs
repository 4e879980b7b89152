//! A precision that there is no hope of, seen before anything is simulated.

use super::MOST_REPLICATIONS;
use crate::analytic::{Prospect, prospect};
use crate::scenario::Scenario;
use crate::stats::CONFIDENCE;
use crate::units::Time;

/// The formula is that of M/M/1, and a scenario is something else: only what it puts so many times beyond the most
/// replications is not tried. What is nearer is judged by the first replications.
const BEYOND: f64 = 10.0;

/// A precision without hope, and what would be within reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BeyondReach {
    /// Replications that it would take, and by which resource.
    pub prospect: Prospect,
    /// A window in which the most replications would do.
    pub window: Time,
}

/// Whether the most replications are far too few for every mean response to be known within this share.
#[must_use]
pub fn beyond_reach(scenario: &Scenario, relative: f64) -> Option<BeyondReach> {
    // As the rule that stops: see `precise_enough`.
    let prospect = prospect(scenario, relative / (1.0 + relative), CONFIDENCE)?;
    let times = prospect.replications / MOST_REPLICATIONS as f64;
    let window = Time::from_secs_f64(scenario.window.as_secs_f64() * times);
    (times > BEYOND).then_some(BeyondReach { prospect, window })
}
