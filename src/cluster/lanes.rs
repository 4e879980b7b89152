//! In which condition everything that fails by script truly is over time, whoever knows of it.

use super::faults::Condition;
use super::world::World;
use crate::scenario::{Component, FaultKind};
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// What a lane is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lane {
    /// A node.
    Node(u32),
    /// What is no node by itself: the component of a fault, by its place among the faults of the scenario.
    Component(u32),
}

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It works.
    Up,
    /// It works, and is to get no new sessions.
    Drained,
    /// It works slowly.
    Slow,
    /// The machine works, and its services have not started yet.
    Starting,
    /// It refuses.
    Refuses,
    /// It accepts and does not answer.
    Mute,
    /// It says nothing.
    Silent,
}

/// A lane: its changes after the beginning of the window, where it was up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneObserved {
    /// What it is about.
    pub lane: Lane,
    /// When, and what it became.
    pub changes: Vec<(u64, State)>,
}

impl State {
    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Up => "up",
            State::Drained => "drained",
            State::Slow => "slow",
            State::Starting => "starting",
            State::Refuses => "refuses",
            State::Mute => "mute",
            State::Silent => "silent",
        }
    }
}

impl World<'_> {
    /// Writes down what is in another state than before.
    pub(super) fn note_conditions(&mut self, now: Time) {
        let after = (now - self.window_start).0;
        let nodes = (0..self.machines.len() as u32).map(|node| (Lane::Node(node), self.state_of_node(node, now)));
        let parts = self.faults.scripted.iter().filter(|scripted| !scripted.fault.component.is_machines());
        let parts = parts.map(|scripted| (scripted.number, &scripted.fault.component));
        let parts: Vec<_> = parts.filter(|(_, part)| !matches!(part, Component::Link(_))).collect();
        // One lane for each thing, however often it fails.
        let first = |(place, (_, part)): &(usize, &(u32, &Component))| {
            !parts[..*place].iter().any(|(_, before)| before == part)
        };
        let parts = parts
            .iter()
            .enumerate()
            .filter(first)
            .map(|(_, (number, part))| (Lane::Component(*number), self.state_of_part(part)));
        let states: Vec<(Lane, State)> = nodes.chain(parts).collect();
        for (lane, state) in states {
            match self.lanes.iter_mut().find(|known| known.lane == lane) {
                Some(known) if known.changes.last().is_none_or(|(_, last)| *last != state) => {
                    known.changes.push((after, state));
                }
                None if state != State::Up => self.lanes.push(LaneObserved { lane, changes: vec![(after, state)] }),
                Some(_) | None => {}
            }
        }
    }

    fn state_of_node(&self, node: u32, now: Time) -> State {
        let starts = self.starting.as_ref().is_some_and(|starting| starting.is_starting(node, now));
        match self.faults.node(node) {
            Condition::Up if starts => State::Starting,
            Condition::Up if self.faults.speed(node) < 1.0 => State::Slow,
            Condition::Up if self.faults.is_maintained(node, None) => State::Drained,
            down => State::from(down),
        }
    }

    fn state_of_part(&self, part: &Component) -> State {
        let conditions = self.faults.conditions();
        match part {
            Component::Service(..) => self.state_of_service(part),
            Component::Switch => State::from(conditions.switch),
            Component::Zone => State::from(conditions.zone),
            Component::Database => State::from(conditions.database),
            Component::Node(_) | Component::System(_) | Component::Link(_) | Component::Site(_) => State::Up,
        }
    }

    fn state_of_service(&self, part: &Component) -> State {
        let nodes = part.nodes(&self.scenario.cluster);
        let (Some(node), Some(service)) = (nodes.first(), part.service()) else { return State::Up };
        let node = *node as u32;
        let drains = self.faults.scripted.iter().any(|scripted| {
            scripted.active && scripted.fault.kind == FaultKind::Maintenance && scripted.fault.component == *part
        });
        match self.faults.conditions().local(node, service) {
            Condition::Up if drains => State::Drained,
            down => State::from(down),
        }
    }
}

impl From<Condition> for State {
    fn from(condition: Condition) -> State {
        match condition {
            Condition::Up => State::Up,
            Condition::Refuses => State::Refuses,
            Condition::Mute => State::Mute,
            Condition::Silent => State::Silent,
        }
    }
}
