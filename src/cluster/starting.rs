//! In which order services start that have their mail on another node.
//!
//! When the store was away, or their own machine, the services that use it are started once more, and are not there until
//! that is done. Those that are set to depend on the store wait for it and then take their time. Those that are not come up
//! without it, refuse everybody, and stay like that until somebody starts them again after it has come back. While the store
//! is away, services that were there go on with what does not touch it.

use super::faults::{Condition, Conditions};
use crate::scenario::{Role, Scenario, StoreStart};
use crate::units::Time;

/// What is being started.
pub(super) struct Starting {
    terms: StoreStart,
    store: u32,
    /// By service: whether it uses the store.
    uses: Vec<bool>,
    /// The primaries that have the store elsewhere.
    nodes: Vec<Node>,
}

struct Node {
    node: u32,
    /// Until when the services are not there; the end of time while they wait for the store.
    until: Time,
    /// Whether the machine ran, and whether it could reach the store.
    ran: bool,
    reached: bool,
}

impl Starting {
    /// None where starting takes no time and needs nobody.
    pub(super) fn new(scenario: &Scenario) -> Option<Starting> {
        let terms = scenario.store_start?;
        let store = scenario.cluster.store() as u32;
        let uses = |service: usize| {
            let mut operations = scenario.services[service].operations.iter().map(|index| &scenario.operations[*index]);
            operations.any(|operation| operation.uses_store() && !operation.local_state)
        };
        let primaries = scenario.cluster.of_role(Role::Primary).map(|node| node as u32);
        let node = |node| Node { node, until: Time::ZERO, ran: true, reached: true };
        Some(Starting {
            terms,
            store,
            uses: (0..scenario.services.len()).map(uses).collect(),
            nodes: primaries.filter(|node| *node != store).map(node).collect(),
        })
    }

    /// Conditions have changed: what has to start, starts. When the next of it is done.
    pub(super) fn update(&mut self, conditions: &Conditions, now: Time) -> Option<Time> {
        let (terms, store) = (self.terms, self.store);
        for node in &mut self.nodes {
            let runs = conditions.machine(node.node) == Condition::Up;
            let reaches = conditions.between(node.node, store) == Condition::Up;
            node.until = match (runs, reaches) {
                (false, _) => Time::ZERO,
                (true, true) if !node.reached => now + terms.after_return(),
                (true, true) if !node.ran => now + terms.start_time,
                (true, false) if !node.ran || node.until > now => Time::MAX,
                (true, _) => node.until,
            };
            (node.ran, node.reached) = (runs, reaches);
        }
        self.nodes.iter().map(|node| node.until).filter(|until| *until > now && *until < Time::MAX).min()
    }

    /// Whether a service of a node has still to be started.
    pub(super) fn is_missing(&self, node: u32, service: usize, now: Time) -> bool {
        self.uses[service] && self.is_starting(node, now)
    }

    /// Whether anything of a node has still to be started.
    pub(super) fn is_starting(&self, node: u32, now: Time) -> bool {
        self.nodes.iter().any(|own| own.node == node && own.until > now)
    }

    /// Whether that is so of any node.
    pub(super) fn is_any_starting(&self, now: Time) -> bool {
        self.nodes.iter().any(|own| own.until > now)
    }

    /// Whether a service of a node is started again after the store was away.
    pub(super) fn depends(&self, node: u32, service: usize) -> bool {
        self.uses[service] && self.nodes.iter().any(|own| own.node == node)
    }
}
