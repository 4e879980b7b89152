//! What each candidate costs, and how long people wait with it: what a reader weighs against each other.

use super::judged::Judged;
use super::reason::{Decision, Stage};
use super::search::Outcome;
use super::state::State;
use crate::stats::Estimate;

/// A candidate by price and time.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Its name.
    pub candidate: String,
    /// In US dollars.
    pub cost_usd: f64,
    /// How far it came.
    pub stage: Stage,
    /// What was decided.
    pub decision: Decision,
    /// Whether the recommendation names it.
    pub standing: Option<Standing>,
    /// None where nothing was simulated.
    pub wait: Option<Wait>,
}

/// What a candidate is in the recommendation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// To be bought.
    Chosen,
    /// The next in the order of preference.
    RunnerUp,
    /// The dearest of those that cost less.
    NextCheaper,
}

impl Standing {
    /// For people, and in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Standing::Chosen => "chosen",
            Standing::RunnerUp => "runner-up",
            Standing::NextCheaper => "next cheaper",
        }
    }
}

/// The longest time at the servers within which 95 % of a service's sessions are done.
#[derive(Debug, Clone, PartialEq)]
pub struct Wait {
    /// Which service.
    pub service: String,
    /// With what up.
    pub state: State,
    /// In seconds. The clients' own lines have no part in it: no cluster makes them faster.
    pub server_p95_s: Estimate,
}

/// Every candidate of a search, in the order of preference.
///
/// Only the states count that are asked for, since the choice alone is tried in others too.
#[must_use]
pub fn offers(outcome: &Outcome) -> Vec<Offer> {
    let standing = |index: usize| {
        let named = [
            (outcome.chosen, Standing::Chosen),
            (outcome.runner_up, Standing::RunnerUp),
            (outcome.next_cheaper, Standing::NextCheaper),
        ];
        named.into_iter().find(|(own, _)| *own == Some(index)).map(|(_, standing)| standing)
    };
    let of = |(index, judged): (usize, &Judged)| Offer {
        candidate: judged.candidate.id.clone(),
        cost_usd: judged.candidate.cost.0 as f64 / 100.0,
        stage: judged.stage,
        decision: judged.decision,
        standing: standing(index),
        wait: wait(outcome, judged),
    };
    outcome.judged.iter().enumerate().map(of).collect()
}

fn wait(outcome: &Outcome, judged: &Judged) -> Option<Wait> {
    let asked: Vec<State> = State::asked(outcome.plan.survive, &judged.candidate).collect();
    let tests = judged.tests.iter().filter(|test| asked.contains(&test.state));
    let waits = tests.flat_map(|test| {
        test.summary.services.iter().map(|(service, found)| Wait {
            service: service.clone(),
            state: test.state,
            server_p95_s: found.server_s.p95,
        })
    });
    let known = waits.filter(|wait| wait.server_p95_s.estimate.is_some());
    known.reduce(|worst, next| if next.server_p95_s.estimate > worst.server_p95_s.estimate { next } else { worst })
}
