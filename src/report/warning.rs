//! What a user should know before believing a result: what, why, and which key helps.

use super::number;
use crate::analytic::{Appraisal, WINDOW_IN_RELAXATION_TIMES};
use crate::scenario::Scenario;

/// The warnings about a scenario.
#[must_use]
pub fn warnings(scenario: &Scenario, appraisal: &Appraisal) -> Vec<String> {
    let mut warnings = Vec::new();
    for station in appraisal.normal.stations.iter().filter(|station| station.utilisation >= 1.0) {
        let resource = station.resource.name();
        let node = &scenario.cluster.nodes[station.node].name;
        let used = number::ratio(station.utilisation);
        warnings.push(if station.falls_behind() {
            format!(
                "the {resource} of `{node}` can't keep up: it is offered {used} of its capacity, so waiting times grow \
                 as long as the window lasts; take a faster `tier`, or more nodes with `count`"
            )
        } else {
            format!(
                "the {resource} of `{node}` may be full: it is offered at most {used} of its capacity, by a load that \
                 limits itself, so waiting is long and does not grow; take a faster `tier`, or more nodes with `count`"
            )
        });
    }
    let settling = &appraisal.settling;
    if !settling.window_suffices && settling.relaxation_s.is_finite() {
        warnings.push(format!(
            "the window of {} is shorter than {WINDOW_IN_RELAXATION_TIMES} relaxation times of {}, so intervals come \
             out too narrow; write a longer `time.window`, at least `{:.0} s`",
            scenario.window,
            number::seconds(settling.relaxation_s),
            (WINDOW_IN_RELAXATION_TIMES * settling.relaxation_s).ceil(),
        ));
    }
    warnings
}
