//! What fails by script, and in which condition that leaves everything that can fail. Balancers are not told.
//!
//! Conditions are found anew from all faults that are under way whenever one begins or ends; between these moments they are
//! looked up. A machine is met in the worst condition of itself, its link and the service that is asked for.

use super::event::Event;
use super::starting::Starting;
use crate::engine::Agenda;
use crate::scenario::{Component, Fault, FaultKind, Scenario, SwitchPair};
use crate::units::Time;

/// How something meets those who come to it; later ones are worse.
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
pub(super) struct Scripted {
    pub(super) fault: Fault,
    /// Its place among the faults of the scenario.
    pub(super) number: u32,
    /// The nodes of the cluster that it is about.
    pub(super) nodes: Vec<u32>,
    pub(super) active: bool,
    /// When it ends, in the time of the simulation.
    pub(super) ends: Time,
    /// When the second switch takes over, if there is one and this is about the first.
    pub(super) takeover: Time,
}

/// All faults of the cluster.
pub(super) struct Faults {
    pub(super) scripted: Vec<Scripted>,
    now: Conditions,
    pair: Option<SwitchPair>,
    /// By service: whether its sessions come through the switch.
    behind: Vec<bool>,
    /// Whether anything is in another condition than it should be.
    any: bool,
}

/// The condition of everything that can fail.
#[derive(Clone)]
pub(super) struct Conditions {
    /// By node: of the machine, of its link, and of each service by itself. Empty where nothing fails.
    machines: Vec<Condition>,
    links: Vec<Condition>,
    services: Vec<Vec<Condition>>,
    /// As new connections meet it, and as those do that are under way.
    pub(super) switch: Condition,
    pub(super) switch_under_way: Condition,
    pub(super) zone: Condition,
    pub(super) database: Condition,
    /// Until when those under way wait for the second switch.
    pause: Time,
}

impl Conditions {
    /// Everything works.
    fn new(nodes: usize, services: usize) -> Conditions {
        let up = Condition::Up;
        Conditions {
            machines: vec![up; nodes],
            links: vec![up; nodes],
            services: vec![vec![up; services]; nodes],
            switch: up,
            switch_under_way: up,
            zone: up,
            database: up,
            pause: Time::ZERO,
        }
    }

    /// How a machine is, whatever its services and its link do.
    pub(super) fn machine(&self, node: u32) -> Condition {
        self.machines.get(node as usize).copied().unwrap_or(Condition::Up)
    }

    /// How a node's link is.
    pub(super) fn link(&self, node: u32) -> Condition {
        self.links.get(node as usize).copied().unwrap_or(Condition::Up)
    }

    /// How a machine is as others meet it.
    pub(super) fn node(&self, node: u32) -> Condition {
        self.machine(node).max(self.link(node))
    }

    /// How a service of a node is by itself, for what is done there without anybody else.
    pub(super) fn local(&self, node: u32, service: usize) -> Condition {
        let of_machine = self.machine(node);
        self.services.get(node as usize).map_or(of_machine, |services| services[service].max(of_machine))
    }

    /// How a node meets another one of the cluster, or itself.
    pub(super) fn between(&self, from: u32, to: u32) -> Condition {
        if from == to { Condition::Up } else { self.link(from).max(self.node(to)) }
    }

    /// Whether everything works.
    fn all_up(&self) -> bool {
        let up = |condition: &Condition| *condition == Condition::Up;
        let shared = [self.switch, self.switch_under_way, self.zone, self.database];
        shared.iter().chain(&self.machines).chain(&self.links).chain(self.services.iter().flatten()).all(up)
    }
}

impl Faults {
    /// Those that are about parts of this cluster, with their beginnings in the agenda.
    pub(super) fn new(scenario: &Scenario, warm_up: Time, agenda: &mut Agenda<Event>) -> Faults {
        let services = scenario.services.len();
        let mut scripted = Vec::new();
        for (number, fault) in scenario.faults.iter().enumerate().filter(|(_, fault)| scenario.has(&fault.component)) {
            let (begins, index) = (fault.span.begins + warm_up, scripted.len() as u32);
            agenda.schedule(begins, Event::Fault { index });
            let is_pair = fault.component == Component::Switch;
            scripted.push(Scripted {
                nodes: fault.component.nodes(&scenario.cluster).into_iter().map(|node| node as u32).collect(),
                fault: fault.clone(),
                number: number as u32,
                active: false,
                ends: Time(fault.span.ends.0.saturating_add(warm_up.0)),
                takeover: scenario.switch_pair.filter(|_| is_pair).map_or(Time::MAX, |pair| begins + pair.failover),
            });
        }
        let nodes = if scripted.is_empty() { 0 } else { scenario.cluster.nodes.len() };
        Faults {
            scripted,
            now: Conditions::new(nodes, services),
            pair: scenario.switch_pair,
            behind: (0..services).map(|service| scenario.cluster.is_behind_switch(service)).collect(),
            any: false,
        }
    }

    /// Whether anything is down at present.
    pub(super) fn any(&self) -> bool {
        self.any
    }

    /// The condition of everything.
    pub(super) fn conditions(&self) -> &Conditions {
        &self.now
    }

    /// How a service of a node is met from outside the node.
    pub(super) fn condition(&self, node: u32, service: usize) -> Condition {
        self.now.local(node, service).max(self.now.link(node))
    }

    /// How a machine is, whatever its services and its link do.
    pub(super) fn machine(&self, node: u32) -> Condition {
        self.now.machine(node)
    }

    /// How a machine is as others meet it.
    pub(super) fn node(&self, node: u32) -> Condition {
        self.now.node(node)
    }

    /// Whether the sessions of a service come through the switch.
    pub(super) fn is_behind_switch(&self, service: usize) -> bool {
        self.behind[service]
    }

    /// How the switch before a service meets new connections.
    pub(super) fn switch_before(&self, service: usize) -> Condition {
        if self.behind[service] { self.now.switch } else { Condition::Up }
    }

    /// How those who have a connection to a service of a node find it.
    pub(super) fn under_way(&self, node: u32, service: usize) -> Condition {
        let switch = if self.behind[service] { self.now.switch_under_way } else { Condition::Up };
        self.condition(node, service).max(switch)
    }

    /// How long those who have a connection through the switch wait until the second one has it.
    pub(super) fn pause(&self, service: usize, now: Time) -> Time {
        if self.any && self.behind[service] { self.now.pause.saturating_sub(now) } else { Time::ZERO }
    }

    /// Finds all conditions anew.
    pub(super) fn judge(&mut self, starting: Option<&Starting>, now: Time) {
        let (nodes, services) = (self.now.machines.len(), self.behind.len());
        let mut found = Conditions::new(nodes, services);
        let mut switches = Vec::new();
        for scripted in self.scripted.iter().filter(|scripted| scripted.active) {
            let condition = condition_by(scripted.fault.kind);
            let worsen = |known: &mut Condition| *known = condition.max(*known);
            let nodes = scripted.nodes.iter().map(|node| *node as usize);
            match &scripted.fault.component {
                Component::Node(_) | Component::System(_) | Component::Site(_) => {
                    nodes.for_each(|node| worsen(&mut found.machines[node]));
                }
                Component::Link(_) => nodes.for_each(|node| worsen(&mut found.links[node])),
                Component::Service(_, service) => nodes.for_each(|node| worsen(&mut found.services[node][*service])),
                Component::Switch => switches.push((condition, scripted.takeover)),
                Component::Zone => worsen(&mut found.zone),
                Component::Database => worsen(&mut found.database),
            }
        }
        if let Some(starting) = starting {
            for (node, services) in found.services.iter_mut().enumerate() {
                for (service, condition) in services.iter_mut().enumerate() {
                    if starting.is_missing(node as u32, service, now) {
                        *condition = Condition::Refuses.max(*condition);
                    }
                }
            }
        }
        match (self.pair, switches.as_slice()) {
            (_, []) => {}
            // Nobody has the virtual address until the second one takes it.
            (Some(pair), [(_, takeover)]) => {
                let waits = if now < *takeover { Condition::Silent } else { Condition::Up };
                found.switch = waits;
                match pair.keeps_connections {
                    true => found.pause = *takeover,
                    false => found.switch_under_way = waits,
                }
            }
            (_, several) => {
                let worst = several.iter().map(|(condition, _)| *condition).max().unwrap_or(Condition::Up);
                (found.switch, found.switch_under_way) = (worst, worst);
            }
        }
        self.any = !found.all_up();
        self.now = found;
    }

    /// Whether a machine is being maintained, or about to be; or a service of it, with the machine or by itself.
    pub(super) fn is_maintained(&self, node: u32, service: Option<usize>) -> bool {
        let about = |fault: &Fault| {
            let own = fault.component.service();
            fault.kind == FaultKind::Maintenance && (own.is_none() || own == service)
        };
        self.of_node(node).any(|scripted| about(&scripted.fault))
    }

    /// What is left of the speed of a machine.
    pub(super) fn speed(&self, node: u32) -> f64 {
        self.of_node(node).map(|scripted| scripted.fault.speed).product()
    }

    /// The faults of a node that are under way.
    fn of_node(&self, node: u32) -> impl Iterator<Item = &Scripted> {
        self.scripted.iter().filter(move |scripted| scripted.active && scripted.nodes.contains(&node))
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
