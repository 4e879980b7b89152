//! What a user should know before believing a result: what, why, and which key helps.

use super::number;
use crate::analytic::{Appraisal, WINDOW_IN_RELAXATION_TIMES};
use crate::experiment::Drift;
use crate::scenario::{Route, Scenario, Survive};

/// The warnings about a scenario.
#[must_use]
pub fn warnings(scenario: &Scenario, appraisal: &Appraisal) -> Vec<String> {
    let mut warnings = Vec::new();
    for station in appraisal.normal.stations.iter().filter(|station| station.utilisation >= 1.0) {
        let resource = station.resource.name();
        let node = station.owner(&scenario.cluster);
        let remedy = match scenario.cluster.nodes.get(station.node) {
            Some(_) => "take a faster `tier`, or more nodes with `count`",
            None => "take a switch with a higher limit in `[switch]`",
        };
        let used = number::ratio(station.utilisation);
        warnings.push(if station.falls_behind() {
            format!(
                "the {resource} of `{node}` can't keep up: it is offered {used} of its capacity, so waiting times grow \
                 as long as the window lasts; {remedy}"
            )
        } else {
            format!(
                "the {resource} of `{node}` may be full: it is offered at most {used} of its capacity, by a load that \
                 limits itself, so waiting is long and does not grow; {remedy}"
            )
        });
    }
    let unwatched = unwatched(scenario);
    if !unwatched.is_empty() {
        warnings.push(format!(
            "the switch never finds out that a node of {} is down, and goes on to send people there; write for example \
             `check = {{ kind = \"service\" }}` below `[routing.default.switch]`",
            unwatched.join(" and ")
        ));
    }
    let alone = alone(scenario);
    if !alone.is_empty() {
        warnings.push(format!(
            "the monitor can do nothing about the node of {}, as there is no other; write a second one",
            alone.join(" and ")
        ));
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

/// What a reader should know of a service that had not settled when the window began.
#[must_use]
pub fn drift(drift: &Drift) -> String {
    let Drift { service, minutes, ratio } = drift;
    format!(
        "the first {minutes} minutes of the window are unlike the others: {} times as many sessions of {service} were under way \
         (MSER-5 over the replications); the cluster settles more slowly than the warm-up is long, write a longer \
         `time.warm_up`",
        number::plain(*ratio)
    )
}

/// Services of which a node fails by script, or may fail by the plan, behind a switch that does not check.
fn unwatched(scenario: &Scenario) -> Vec<String> {
    let cluster = &scenario.cluster;
    let fails = |service: usize| {
        scenario.faults.iter().any(|fault| {
            let is_about = fault.component.service().is_none_or(|other| other == service);
            let nodes = fault.component.nodes(cluster);
            fault.kind.takes_away() && is_about && nodes.iter().any(|node| cluster.nodes[*node].serves(service))
        })
    };
    let is_blind = |service: usize| {
        let route = cluster.route(service);
        let never_looks = matches!(route, Some(Route::Switch(switch)) if switch.check.is_none());
        cluster.is_behind_switch(service) && never_looks && scenario.monitor.is_none()
    };
    let must_outlast = scenario.plan.as_ref().is_some_and(|plan| plan.survive == Survive::OneNode);
    let services =
        (0..scenario.services.len()).filter(|service| is_blind(*service) && (must_outlast || fails(*service)));
    services.map(|service| format!("`{}`", scenario.services[service].name)).collect()
}

/// Services from which the monitor can take no node, as there is no other.
fn alone(scenario: &Scenario) -> Vec<String> {
    let is_alone = |service: &usize| scenario.monitor.is_some() && !scenario.cluster.can_do_without(*service);
    let services = (0..scenario.services.len()).filter(is_alone);
    services.map(|service| format!("`{}`", scenario.services[service].name)).collect()
}
