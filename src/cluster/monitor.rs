//! The monitor: a process outside the cluster that polls services, and takes nodes out and puts them back.
//!
//! It polls every service of every node by the node's own address, whatever stands before it; a service that accepts and never
//! answers has failed, of which neither heartbeats nor pings tell. After so many failures in a row it gives an order, which is
//! carried out after a while, at the last thing that stands before the node:
//!
//! * a switch has the node taken out of its pool. Its own checks go on beside that: a node takes part when both hold it to be
//!   up, and warms up when it is put back;
//! * a host that balances by itself leaves its cluster with all that it serves as soon as one service has failed, and comes
//!   back when all pass: orders are about hosts. The others take over when they have converged. Assumptions: it is drained
//!   (`wlbs drainstop`), so that those who are connected stay; and an order that finds it off is in force when it is on again;
//! * a zone loses the address, and caches keep it until their answers expire. The last address is never taken out.
//!
//! Assumptions: polls cost nothing; orders always arrive; the monitor itself does not fail.

use super::balance::TakenOut;
use super::event::Event;
use super::world::World;
use crate::engine::Agenda;
use crate::scenario::Scenario;
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// What the monitor has done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonitorObserved {
    /// How often a service of a node was held to be down.
    pub noticed: u64,
    /// How often a node was taken out: of a switch's pool or a zone for each service, of a cluster of hosts for all.
    pub removed: u64,
    /// How often it was put back.
    pub returned: u64,
    /// How often a name would have lost its last address.
    pub kept: u64,
    /// By node: when each of these happened first.
    pub first: Vec<Moments>,
}

/// When something was done about a node for the first time, since the window began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moments {
    /// A service was held to be down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noticed_ns: Option<u64>,
    /// It was taken out; hosts still had to converge then, and caches to forget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_ns: Option<u64>,
    /// It was put back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_ns: Option<u64>,
}

/// What the monitor has ordered.
pub(super) struct Orders {
    /// By node: how many of its services, as a host that balances by itself, are held to be down.
    failed: Vec<u32>,
    observed: MonitorObserved,
}

impl Orders {
    /// None where there is no monitor.
    pub(super) fn new(scenario: &Scenario) -> Option<Box<Orders>> {
        scenario.monitor?;
        let nodes = scenario.cluster.nodes.len();
        let observed = MonitorObserved { first: vec![Moments::default(); nodes], ..MonitorObserved::default() };
        Some(Box::new(Orders { failed: vec![0; nodes], observed }))
    }

    /// What was observed starts anew.
    pub(super) fn reset(&mut self) {
        let first = vec![Moments::default(); self.failed.len()];
        self.observed = MonitorObserved { first, ..MonitorObserved::default() };
    }

    pub(super) fn observed(self) -> MonitorObserved {
        self.observed
    }
}

impl World<'_> {
    /// The monitor holds a service of a node to be down, or up again; its order is on the way.
    pub(super) fn decide(&mut self, service: usize, node: u32, up: bool, now: Time, agenda: &mut Agenda<Event>) {
        let Some(monitor) = self.scenario.monitor else { return };
        if !up {
            self.noticed(node, service, now);
        }
        agenda.schedule(now + monitor.action_delay, Event::Order { service: service as u32, node, back: up });
    }

    /// An order of the monitor is carried out.
    pub(super) fn carry_out(
        &mut self,
        (service, node): (usize, u32),
        back: bool,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) {
        match self.balancers.take_out(service, node, !back, now) {
            TakenOut::Not => {}
            TakenOut::Pool => {
                self.taken((node, service), back, now);
                if back {
                    self.begin_to_warm_up(service, node, now, agenda);
                }
            }
            TakenOut::Zone { left, came } => {
                if let Some(orders) = self.monitor.as_mut().filter(|_| !back && left.is_empty()) {
                    orders.observed.kept += 1;
                }
                left.into_iter().for_each(|node| self.removed(node, service, now));
                came.into_iter().for_each(|node| self.returned(node, service, now));
            }
            TakenOut::Host => self.tell((node, service), back, now, agenda),
        }
    }

    /// A host is told to leave at the first of its services that has failed, and to come back after the last.
    fn tell(&mut self, (node, service): (u32, usize), back: bool, now: Time, agenda: &mut Agenda<Event>) {
        let Some(orders) = &mut self.monitor else { return };
        let failed = &mut orders.failed[node as usize];
        let before = *failed;
        *failed = if back { before.saturating_sub(1) } else { before + 1 };
        if (before == 0) != (*failed == 0) {
            self.tell_host(node, !back, now, agenda);
            self.taken((node, service), back, now);
        }
    }

    fn taken(&mut self, (node, service): (u32, usize), back: bool, now: Time) {
        if back { self.returned(node, service, now) } else { self.removed(node, service, now) }
    }

    /// A service of a node is held to be down from now on.
    fn noticed(&mut self, node: u32, service: usize, now: Time) {
        self.failure_found(node, service, now);
        let window = now.saturating_sub(self.window_start);
        let Some(orders) = &mut self.monitor else { return };
        orders.observed.noticed += 1;
        orders.observed.first[node as usize].noticed_ns.get_or_insert(window.0);
    }

    /// A node was taken out.
    fn removed(&mut self, node: u32, service: usize, now: Time) {
        self.failure_removed(node, service, now);
        let window = now.saturating_sub(self.window_start);
        let Some(orders) = &mut self.monitor else { return };
        orders.observed.removed += 1;
        orders.observed.first[node as usize].removed_ns.get_or_insert(window.0);
    }

    /// A node was put back.
    fn returned(&mut self, node: u32, service: usize, now: Time) {
        self.failure_back(node, service, now);
        let window = now.saturating_sub(self.window_start);
        let Some(orders) = &mut self.monitor else { return };
        orders.observed.returned += 1;
        orders.observed.first[node as usize].returned_ns.get_or_insert(window.0);
    }
}
