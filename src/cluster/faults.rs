//! What fails by script, and in which condition that leaves the services of each node. Balancers are not told.

use super::event::Event;
use super::world::World;
use crate::engine::Agenda;
use crate::scenario::{Fault, FaultKind, Scenario};
use crate::units::Time;

/// How a service of a node meets those who come to it; later ones are worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Condition {
    /// It works.
    Up,
    /// It refuses.
    Refuses,
    /// It accepts connections and never answers on them.
    Mute,
    /// It says nothing.
    Silent,
}

/// A fault, and whether it has begun.
struct Scripted {
    fault: Fault,
    /// The node of the cluster.
    node: u32,
    active: bool,
    /// When it ends, in the time of the simulation.
    ends: Time,
}

/// All faults of the cluster.
pub(super) struct Faults {
    scripted: Vec<Scripted>,
    /// By node: of the machine, and of each service by itself. Empty where nothing fails.
    machines: Vec<Condition>,
    services: Vec<Vec<Condition>>,
}

impl Faults {
    /// Those that are about nodes of this cluster, with their beginnings in the agenda.
    pub(super) fn new(scenario: &Scenario, warm_up: Time, agenda: &mut Agenda<Event>) -> Faults {
        let nodes = &scenario.cluster.nodes;
        let mut scripted = Vec::new();
        for fault in &scenario.faults {
            let Some(node) = nodes.iter().position(|node| node.name == fault.node) else { continue };
            agenda.schedule(fault.span.begins + warm_up, Event::Fault { index: scripted.len() as u32 });
            let ends = Time(fault.span.ends.0.saturating_add(warm_up.0));
            scripted.push(Scripted { fault: fault.clone(), node: node as u32, active: false, ends });
        }
        let nodes = if scripted.is_empty() { 0 } else { nodes.len() };
        let services = vec![vec![Condition::Up; scenario.services.len()]; nodes];
        Faults { scripted, machines: vec![Condition::Up; nodes], services }
    }

    /// Whether anything can fail.
    pub(super) fn are_possible(&self) -> bool {
        !self.scripted.is_empty()
    }

    /// How a service of a node is.
    pub(super) fn condition(&self, node: u32, service: usize) -> Condition {
        let of_machine = self.machine(node);
        self.services.get(node as usize).map_or(of_machine, |services| services[service].max(of_machine))
    }

    /// How a machine is, whatever its services do.
    pub(super) fn machine(&self, node: u32) -> Condition {
        self.machines.get(node as usize).copied().unwrap_or(Condition::Up)
    }

    /// Finds the conditions of a node anew.
    fn judge(&mut self, node: u32) {
        let active = || self.scripted.iter().filter(|scripted| scripted.active && scripted.node == node);
        let worst = |service: Option<usize>| {
            let about = active().filter(|scripted| scripted.fault.service == service);
            about.map(|scripted| condition_by(scripted.fault.kind)).max().unwrap_or(Condition::Up)
        };
        let services = (0..self.services[node as usize].len()).map(|service| worst(Some(service))).collect();
        (self.machines[node as usize], self.services[node as usize]) = (worst(None), services);
    }

    /// Whether a machine is being maintained, or about to be; or a service of it, with the machine or by itself.
    fn is_maintained(&self, node: u32, service: Option<usize>) -> bool {
        let about = |fault: &Fault| {
            fault.kind == FaultKind::Maintenance && (fault.service.is_none() || fault.service == service)
        };
        self.scripted.iter().any(|scripted| scripted.active && scripted.node == node && about(&scripted.fault))
    }

    /// What is left of the speed of a machine.
    fn speed(&self, node: u32) -> f64 {
        let active = self.scripted.iter().filter(|scripted| scripted.active && scripted.node == node);
        active.map(|scripted| scripted.fault.speed).product()
    }
}

/// The condition that a fault brings about.
fn condition_by(kind: FaultKind) -> Condition {
    match kind {
        FaultKind::Stop => Condition::Refuses,
        FaultKind::Hang => Condition::Mute,
        FaultKind::BlackHole => Condition::Silent,
        FaultKind::Slow | FaultKind::Maintenance => Condition::Up,
    }
}

impl World<'_> {
    /// A fault begins or ends.
    pub(super) fn turn(&mut self, index: u32, now: Time, agenda: &mut Agenda<Event>) {
        let scripted = &mut self.faults.scripted[index as usize];
        scripted.active = !scripted.active;
        let (node, service, began) = (scripted.node, scripted.fault.service, scripted.active);
        let (kind, ends) = (scripted.fault.kind, scripted.ends);
        if began && ends < Time::MAX {
            agenda.schedule(ends, Event::Fault { index });
        }
        if kind == FaultKind::Slow {
            let (machine, speed) = (&mut self.machines[node as usize], self.faults.speed(node));
            if machine.cpu.set_speed(now, speed, agenda) {
                return;
            }
            machine.ns_per_reference_s =
                1e9 / (self.scenario.cluster.nodes[node as usize].tier.speed * self.faults.speed(node));
            return;
        }
        let services: Vec<usize> = match service {
            Some(service) => vec![service],
            None => (0..self.scenario.services.len()).collect(),
        };
        if kind == FaultKind::Maintenance {
            for service in services {
                self.balancers.drain(service, node, self.faults.is_maintained(node, Some(service)));
            }
            self.drain(node, self.faults.is_maintained(node, None), now, agenda);
            return;
        }
        let before: Vec<Condition> = services.iter().map(|service| self.faults.condition(node, *service)).collect();
        self.faults.judge(node);
        if service.is_none() {
            self.listen(node, now, agenda);
        }
        if service.is_none()
            && !began
            && let Some(memory) = &mut self.memories[node as usize]
        {
            memory.restart();
        }
        let after = services.into_iter().map(|service| (service, self.faults.condition(node, service)));
        let changes: Vec<_> =
            after.zip(before).filter(|((_, after), before)| after != before).map(|(c, _)| c).collect();
        self.cut(node, &changes, now, agenda);
        // Of the machine itself only a ping can tell, and it may have changed where no service has.
        (0..self.scenario.services.len()).for_each(|service| self.watch(node, service, now, agenda));
        self.hand_over(now, agenda);
        if !began {
            self.await_flush(now, agenda);
        }
        self.go_on(now, agenda);
    }
}
