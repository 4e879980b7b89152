//! The states in which a candidate must hold, and the bench on which clusters are exchanged.

use super::candidates::Candidate;
use crate::scenario::{Cluster, Plan, Scenario, Survive};
use serde::Serialize;

/// What is up.
///
/// The data server's own failure is no state here: without it nothing is served, whatever the primaries are, so its
/// availability is bought apart. It stands among the single points of failure of a recommendation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Every node.
    Normal,
    /// Every node but one primary. Primaries are alike, so one stands for any.
    OnePrimaryDown,
}

impl State {
    /// The states in which the levels must hold.
    #[must_use]
    pub fn asked(survive: Survive) -> &'static [State] {
        match survive {
            Survive::None => &[State::Normal],
            Survive::OneNode => &[State::Normal, State::OnePrimaryDown],
        }
    }

    /// For people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            State::Normal => "with every node up",
            State::OnePrimaryDown => "with one primary down",
        }
    }

    /// Whether a primary is left of a candidate.
    #[must_use]
    pub fn leaves_any_of(self, candidate: &Candidate) -> bool {
        match self {
            State::Normal => true,
            State::OnePrimaryDown => candidate.primaries > 1,
        }
    }

    /// What is left of a candidate, unless nothing is.
    #[must_use]
    pub fn of(self, candidate: &Candidate) -> Option<Cluster> {
        match self {
            State::Normal => Some(candidate.cluster()),
            State::OnePrimaryDown => candidate.cluster().one_primary_down(),
        }
    }
}

/// A scenario whose cluster is exchanged, under the levels that the plan tests.
///
/// [`Scenario::on`] clones people, mail and settings; for ten thousand candidates that costs more than screening them.
#[derive(Debug, Clone)]
pub struct Bench {
    scenario: Scenario,
}

impl Bench {
    /// Levels are tested at a share of their limit, the plan's margin.
    #[must_use]
    pub fn new(scenario: &Scenario, plan: &Plan) -> Bench {
        let mut scenario = scenario.clone();
        for level in &mut scenario.levels {
            level.under = level.under.times(plan.margin);
        }
        Bench { scenario }
    }

    /// The scenario on what is left of a candidate, unless nothing is.
    pub fn put(&mut self, candidate: &Candidate, state: State) -> Option<&Scenario> {
        self.scenario.cluster = state.of(candidate)?;
        Some(&self.scenario)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::offered;
    use crate::planner::enumerate;
    use crate::scenario::{Hardware, load};

    const REGIONAL: &str = include_str!("../../scenarios/regional-isp.toml");

    #[test]
    fn exchanging_the_cluster_is_the_same_as_a_scenario_on_it() {
        let scenario = load("regional-isp.toml", REGIONAL, &[], &Hardware::built_in()).unwrap();
        let plan = scenario.plan.as_ref().unwrap();
        let mut bench = Bench::new(&scenario, plan);
        for candidate in enumerate(&scenario, plan) {
            for state in [State::Normal, State::OnePrimaryDown] {
                let slow = state.of(&candidate).map(|cluster| offered(&scenario.on(cluster)));
                assert_eq!(slow.is_some(), state.leaves_any_of(&candidate));
                assert_eq!(bench.put(&candidate, state).map(offered), slow, "{} {}", candidate.id, state.words());
            }
        }
    }

    #[test]
    fn levels_are_tested_at_the_margin() {
        let scenario = load("regional-isp.toml", REGIONAL, &[], &Hardware::built_in()).unwrap();
        let plan = scenario.plan.as_ref().unwrap();
        let mut bench = Bench::new(&scenario, plan);
        let candidate = &enumerate(&scenario, plan)[0];
        let levels = &bench.put(candidate, State::Normal).unwrap().levels;
        let limits: Vec<String> = levels.iter().map(|level| level.under.to_string()).collect();
        assert_eq!(limits, ["48 s", "4 s", "4 s + size / 3750 B/s", "4 s + size / 3750 B/s"]);
    }
}
