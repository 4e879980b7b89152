//! A candidate and what became of it.

use super::candidates::Candidate;
use super::reason::{Decision, Reason, Stage};
use super::state::{Bench, State};
use crate::experiment::{Control, Execution, Failure, Rule, StopReason, Summary, replicate, summarise};

/// A candidate simulated in a state, under the levels at the plan's margin.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What was up.
    pub state: State,
    /// What came out.
    pub summary: Summary,
}

/// A candidate and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The design.
    pub candidate: Candidate,
    /// How far it came.
    pub stage: Stage,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: Reason,
    /// Simulations, in the order of the states. One that was turned down may lack the states that were not needed.
    pub tests: Vec<Test>,
    /// The worst utilisation over its limit in the states that are asked for: above 1, the screen turned it down, unless
    /// the utilisation is only an upper bound.
    pub fullness: f64,
}

/// Simulates a candidate in a state; none when it was stopped, or when nothing is left of it then.
pub(super) fn test(
    bench: &mut Bench,
    candidate: &Candidate,
    state: State,
    rule: Rule,
    control: &Control,
) -> Result<Option<Test>, Failure> {
    let Some(scenario) = bench.play(candidate, state) else { return Ok(None) };
    let run = replicate(scenario, rule, control, Execution::InOrder)?;
    if run.stop_reason == StopReason::Cancelled {
        return Ok(None);
    }
    Ok(Some(Test { state, summary: summarise(scenario, &run.records, run.stop_reason) }))
}
