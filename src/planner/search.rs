//! The search: all candidates screened, survivors simulated in the order of preference until one holds.
//!
//! Nothing that comes after the choice is simulated, except at most two for the reader's sake: the runner-up and the
//! next cheaper survivor, so that what they would do is measured and not guessed. Candidates are simulated one after
//! another and each by all threads, so the outcome is the same whatever the threads.

use super::candidates::{Candidate, ahead};
use super::judged::{Judged, Test, test};
use super::reason::{Decision, Reason, ReasonCode, Stage};
use super::screen::{exceeds, screen};
use super::state::{Bench, State};
use super::study::{Study, study};
use super::usage::uses;
use crate::experiment::{Control, Failure, LevelSummary, Rule, Verdict};
use crate::scenario::{Plan, Scenario, Survive};
use crate::units::{grouped, three_digits};

/// A finished search, or what was finished of one that was stopped.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What was searched.
    pub plan: Plan,
    /// Every candidate, in the order of preference.
    pub judged: Vec<Judged>,
    /// The choice; none when no candidate holds.
    pub chosen: Option<usize>,
    /// The next survivor of the screen after the choice.
    pub runner_up: Option<usize>,
    /// The dearest of those cheaper than the choice: of the survivors of the screen, else of all.
    pub next_cheaper: Option<usize>,
    /// What was looked into after the choice; none where nothing is chosen, or the search was stopped before its end.
    pub study: Option<Study>,
    /// Whether the search was stopped.
    pub cancelled: bool,
}

impl Outcome {
    /// Candidates that were simulated in at least one state.
    #[must_use]
    pub fn simulated(&self) -> usize {
        self.judged.iter().filter(|judged| !judged.tests.is_empty()).count()
    }

    /// Sessions simulated, in the measured windows of all tests.
    #[must_use]
    pub fn sessions(&self) -> u64 {
        let summaries = self.judged.iter().flat_map(|judged| &judged.tests).map(|test| &test.summary);
        summaries.flat_map(|summary| summary.services.values()).map(|service| service.offered).sum()
    }
}

/// Searches candidates that stand in the order of preference, and of their names where that is equal.
///
/// # Errors
/// When the program's own invariants do not hold in a simulation.
pub fn search(
    scenario: &Scenario,
    plan: &Plan,
    candidates: Vec<Candidate>,
    rule: Rule,
    control: &Control,
) -> Result<Outcome, Failure> {
    let mut search = Search { bench: Bench::new(scenario, plan), plan, rule, control, judged: Vec::new() };
    for candidate in candidates {
        let judged = search.screened(candidate);
        search.judged.push(judged);
    }
    // Of equals the one with more room comes first; the sort is stable, so the name decides last.
    let preferred = ahead(plan.prefer);
    search.judged.sort_by(|a, b| preferred(&a.candidate, &b.candidate).then_with(|| a.fullness.total_cmp(&b.fullness)));
    let chosen = search.first_to_hold()?;
    let (mut runner_up, mut next_cheaper) = (None, None);
    if let Some(chosen) = chosen {
        search.print_without_one_node(chosen)?;
        runner_up = search.survivors().find(|index| *index > chosen);
        next_cheaper = search.next_cheaper(chosen);
        for index in [runner_up, next_cheaper].into_iter().flatten() {
            search.beside(index, chosen)?;
        }
        search.leave_the_rest(chosen);
    }
    let plan = plan.clone();
    let judged = search.judged;
    let mut outcome = Outcome { plan, judged, chosen, runner_up, next_cheaper, study: None, cancelled: false };
    if let Some(chosen) = chosen {
        outcome.study = study((scenario, &outcome.plan), &outcome.judged, chosen, (rule, control))?;
    }
    outcome.cancelled = control.is_cancelled();
    Ok(outcome)
}

struct Search<'a> {
    bench: Bench,
    plan: &'a Plan,
    rule: Rule,
    control: &'a Control,
    judged: Vec<Judged>,
}

impl Search<'_> {
    fn screened(&mut self, candidate: Candidate) -> Judged {
        let reason = |code, text: &str| Reason { code, text: text.to_owned() };
        // A search that was stopped says so at once, also of thousands of candidates.
        let stopped = self.control.is_cancelled();
        let screened = if stopped { Ok(0.0) } else { screen(&mut self.bench, self.plan, &candidate) };
        let (stage, decision, reason, fullness) = match screened {
            Err(rejection) => (Stage::Screen, Decision::Rejected, rejection.reason, rejection.fullness),
            // What is left at the end has not been reached.
            Ok(fullness) => {
                let reason = reason(ReasonCode::Cancelled, "the search was stopped before it could be judged");
                (Stage::NotReached, Decision::Undecided, reason, fullness)
            }
        };
        Judged { candidate, stage, decision, reason, tests: Vec::new(), fullness }
    }

    /// Survivors of the screen, in order.
    fn survivors(&self) -> impl Iterator<Item = usize> + use<'_> {
        self.judged.iter().enumerate().filter(|(_, judged)| judged.stage != Stage::Screen).map(|(index, _)| index)
    }

    fn first_to_hold(&mut self) -> Result<Option<usize>, Failure> {
        for index in self.survivors().collect::<Vec<_>>() {
            match self.judge(index)? {
                None => return Ok(None),
                Some(false) => {}
                Some(true) => {
                    let text = "the first in the order of preference that holds".to_owned();
                    let judged = &mut self.judged[index];
                    judged.stage = Stage::Chosen;
                    judged.decision = Decision::Chosen;
                    judged.reason = Reason { code: ReasonCode::FirstToHold, text };
                    return Ok(Some(index));
                }
            }
        }
        Ok(None)
    }

    /// Simulates a candidate in every state that is asked for, the hardest first, until one is missed. Whether it holds;
    /// none when the search was stopped meanwhile.
    fn judge(&mut self, index: usize) -> Result<Option<bool>, Failure> {
        for state in State::asked(self.plan.survive, &self.judged[index].candidate).rev() {
            let Some(test) = self.test(index, state)? else {
                self.judged[index].tests.clear();
                return Ok(None);
            };
            let missed = (test.summary.verdict != Verdict::Met).then(|| missed(&test));
            let judged = &mut self.judged[index];
            judged.tests.insert(0, test);
            if let Some(reason) = missed {
                judged.stage = Stage::Simulated;
                judged.decision = Decision::Rejected;
                judged.reason = reason;
                return Ok(Some(false));
            }
        }
        Ok(Some(true))
    }

    /// None when the search was stopped.
    fn test(&mut self, index: usize, state: State) -> Result<Option<Test>, Failure> {
        test(&mut self.bench, &self.judged[index].candidate, state, self.rule, self.control)
    }

    /// Where nothing must be outlasted, what a node's loss would do is measured all the same, and rejects nothing.
    fn print_without_one_node(&mut self, chosen: usize) -> Result<(), Failure> {
        if self.plan.survive == Survive::OneNode {
            return Ok(());
        }
        for state in [State::OnePrimaryDown, State::OneMailPrimaryDown] {
            let scenario = self.bench.put(&self.judged[chosen].candidate, state);
            if scenario.is_some_and(|scenario| uses(scenario, state).iter().all(|used| !exceeds(used.firm, 1.0))) {
                let test = self.test(chosen, state)?;
                self.judged[chosen].tests.extend(test);
            }
        }
        Ok(())
    }

    fn next_cheaper(&self, chosen: usize) -> Option<usize> {
        let cheaper = |index: &usize| self.judged[*index].candidate.cost < self.judged[chosen].candidate.cost;
        // The first of equals in the order of preference; one that can't outlast anything says nothing.
        let cost = |index: &usize| (self.judged[*index].candidate.cost, std::cmp::Reverse(*index));
        let all = (0..self.judged.len()).filter(|i| self.judged[*i].reason.code.is_about_load());
        self.survivors().filter(cheaper).max_by_key(cost).or_else(|| all.filter(cheaper).max_by_key(cost))
    }

    /// Simulates one that is shown beside the choice, unless it has been judged.
    fn beside(&mut self, index: usize, chosen: usize) -> Result<(), Failure> {
        if self.judged[index].stage == Stage::NotReached && self.judge(index)? == Some(true) {
            let text = format!("holds too; {}", against(&self.judged[index].candidate, &self.judged[chosen].candidate));
            let judged = &mut self.judged[index];
            judged.stage = Stage::Simulated;
            judged.decision = Decision::NotNeeded;
            judged.reason = Reason { code: ReasonCode::HoldsToo, text };
        }
        Ok(())
    }

    fn leave_the_rest(&mut self, chosen: usize) {
        let choice = self.judged[chosen].candidate.clone();
        for judged in self.judged.iter_mut().filter(|judged| judged.stage == Stage::NotReached) {
            let text = format!("comes after the choice: {}", against(&judged.candidate, &choice));
            judged.decision = Decision::NotNeeded;
            judged.reason = Reason { code: ReasonCode::NotReached, text };
        }
    }
}

/// The level that is missed most, or what came before any level could be judged.
fn missed(test: &Test) -> Reason {
    if let Some(crowd) = &test.summary.overfull {
        let (state, at) = (test.state.words(), three_digits(crowd.at_s as u64));
        let (what, held) = crowd.most();
        let text = format!(
            "more than a simulation holds {state}: after {at} s {} {what} were under way, most at `{}`",
            grouped(held),
            crowd.node
        );
        return Reason { code: ReasonCode::Overfull, text };
    }
    let margin = |level: &LevelSummary| level.margin_ratio.unwrap_or(f64::NEG_INFINITY);
    let levels = test.summary.levels.iter().filter(|level| !level.met);
    let worst = levels.reduce(|worst, next| if margin(next) < margin(worst) { next } else { worst });
    let state = test.state.words();
    let text = worst.map_or_else(String::new, |level| {
        let percent = |share: Option<f64>| share.map_or("none".to_owned(), |share| format!("{:.2} %", share * 100.0));
        let in_time = percent(level.estimate.estimate);
        let low = percent(level.estimate.low);
        format!(
            "`{}` missed {state}: {in_time} in time (no less than {low} for sure), asked for {}",
            level.name, level.limit
        )
    });
    Reason { code: ReasonCode::LevelMissed, text }
}

/// What sets a candidate apart from the choice, in money and complexity.
fn against(candidate: &Candidate, choice: &Candidate) -> String {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let money = match candidate.cost.cmp(&choice.cost) {
        Equal => "costs as much".to_owned(),
        Greater => format!("costs {} USD more", grouped((candidate.cost.0 - choice.cost.0) / 100)),
        Less => format!("costs {} USD less", grouped((choice.cost.0 - candidate.cost.0) / 100)),
    };
    let (own, other) = (candidate.complexity, choice.complexity);
    if (candidate.cost, own) == (choice.cost, other) {
        return format!("{money} and is as complex, and has less room");
    }
    let complexity = match own.cmp(&other) {
        Equal => "is as complex".to_owned(),
        Greater => format!("is more complex ({own} against {other})"),
        Less => format!("is less complex ({own} against {other})"),
    };
    format!("{money}, {complexity}")
}
