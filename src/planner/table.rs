//! The table of all candidates, a row each in the order of preference: `candidates.csv`.

use super::judged::Judged;
use super::reason::{Decision, ReasonCode, Stage};
use super::search::Outcome;
use crate::scenario::Scenario;
use serde::Serialize;

/// A candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Its name.
    pub candidate: String,
    /// Which of the white paper's configurations.
    pub configuration: &'static str,
    /// What the primaries are.
    pub tier: String,
    /// Machines, the data server included.
    pub nodes: u32,
    /// What distributes the sessions; empty when nothing does.
    pub balancer: Option<&'static str>,
    /// How it chooses.
    pub algorithm: Option<String>,
    /// Where users are looked up.
    pub directory: &'static str,
    /// In US dollars.
    pub cost: f64,
    /// Points.
    pub complexity: u32,
    /// How far it came.
    pub stage: Stage,
    /// What was decided.
    pub decision: Decision,
    /// Why, for programs.
    pub reason_code: ReasonCode,
    /// Why, for people.
    pub reason: String,
    /// The longest 95th percentile of any service's response in any state; empty where nothing was simulated.
    pub p95_worst_s: Option<f64>,
    /// Replications of all states.
    pub replications: u64,
}

/// The rows of a search.
#[must_use]
pub fn rows(scenario: &Scenario, outcome: &Outcome) -> Vec<Row> {
    outcome.judged.iter().map(|judged| row(scenario, judged)).collect()
}

fn row(scenario: &Scenario, judged: &Judged) -> Row {
    let candidate = &judged.candidate;
    let services = judged.tests.iter().flat_map(|test| test.summary.services.values());
    Row {
        candidate: candidate.id.clone(),
        configuration: candidate.configuration.name(),
        tier: candidate.tier.name.clone(),
        nodes: candidate.nodes(),
        balancer: candidate.balancer(),
        algorithm: candidate.algorithm(scenario),
        directory: candidate.directory.kind.name(),
        cost: candidate.cost.0 as f64 / 100.0,
        complexity: candidate.complexity,
        stage: judged.stage,
        decision: judged.decision,
        reason_code: judged.reason.code,
        reason: judged.reason.text.clone(),
        p95_worst_s: services.filter_map(|service| service.response_s.p95.estimate).reduce(f64::max),
        replications: judged.tests.iter().map(|test| test.summary.replications).sum(),
    }
}
