//! The screen: utilisation of every resource, without simulation.
//!
//! The utilisation law holds for any queueing discipline, so what is turned down here could not have held: a resource
//! above the margin is above what the plan allows, and one at 1 falls behind for ever. Whether the service levels hold
//! is another question, and the simulation's. A figure that is only an upper bound turns nothing down: what counts is the
//! part of it that does not limit itself.

use super::candidates::Candidate;
use super::reason::{Reason, ReasonCode};
use super::state::{Bench, State};
use super::usage::{Use, uses};
use crate::analytic::space;
use crate::scenario::nlb::MOST_HOSTS;
use crate::scenario::{Plan, Prices, Route, Scenario, Survive, SwitchPairs};

/// Rounding in sums of utilisations: a candidate exactly at the limit passes.
const ROUNDING: f64 = 1e-9;

/// Why a candidate was turned down, and by how much.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejection {
    /// Why.
    pub reason: Reason,
    /// The worst firm utilisation over its limit; infinite when no node is left.
    pub fullness: f64,
}

/// Whether every resource of a candidate stays within the plan's margin in every state that the plan asks for; then the
/// worst utilisation over its limit, which orders candidates also where it is an upper bound.
///
/// # Errors
/// The rejection: the first state that fails, with its most used resource.
pub fn screen(bench: &mut Bench, plan: &Plan, candidate: &Candidate) -> Result<f64, Rejection> {
    let mut fullness: f64 = 0.0;
    let states = || State::asked(plan.survive, candidate);
    if let Some(reason) = states().find_map(|state| state.leaves_nothing_of(candidate)) {
        return Err(Rejection { reason, fullness: f64::INFINITY });
    }
    let unfit = || single_switch(plan, candidate).or_else(|| no_edition(bench.prices(), candidate));
    if let Some(reason) = unfit() {
        return Err(Rejection { reason, fullness: f64::INFINITY });
    }
    if let Some(rejection) = too_many_hosts(candidate) {
        return Err(rejection);
    }
    for state in states() {
        let Some(scenario) = bench.put(candidate, state) else { continue };
        if let Some(rejection) = does_not_fit(scenario) {
            return Err(rejection);
        }
        let uses = uses(scenario, state);
        let worst = uses.iter().reduce(|worst, next| if next.firm > worst.firm { next } else { worst });
        fullness = uses.iter().fold(fullness, |fullness, used| fullness.max(used.utilisation / plan.margin));
        if let Some(worst) = worst.filter(|worst| exceeds(worst.firm, plan.margin)) {
            return Err(above(worst, plan.margin));
        }
    }
    Ok(fullness)
}

/// A switch is a machine too, where the plan has two of them when one must be outlasted.
fn single_switch(plan: &Plan, candidate: &Candidate) -> Option<Reason> {
    let asked = plan.survive == Survive::OneNode && plan.switch_pair == SwitchPairs::AsNeeded;
    let is_alone = asked && !candidate.pair && candidate.routing.iter().flatten().any(Route::has_switch);
    let text = "nobody gets in with the switch down, which has no second one beside it".to_owned();
    is_alone.then_some(Reason { code: ReasonCode::SingleSwitch, text })
}

/// Machines can balance by themselves where one of their systems has an edition for it.
fn no_edition(prices: &Prices, candidate: &Candidate) -> Option<Reason> {
    let by_itself = candidate.routing.iter().flatten().any(|route| route.nlb().is_some());
    let has_none = by_itself && prices.system(&candidate.tier.systems, true).is_none();
    let text = format!("no system that `{}` runs on has Network Load Balancing", candidate.tier.name);
    has_none.then_some(Reason { code: ReasonCode::NoEdition, text })
}

/// The rejection of a cluster of more hosts than Network Load Balancing takes.
fn too_many_hosts(candidate: &Candidate) -> Option<Rejection> {
    candidate.routing.as_ref()?.iter().find(|route| route.nlb().is_some())?;
    let hosts = candidate.cluster().nlb_clusters().iter().map(|cluster| cluster.hosts.len()).max()?;
    let text = format!("a cluster of Network Load Balancing has at most {MOST_HOSTS} hosts, not {hosts}");
    let fullness = hosts as f64 / MOST_HOSTS as f64;
    let code = ReasonCode::TooManyHosts;
    (hosts > MOST_HOSTS).then_some(Rejection { reason: Reason { code, text }, fullness })
}

/// The rejection of a cluster whose disk of the mail store is too small for the mailboxes of today.
fn does_not_fit(scenario: &Scenario) -> Option<Rejection> {
    let space = space(scenario)?;
    let (ratio, disk) = (space.used_ratio().filter(|ratio| *ratio > 1.0)?, space.disk?);
    let role = scenario.cluster.nodes[scenario.cluster.store()].role.name();
    let (needed, disk) = (space.needed / 1e9, disk as f64 / 1e9);
    let text = format!("{needed:.1} GB of mailboxes do not fit on the {disk:.1} GB of the {role}");
    Some(Rejection { reason: Reason { code: ReasonCode::Space, text }, fullness: ratio })
}

/// Whether a utilisation is above the limit, or at 1, where a queue never ends.
pub(super) fn exceeds(utilisation: f64, limit: f64) -> bool {
    utilisation > limit * (1.0 + ROUNDING) || utilisation >= 1.0 - ROUNDING
}

fn above(worst: &Use, limit: f64) -> Rejection {
    let (what, state) = (worst.what(), worst.state.words());
    let text = format!("{what} at {:.3} {state}, above the limit {limit}", worst.firm);
    Rejection { reason: Reason { code: worst.resource.into(), text }, fullness: worst.firm / limit }
}
