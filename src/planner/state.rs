//! The states in which a candidate must hold, and the bench on which clusters are exchanged.

use super::candidates::Candidate;
use super::reason::{Reason, ReasonCode};
use crate::scenario::background::Span;
use crate::scenario::{
    Cluster, Component, Configuration, Fault, FaultKind, Plan, Prices, Scenario, Survive, SwitchPair,
};
use crate::units::Time;
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
    /// Every node but one primary. Primaries are alike, so one stands for any; where services are split, one of those that
    /// serve readers.
    OnePrimaryDown,
    /// Where services are split, every node but one primary that takes mail.
    OneMailPrimaryDown,
}

impl State {
    /// All of them, the easiest first.
    pub const ALL: [State; 3] = [State::Normal, State::OnePrimaryDown, State::OneMailPrimaryDown];

    /// The states in which the levels of a candidate must hold.
    pub fn asked(survive: Survive, candidate: &Candidate) -> impl DoubleEndedIterator<Item = State> + use<> {
        let splits = candidate.for_mail.is_some();
        State::ALL.into_iter().filter(move |state| match state {
            State::Normal => true,
            State::OnePrimaryDown => survive == Survive::OneNode,
            State::OneMailPrimaryDown => survive == Survive::OneNode && splits,
        })
    }

    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Normal => "normal",
            State::OnePrimaryDown => "one-primary-down",
            State::OneMailPrimaryDown => "one-mail-primary-down",
        }
    }

    /// For people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            State::Normal => "with every node up",
            State::OnePrimaryDown => "with one primary down",
            State::OneMailPrimaryDown => "with one primary for mail down",
        }
    }

    /// How many primaries of a candidate do the same, one of which is down.
    fn peers(self, candidate: &Candidate) -> Option<u32> {
        let for_mail = candidate.for_mail.as_ref().map(|own| own.primaries);
        match self {
            State::Normal => None,
            State::OnePrimaryDown => Some(candidate.primaries - for_mail.unwrap_or(0)),
            State::OneMailPrimaryDown => for_mail,
        }
    }

    /// Why this state leaves nothing of a candidate, unless a primary is left that does what the one did which is down.
    #[must_use]
    pub fn leaves_nothing_of(self, candidate: &Candidate) -> Option<Reason> {
        let words = self.words();
        let nothing = |text: String| Some(Reason { code: ReasonCode::NoNodeLeft, text });
        match (self, self.peers(candidate)) {
            (State::Normal, _) => None,
            (State::OneMailPrimaryDown, None) => nothing("no primary is there for mail alone".to_owned()),
            (State::OneMailPrimaryDown, Some(1)) => nothing(format!("nobody takes mail {words}")),
            (State::OnePrimaryDown, Some(1)) => nothing(match (&candidate.for_mail, &candidate.backup_tier) {
                (Some(_), _) => format!("nobody serves readers {words}"),
                (None, Some(_)) => format!("the backup takes mail {words}, and nobody serves readers"),
                (None, None) => format!("nothing is left {words}"),
            }),
            (State::OnePrimaryDown, _) if candidate.configuration == Configuration::DualPrimaries => {
                let text = "the mail store is on one of the primaries, and goes down with it".to_owned();
                Some(Reason { code: ReasonCode::StoreOnPrimary, text })
            }
            (State::OnePrimaryDown | State::OneMailPrimaryDown, _) => None,
        }
    }

    /// What is left of a candidate, unless nothing is.
    #[must_use]
    pub fn of(self, candidate: &Candidate) -> Option<Cluster> {
        if self.leaves_nothing_of(candidate).is_some() {
            return None;
        }
        let mut cluster = candidate.cluster();
        // The last of those that do the same.
        let down = match self {
            State::Normal => return Some(cluster),
            State::OnePrimaryDown => candidate.primaries,
            State::OneMailPrimaryDown => candidate.for_mail.as_ref()?.primaries,
        };
        cluster.nodes.remove(down as usize - 1);
        Some(cluster)
    }
}

/// A scenario whose cluster is exchanged, under the levels that the plan tests.
///
/// [`Scenario::on`] clones people, mail and settings; for ten thousand candidates that costs more than screening them.
#[derive(Debug, Clone)]
pub struct Bench {
    scenario: Scenario,
    /// The scenario's own.
    faults: Vec<Fault>,
    pair: SwitchPair,
}

impl Bench {
    /// Levels are tested at a share of their limit, the plan's margin.
    #[must_use]
    pub fn new(scenario: &Scenario, plan: &Plan) -> Bench {
        let mut scenario = scenario.clone();
        for level in &mut scenario.levels {
            level.under = level.under.times(plan.margin);
        }
        let pair = scenario.switch_pair.unwrap_or_default();
        Bench { faults: scenario.faults.clone(), pair, scenario }
    }

    /// What a design costs beside its machines.
    #[must_use]
    pub fn prices(&self) -> &Prices {
        &self.scenario.prices
    }

    /// The scenario on what is left of a candidate, unless nothing is.
    pub fn put(&mut self, candidate: &Candidate, state: State) -> Option<&Scenario> {
        let cluster = state.of(candidate)?;
        self.set_beside(candidate);
        self.scenario.cluster = cluster;
        if self.scenario.faults.len() != self.faults.len() {
            self.scenario.faults.clone_from(&self.faults);
        }
        Some(&self.scenario)
    }

    /// The same for a simulation: a primary that is down is gone, as whoever balances has found out, save that a zone never
    /// does. There it falls silent at the beginning of the window, and is named until the end, or until a monitor sees to it.
    pub fn play(&mut self, candidate: &Candidate, state: State) -> Option<&Scenario> {
        self.put(candidate, state)?;
        let whole = candidate.cluster();
        if state == State::Normal || !whole.has_dns() {
            return Some(&self.scenario);
        }
        let left = &self.scenario.cluster.nodes;
        let down = whole.nodes.iter().find(|node| !left.iter().any(|other| other.name == node.name))?;
        let name = down.name.clone();
        self.scenario.faults.push(Fault {
            name: state.words().to_owned(),
            component: Component::Node(name.clone()),
            written: name,
            kind: FaultKind::BlackHole,
            span: Span { begins: Time::ZERO, ends: Time::MAX },
            speed: 1.0,
            loses_disk: false,
        });
        self.scenario.cluster = whole;
        Some(&self.scenario)
    }

    /// All of a candidate, with one more fault, which is the last one.
    pub(super) fn with(&mut self, candidate: &Candidate, fault: Fault) -> Option<&mut Scenario> {
        self.put(candidate, State::Normal)?;
        self.scenario.faults.push(fault);
        Some(&mut self.scenario)
    }

    fn set_beside(&mut self, candidate: &Candidate) {
        self.scenario.switch_pair = candidate.pair.then_some(self.pair);
        if self.scenario.directory.kind != candidate.directory.kind {
            self.scenario.directory = (*candidate.directory).clone();
        }
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
            for state in State::ALL {
                let slow = state.of(&candidate).map(|cluster| offered(&scenario.on(cluster)));
                assert_eq!(slow.is_none(), state.leaves_nothing_of(&candidate).is_some());
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
