//! How a design does as its people become more: percentiles against users, and the most of them for whom it holds.
//!
//! What multiplication says is tried by simulation: the load at which the first resource reaches its limit, some loads
//! below it and one above. Where a level is missed before that, the load is halved in on between the last that held and the
//! first that did not.

use super::candidates::Candidate;
use super::judged::{Judged, Test};
use super::state::{Bench, State};
use super::usage::{Use, uses};
use crate::experiment::{
    Control, Execution, Failure, REPLICATIONS, Response, Rule, StopReason, Summary, Verdict, replicate, summarise,
};
use crate::scenario::{Plan, Scenario, Stream};
use crate::stats::Estimate;
use crate::units::Time;
use serde::Serialize;

/// Loads that are simulated, as parts of the one at which the first resource reaches its limit.
const PARTS: [f64; 6] = [0.25, 0.5, 0.75, 0.9, 1.0, 1.1];
/// Steps between a load that holds and one that does not: an eighth of their distance.
const HALVINGS: u32 = 3;
/// A point is a glance and no proof: the search has tested today's load for longer. So many replications of so many sessions,
/// and of a steady load at least so long; where fewer people come, as much as the search does.
const GLANCES: u64 = 5;
const SESSIONS: f64 = 4_000.0;
const GLANCE: Time = Time::from_secs(600);

/// A design under other loads.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// In the order of the load, and of the states.
    pub points: Vec<CurvePoint>,
    /// The most for which it holds.
    pub supported: Supported,
}

/// A load in a state.
#[derive(Debug, Clone, PartialEq)]
pub struct CurvePoint {
    /// Times today's load.
    pub load_factor: f64,
    /// The people that bring it; none where there are only bare streams.
    pub users: Option<u64>,
    /// What is up.
    pub state: State,
    /// The worst utilisation of any resource, by multiplication.
    pub utilisation_ratio: f64,
    /// In the order of their names.
    pub levels: Vec<LevelPoint>,
    /// How many replications it is from.
    pub replications: u64,
}

/// A service level under a load.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelPoint {
    /// Its name.
    pub name: String,
    /// What was tested, in words: the limit at the plan's margin.
    pub limit: String,
    /// What was tested for nothing moved, in seconds.
    pub limit_s: f64,
    /// Whether more is allowed for what is moved.
    pub grows_with_size: bool,
    /// The share that must be in time.
    pub share_ratio: f64,
    /// What the level is about.
    pub response_s: Response,
    /// The share that was.
    pub in_time_ratio: Estimate,
    /// Whether the level holds.
    pub met: bool,
}

/// The greatest load for which a design holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Supported {
    /// Times today's load.
    pub growth_factor: f64,
    /// The people; absent where there are only bare streams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<u64>,
    /// The part of it that today's load leaves.
    pub residual_capacity_ratio: f64,
    /// What is in the way of more: a level, where one is missed before any resource reaches its limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed_level: Option<String>,
}

/// Where a resource reaches its limit first, and then the curve up to there; none where nothing grows with the people, or the
/// search was stopped.
///
/// # Errors
/// When the program's own invariants do not hold in a simulation.
pub(super) fn curve(
    scenario: &Scenario,
    plan: &Plan,
    chosen: &Judged,
    (rule, control): (Rule, &Control),
) -> Result<Option<Curve>, Failure> {
    let states: Vec<State> = State::asked(plan.survive, &chosen.candidate).collect();
    let at_limit = super::limits::limits(scenario, plan, &chosen.candidate);
    let Some(full) = at_limit.first().map(|limit| limit.growth_factor).filter(|factor| factor.is_finite()) else {
        return Ok(None);
    };
    let full = full.max(1.0);
    let candidate = &chosen.candidate;
    let mut drawing = Drawing { scenario, plan, candidate, states, rule, control, points: Vec::new() };
    drawing.today(&chosen.tests);
    let (mut holds, mut missed) = (1.0, None);
    for factor in PARTS.map(|part| part * full) {
        let Some(point) = drawing.at(factor)? else { return Ok(None) };
        match point {
            None if factor > holds && factor <= full && missed.is_none() => holds = factor,
            Some(level) if factor > 1.0 && factor <= full && missed.is_none() => missed = Some((factor, level)),
            _ => {}
        }
    }
    for _ in 0..HALVINGS {
        let Some((fails, _)) = &missed else { break };
        let factor = f64::midpoint(holds, *fails);
        match drawing.at(factor)? {
            None => return Ok(None),
            Some(None) => holds = factor,
            Some(Some(level)) => missed = Some((factor, level)),
        }
    }
    let mut points = drawing.points;
    points.sort_by(|a, b| a.load_factor.total_cmp(&b.load_factor).then(a.state.cmp(&b.state)));
    let users = (scenario.users > 0).then_some((scenario.users as f64 * holds) as u64);
    let supported = Supported {
        growth_factor: holds,
        users,
        residual_capacity_ratio: 1.0 - 1.0 / holds,
        missed_level: missed.map(|(_, level)| level),
    };
    Ok(Some(Curve { points, supported }))
}

struct Drawing<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    candidate: &'a Candidate,
    states: Vec<State>,
    rule: Rule,
    control: &'a Control,
    points: Vec<CurvePoint>,
}

impl Drawing<'_> {
    /// What the search has found out.
    fn today(&mut self, tests: &[Test]) {
        let mut bench = Bench::new(self.scenario, self.plan);
        for test in tests.iter().filter(|test| self.states.contains(&test.state)) {
            let Some(scenario) = bench.put(self.candidate, test.state) else { continue };
            self.points.push(point(scenario, test.state, 1.0, &test.summary));
        }
    }

    /// A load in every state that is asked for: the first level that is missed, if any is. None when it was stopped.
    fn at(&mut self, factor: f64) -> Result<Option<Option<String>>, Failure> {
        let mut grown = self.scenario.times(factor);
        let replications = self.shorten(&mut grown);
        let mut bench = Bench::new(&grown, self.plan);
        let mut missed = None;
        for state in &self.states {
            let Some(scenario) = bench.play(self.candidate, *state) else { continue };
            if uses(scenario, *state).iter().any(|used| used.firm >= 1.0) {
                // What falls behind for ever has no percentiles.
                continue;
            }
            let run = replicate(scenario, Rule::Count(replications), self.control, Execution::InOrder)?;
            if run.stop_reason == StopReason::Cancelled {
                return Ok(None);
            }
            let summary = summarise(scenario, &run.records, run.stop_reason);
            if summary.verdict == Verdict::Missed {
                let first = summary.levels.iter().find(|level| !level.met);
                missed = missed.or_else(|| first.map(|level| level.name.clone()));
            }
            self.points.push(point(scenario, *state, factor, &summary));
        }
        Ok(Some(missed))
    }

    /// Takes as little of the window as says enough; how many replications it takes.
    fn shorten(&self, scenario: &mut Scenario) -> u64 {
        let per_s: f64 = scenario.streams.iter().map(|stream| stream.mean_per_s).sum();
        if is_steady(scenario) && per_s > 0.0 {
            let enough = Time::from_secs_f64((SESSIONS / per_s).min(scenario.window.as_secs_f64()));
            scenario.window = scenario.window.min(GLANCE.max(enough));
        }
        let usual = match self.rule {
            Rule::Count(count) => count,
            Rule::Precision(_) => REPLICATIONS,
        };
        if per_s * scenario.window.as_secs_f64() < SESSIONS { usual } else { usual.min(GLANCES) }
    }
}

/// Whether any time of the window is like any other.
fn is_steady(scenario: &Scenario) -> bool {
    let changes = scenario.streams.iter().any(Stream::changes);
    !changes && scenario.faults.is_empty() && scenario.background.is_empty()
}

fn point(scenario: &Scenario, state: State, load_factor: f64, summary: &Summary) -> CurvePoint {
    let levels = scenario.levels.iter().zip(&summary.levels).map(|(level, found)| {
        let service = &summary.services[&scenario.services[level.service].name];
        let operation = level.operation.map(|operation| &service.operations[&scenario.operations[operation].name]);
        LevelPoint {
            name: level.name.clone(),
            limit: level.under.to_string(),
            limit_s: level.under.fixed.as_secs_f64(),
            grows_with_size: level.under.size_over.is_some(),
            share_ratio: level.share,
            response_s: operation.map_or(service.response_s, |operation| operation.response_s),
            in_time_ratio: found.estimate,
            met: found.met,
        }
    });
    CurvePoint {
        load_factor,
        users: (scenario.users > 0).then_some(scenario.users),
        state,
        utilisation_ratio: uses(scenario, state).iter().map(|used: &Use| used.utilisation).fold(0.0, f64::max),
        levels: levels.collect(),
        replications: summary.replications,
    }
}
