//! What is looked into after the choice, so that its reasons are measured: other loads, the failure of each of its parts, and
//! whether balancing is warranted at all.

use super::balancing::{Balancing, Known, balancing};
use super::candidates::{Candidate, enumerate, in_order_of};
use super::curve::{Curve, curve};
use super::judged::{Judged, Test, test};
use super::limits::limits;
use super::screen::exceeds;
use super::state::{Bench, State};
use super::trial::{Trial, parts_of, trial};
use super::usage::uses;
use crate::analytic::space;
use crate::experiment::{Control, Failure, Rule, Verdict};
use crate::scenario::{Configuration, Plan, Role, Scenario, Survive};

/// Replications of a failure: what it does is large beside chance.
const GLANCE: u64 = 5;

/// What is known of a choice beside the search.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// Under other loads; none where nothing grows with the people.
    pub curve: Option<Curve>,
    /// One failure of each of its parts, the worst first.
    pub trials: Vec<Trial>,
    /// Whether balancing is warranted.
    pub balancing: Balancing,
}

/// Looks into the choice among the candidates of a search; none when it was stopped.
///
/// # Errors
/// When the program's own invariants do not hold in a simulation.
pub(super) fn study(
    (scenario, plan): (&Scenario, &Plan),
    judged: &[Judged],
    chosen: usize,
    (rule, control): (Rule, &Control),
) -> Result<Option<Study>, Failure> {
    let glance = match rule {
        Rule::Count(count) => Rule::Count(count.min(GLANCE)),
        Rule::Precision(_) => Rule::Count(GLANCE),
    };
    let mut desk = Desk { scenario, plan, judged, chosen, bench: Bench::new(scenario, plan), rule, glance, control };
    let Some(trials) = desk.trials(&judged[chosen].candidate)? else { return Ok(None) };
    let Some(balancing) = desk.balancing(&trials)? else { return Ok(None) };
    let curve = curve(scenario, plan, &judged[chosen], (rule, control))?;
    Ok((!control.is_cancelled()).then_some(Study { curve, trials, balancing }))
}

struct Desk<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    judged: &'a [Judged],
    chosen: usize,
    bench: Bench,
    rule: Rule,
    /// Of what needs no narrow interval.
    glance: Rule,
    control: &'a Control,
}

impl Desk<'_> {
    /// Every part of a candidate fails once, the worst first. None when it was stopped.
    fn trials(&mut self, candidate: &Candidate) -> Result<Option<Vec<Trial>>, Failure> {
        let mut trials = Vec::new();
        for part in parts_of(&mut self.bench, candidate) {
            match trial(&mut self.bench, candidate, &part, self.glance, self.control)? {
                Some(trial) => trials.push(trial),
                None => return Ok(None),
            }
        }
        trials.sort_by(|a, b| {
            b.failed_ratio.estimate.partial_cmp(&a.failed_ratio.estimate).unwrap_or(std::cmp::Ordering::Equal)
        });
        Ok(Some(trials))
    }

    /// None when it was stopped.
    fn balancing(&mut self, trials: &[Trial]) -> Result<Option<Balancing>, Failure> {
        let Some(single) = self.single()? else { return Ok(None) };
        let Some(shared) = self.balanced(trials)? else { return Ok(None) };
        let known = shared.as_ref().map(Found::known);
        Ok(Some(balancing(&single.known(), known.as_ref(), self.plan.survive)))
    }

    /// The single server that speaks best for single servers: the first in the order of preference that has room and holds,
    /// else the roomiest.
    fn single(&mut self) -> Result<Option<Found>, Failure> {
        let alone = Plan { configurations: vec![Configuration::StandAlone], ..self.plan.clone() };
        let mut singles = enumerate(self.scenario, &alone);
        singles.sort_by(in_order_of(self.plan.prefer));
        let full: Vec<f64> = singles.iter().map(|single| self.fullness(single)).collect();
        let roomiest = (0..singles.len()).fold(0, |best, index| if full[index] < full[best] { index } else { best });
        let scales_to = self.growth(&singles[roomiest]);
        let first = full.iter().position(|fullness| !exceeds(*fullness, 1.0));
        // Where the choice is one of them there is nothing to look for.
        let chosen = singles.iter().position(|single| single.id == self.judged[self.chosen].candidate.id);
        let mut found = None;
        for index in chosen.or(first).into_iter().chain([roomiest]) {
            let Some(next) = self.find(&singles[index], (full[index], scales_to), None)? else {
                return Ok(None);
            };
            let holds = next.holds == Some(true);
            found = Some(next);
            if holds {
                break;
            }
        }
        let Some(mut found) = found else { return Ok(None) };
        if found.test.is_some() {
            let parts = parts_of(&mut self.bench, &found.candidate);
            let Some(server) = parts.iter().find(|(_, role)| role.starts_with(Role::Primary.name())) else {
                return Ok(Some(found));
            };
            found.trial = trial(&mut self.bench, &found.candidate, server, self.glance, self.control)?;
            if found.trial.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(found))
    }

    /// The choice, if its servers share the load; else the first in the order that does and has room. None inside where there
    /// is no such, and outside when it was stopped.
    fn balanced(&mut self, trials: &[Trial]) -> Result<Option<Option<Found>>, Failure> {
        let all = self.judged;
        let shares = |index: &usize| all[*index].candidate.routing.is_some();
        let has_room = |index: &usize| all[*index].fullness <= 1.0;
        let first = || (0..all.len()).filter(shares).find(has_room);
        let Some(index) = Some(self.chosen).filter(shares).or_else(first) else { return Ok(Some(None)) };
        let judged = &all[index];
        let fullness = self.fullness(&judged.candidate);
        let buildable = all.iter().filter(|judged| judged.reason.code.is_about_load());
        let shared = buildable.map(|judged| &judged.candidate).filter(|candidate| candidate.routing.is_some());
        let rooms: Vec<(f64, &Candidate)> = shared.map(|candidate| (self.fullness(candidate), candidate)).collect();
        let roomiest = rooms.iter().min_by(|a, b| a.0.total_cmp(&b.0)).map_or(&judged.candidate, |(_, own)| *own);
        let scales_to = self.growth(roomiest);
        let primary = |trial: &&Trial| trial.role.contains(Role::Primary.name());
        let own = if index == self.chosen { trials.iter().find(primary).cloned() } else { None };
        let Some(mut found) = self.find(&judged.candidate, (fullness, scales_to), own)? else { return Ok(None) };
        if found.trial.is_none() {
            let Some(trials) = self.servers_fail(&judged.candidate)? else { return Ok(None) };
            found.trial = trials;
        }
        Ok(Some(Some(found)))
    }

    /// The worst of the kinds of server that fail.
    fn servers_fail(&mut self, candidate: &Candidate) -> Result<Option<Option<Trial>>, Failure> {
        let mut worst: Option<Trial> = None;
        for part in parts_of(&mut self.bench, candidate).iter().filter(|(_, role)| role.contains(Role::Primary.name()))
        {
            let Some(next) = trial(&mut self.bench, candidate, part, self.glance, self.control)? else {
                return Ok(None);
            };
            if worst.as_ref().is_none_or(|worst| next.failed_ratio.estimate > worst.failed_ratio.estimate) {
                worst = Some(next);
            }
        }
        Ok(Some(worst))
    }

    /// A candidate with every node up, as the search has found it or simulated now unless it can't keep up. None when it was
    /// stopped.
    fn find(
        &mut self,
        candidate: &Candidate,
        (fullness, scales_to): (f64, f64),
        trial: Option<Trial>,
    ) -> Result<Option<Found>, Failure> {
        let known = self.judged.iter().find(|judged| judged.candidate.id == candidate.id);
        let known = known.and_then(|judged| judged.tests.iter().find(|test| test.state == State::Normal)).cloned();
        let keeps_up = !exceeds(fullness * self.plan.margin, 1.0);
        let test = match known {
            Some(known) => Some(known),
            None if !keeps_up => None,
            None => match test(&mut self.bench, candidate, State::Normal, self.rule, self.control)? {
                Some(test) => Some(test),
                None => return Ok(None),
            },
        };
        let holds = test.as_ref().map(|test| test.summary.verdict == Verdict::Met && !exceeds(fullness, 1.0));
        Ok(Some(Found { candidate: candidate.clone(), fullness, test, holds, trial, scales_to }))
    }

    /// The worst utilisation over its limit with every node up, the disk of the store included.
    fn fullness(&mut self, candidate: &Candidate) -> f64 {
        let Some(scenario) = self.bench.put(candidate, State::Normal) else { return f64::INFINITY };
        let used = uses(scenario, State::Normal).iter().map(|used| used.firm).fold(0.0, f64::max);
        let full = space(scenario).and_then(|space| space.used_ratio()).unwrap_or(0.0);
        full.max(used / self.plan.margin)
    }

    /// How many times today's load a candidate carries with every node up.
    fn growth(&self, candidate: &Candidate) -> f64 {
        let normal = Plan { survive: Survive::None, ..self.plan.clone() };
        limits(self.scenario, &normal, candidate).first().map_or(f64::INFINITY, |limit| limit.growth_factor)
    }
}

/// A candidate that was looked into.
struct Found {
    candidate: Candidate,
    fullness: f64,
    test: Option<Test>,
    holds: Option<bool>,
    trial: Option<Trial>,
    scales_to: f64,
}

impl Found {
    fn known(&self) -> Known<'_> {
        Known {
            candidate: &self.candidate,
            fullness: self.fullness,
            summary: self.test.as_ref().map(|test| &test.summary),
            holds: self.holds,
            trial: self.trial.as_ref(),
            scales_to: self.scales_to,
        }
    }
}
