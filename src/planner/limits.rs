//! How far the load can grow until each resource of a design reaches its limit, without simulation.
//!
//! Most utilisations grow in step with the people. Some grow faster: a directory that is read from its beginning, a file
//! cache that holds less and less of what is wanted. So the limit is looked for at loads that are multiplied, and not
//! extrapolated from today's.

use super::candidates::Candidate;
use super::state::{Bench, State};
use super::usage::{Use, uses};
use crate::analytic::space;
use crate::scenario::{Plan, Scenario};

/// Of a load; the profile is not known any better.
const PRECISION: f64 = 1e-6;
/// A load that is so many times today's is none that anybody plans for.
const MOST: f64 = 1e6;

/// A resource and its limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limit {
    /// Which nodes.
    pub(super) role: &'static str,
    /// Which of their resources.
    pub(super) resource: &'static str,
    /// What is up.
    pub(super) state: State,
    /// How far it is used today.
    pub(super) utilisation: f64,
    /// How far it may be used.
    pub(super) limit: f64,
    /// How many times today's load bring it there; infinite where the people do not use it.
    pub(super) growth_factor: f64,
}

/// Every resource in every state that is asked for, the one that reaches its limit first at the beginning.
pub(super) fn limits(scenario: &Scenario, plan: &Plan, candidate: &Candidate) -> Vec<Limit> {
    let mut bench = Bench::new(scenario, plan);
    let mut limits = Vec::new();
    for state in State::asked(plan.survive, candidate) {
        let Some(today) = bench.put(candidate, state).map(|scenario| uses(scenario, state)) else { continue };
        let of = |used: &Use| Limit {
            role: used.role,
            resource: used.resource.name(),
            state,
            utilisation: used.utilisation,
            limit: plan.margin,
            growth_factor: growth(scenario, plan, candidate, used),
        };
        limits.extend(today.iter().map(of));
    }
    if let Some(scenario) = bench.put(candidate, State::Normal) {
        limits.extend(of_space(scenario));
    }
    limits.sort_by(|a, b| a.growth_factor.total_cmp(&b.growth_factor));
    limits
}

/// A disk is full when it is full: nothing gets slower before.
fn of_space(scenario: &Scenario) -> Option<Limit> {
    let utilisation = space(scenario)?.used_ratio()?;
    let role = scenario.cluster.nodes[scenario.cluster.store()].role.name();
    let (resource, state) = ("space", State::Normal);
    Some(Limit { role, resource, state, utilisation, limit: 1.0, growth_factor: 1.0 / utilisation })
}

/// The load at which a resource is used to the plan's margin: today's extrapolated, unless it does not come to that then.
fn growth(scenario: &Scenario, plan: &Plan, candidate: &Candidate, today: &Use) -> f64 {
    let first = today.growth(plan.margin);
    if !first.is_finite() || first <= 0.0 {
        return first;
    }
    let used_at = |factor: f64| {
        let grown = scenario.times(factor);
        let mut bench = Bench::new(&grown, plan);
        let found = bench.put(candidate, today.state).map(|scenario| uses(scenario, today.state));
        let same = |used: &&Use| used.role == today.role && used.resource == today.resource;
        found.iter().flatten().find(same).map_or(0.0, |used| used.utilisation)
    };
    let off = used_at(first) / plan.margin - 1.0;
    if off.abs() < PRECISION {
        return first;
    }
    let (mut low, mut high) = if off > 0.0 { (0.0, first) } else { (first, 2.0 * first) };
    while used_at(high) < plan.margin {
        if high > MOST {
            return f64::INFINITY;
        }
        (low, high) = (high, 2.0 * high);
    }
    while high - low > PRECISION * high {
        let middle = f64::midpoint(low, high);
        if used_at(middle) < plan.margin {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}
