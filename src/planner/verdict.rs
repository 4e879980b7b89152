//! The recommendation: the choice, what stands beside it, and how it was found. The layout is that of
//! `recommendation.json`.

use super::balancing::Balancing;
use super::design::{Design, design};
use super::judged::Judged;
use super::reason::{Decision, ReasonCode, Stage};
use super::search::Outcome;
use super::sentence::sentence;
use crate::experiment::LevelSummary;
use crate::scenario::{Prefer, Scenario, Survive};
use crate::stats::CONFIDENCE;
use serde::Serialize;

/// Version of the layout of `recommendation.json`.
const FORMAT: u32 = 1;

/// What to buy and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recommendation {
    /// Version of the layout.
    pub format: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// Master seed.
    pub seed: u64,
    /// Of every interval.
    pub confidence: f64,
    /// What ordered the search.
    pub prefer: Prefer,
    /// What the levels must outlast.
    pub survive: Survive,
    /// Limits of levels and utilisations were tested at this share of their value.
    pub margin_ratio: f64,
    /// Whether the search was stopped before its end.
    pub cancelled: bool,
    /// All of it in a sentence.
    pub sentence: String,
    /// What to buy; absent when nothing holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chosen: Option<Design>,
    /// Whether balancing is warranted at all; absent where nothing holds or the search was stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balancing: Option<Balancing>,
    /// The next in the order of preference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<Alternative>,
    /// The next cheaper one, and what it loses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cheaper: Option<Alternative>,
    /// When nothing holds: what comes nearest, and what breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<Alternative>,
    /// How the search went.
    pub counts: Counts,
}

/// A design that is not the choice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alternative {
    /// Its name in `candidates.csv`.
    pub candidate: String,
    /// Price of the machines and the switch.
    pub cost_usd: f64,
    /// Points of complexity.
    pub complexity: u32,
    /// How far it came.
    pub stage: Stage,
    /// What was decided about it.
    pub decision: Decision,
    /// Why, for programs.
    pub reason_code: ReasonCode,
    /// Why, for people.
    pub reason: String,
    /// The service levels in the hardest state that was simulated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelSummary>,
}

/// Candidates by how far they came, and the work it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All of them.
    pub candidates: u64,
    /// Turned down by the screen.
    pub screened_out: u64,
    /// Simulated, the choice included.
    pub simulated: u64,
    /// Not reached.
    pub not_reached: u64,
    /// Sessions in the measured windows of all simulations.
    pub sessions: u64,
}

/// What a search amounts to.
#[must_use]
pub fn recommend(scenario: &Scenario, outcome: &Outcome) -> Recommendation {
    let plan = &outcome.plan;
    let alternative = |index: Option<usize>| index.map(|index| self::alternative(&outcome.judged[index]));
    let mut recommendation = Recommendation {
        format: FORMAT,
        scenario: scenario.name.clone(),
        seed: scenario.seed,
        confidence: CONFIDENCE,
        prefer: plan.prefer,
        survive: plan.survive,
        margin_ratio: plan.margin,
        cancelled: outcome.cancelled,
        sentence: String::new(),
        chosen: outcome.chosen.map(|index| design(scenario, plan, &outcome.judged[index], outcome.study.as_ref())),
        balancing: outcome.study.as_ref().map(|study| study.balancing.clone()),
        runner_up: alternative(outcome.runner_up),
        next_cheaper: alternative(outcome.next_cheaper),
        nearest: match outcome.chosen {
            Some(_) => None,
            None => nearest(&outcome.judged).map(self::alternative),
        },
        counts: counts(outcome),
    };
    recommendation.sentence = sentence(scenario, &recommendation);
    recommendation
}

fn alternative(judged: &Judged) -> Alternative {
    Alternative {
        candidate: judged.candidate.id.clone(),
        cost_usd: judged.candidate.cost.0 as f64 / 100.0,
        complexity: judged.candidate.complexity,
        stage: judged.stage,
        decision: judged.decision,
        reason_code: judged.reason.code,
        reason: judged.reason.text.clone(),
        levels: judged.tests.last().map(|test| test.summary.levels.clone()).unwrap_or_default(),
    }
}

/// Of those that were simulated, the one whose worst level is missed least; where none was, the one that is least above
/// a limit. The first of equals in the order of preference.
fn nearest(judged: &[Judged]) -> Option<&Judged> {
    let first_greatest = |best: &mut Option<(f64, usize)>, value: f64, index: usize| {
        if best.is_none_or(|(greatest, _)| value > greatest) {
            *best = Some((value, index));
        }
    };
    let (mut simulated, mut screened) = (None, None);
    for (index, judged) in judged.iter().enumerate().filter(|(_, judged)| judged.decision == Decision::Rejected) {
        let levels = judged.tests.iter().flat_map(|test| &test.summary.levels);
        let margins = levels.map(|level| level.margin_ratio.unwrap_or(f64::NEG_INFINITY));
        if let Some(worst) = margins.reduce(f64::min) {
            first_greatest(&mut simulated, worst, index);
        }
        if judged.stage == Stage::Screen {
            first_greatest(&mut screened, -judged.fullness, index);
        }
    }
    simulated.or(screened).map(|(_, index)| &judged[index])
}

fn counts(outcome: &Outcome) -> Counts {
    let at = |stages: &[Stage]| outcome.judged.iter().filter(|judged| stages.contains(&judged.stage)).count() as u64;
    Counts {
        candidates: outcome.judged.len() as u64,
        screened_out: at(&[Stage::Screen]),
        simulated: at(&[Stage::Simulated, Stage::Chosen]),
        not_reached: at(&[Stage::NotReached]),
        sessions: outcome.sessions(),
    }
}
