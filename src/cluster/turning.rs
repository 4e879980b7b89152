//! A fault begins or ends, or what it left behind is over: what changes at that moment.

use super::event::Event;
use super::faults::{Condition, Conditions};
use super::world::World;
use crate::engine::Agenda;
use crate::scenario::{Component, FaultKind, Route};
use crate::units::Time;

impl World<'_> {
    /// A fault begins or ends.
    pub(super) fn turn(&mut self, index: u32, now: Time, agenda: &mut Agenda<Event>) {
        let scripted = &mut self.faults.scripted[index as usize];
        scripted.active = !scripted.active;
        let (began, ends, takeover) = (scripted.active, scripted.ends, scripted.takeover);
        let (nodes, component, kind) = (scripted.nodes.clone(), scripted.fault.component.clone(), scripted.fault.kind);
        if began && ends < Time::MAX {
            agenda.schedule(ends, Event::Fault { index });
        }
        if began && takeover < Time::MAX {
            agenda.schedule(takeover, Event::Recovery { index });
        }
        self.failures.turn(index, began, now);
        match kind {
            FaultKind::Slow => nodes.into_iter().for_each(|node| self.slow_down(node, now, agenda)),
            FaultKind::Maintenance => self.maintain((nodes[0], component.service()), now, agenda),
            FaultKind::Stop | FaultKind::Hang | FaultKind::BlackHole => {
                self.change((index, component, &nodes), began, now, agenda);
            }
        }
        self.settle_failures(now);
        self.note_conditions(now);
    }

    /// Something has been started again, or a second switch has taken over.
    pub(super) fn recover(&mut self, index: u32, now: Time, agenda: &mut Agenda<Event>) {
        let before = self.faults.conditions().clone();
        self.judge(index, now, agenda);
        if self.faults.scripted[index as usize].takeover == now && self.faults.conditions().switch == Condition::Up {
            self.failures.take_over(index, now);
        }
        self.react(index, &before, now, agenda);
        self.settle_failures(now);
        self.note_conditions(now);
    }

    /// What is left of the speed of a machine has changed.
    fn slow_down(&mut self, node: u32, now: Time, agenda: &mut Agenda<Event>) {
        let (machine, speed) = (&mut self.machines[node as usize], self.faults.speed(node));
        if !machine.cpu.set_speed(now, speed, agenda) {
            machine.ns_per_reference_s = 1e9 / (self.scenario.cluster.nodes[node as usize].tier.speed * speed);
        }
    }

    /// A machine, or one service of it, is drained, or takes all again.
    fn maintain(&mut self, (node, service): (u32, Option<usize>), now: Time, agenda: &mut Agenda<Event>) {
        let all = 0..self.scenario.services.len();
        for service in all.filter(|index| service.is_none_or(|service| service == *index)) {
            let drains = self.faults.is_maintained(node, Some(service));
            self.balancers.drain(service, node, drains);
            let route = self.scenario.cluster.route(service);
            if route.and_then(Route::switch).is_some_and(|switch| switch.within.is_none()) {
                match drains {
                    true => self.failure_removed(node, service, now),
                    false => self.failure_back(node, service, now),
                }
            }
        }
        self.drain(node, self.faults.is_maintained(node, None), now, agenda);
    }

    /// Components are away or back.
    fn change(
        &mut self,
        (index, component, nodes): (u32, Component, &[u32]),
        began: bool,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) {
        let before = self.faults.conditions().clone();
        self.judge(index, now, agenda);
        // What one service does is no business of heartbeats.
        for node in nodes.iter().filter(|_| component.service().is_none()) {
            self.listen(*node, now, agenda);
        }
        if component.is_machines() && !began {
            for node in nodes {
                if let Some(memory) = &mut self.memories[*node as usize] {
                    memory.restart();
                }
                if self.faults.scripted[index as usize].fault.loses_disk {
                    self.lose_queue(*node);
                }
            }
        }
        self.react(index, &before, now, agenda);
        if !began {
            self.await_flush(now, agenda);
        }
    }

    /// Finds all conditions anew, and starts what has to be started.
    fn judge(&mut self, index: u32, now: Time, agenda: &mut Agenda<Event>) {
        self.faults.judge(self.starting.as_ref(), now);
        let Some(starting) = &mut self.starting else { return };
        if let Some(next) = starting.update(self.faults.conditions(), now) {
            agenda.schedule(next, Event::Recovery { index });
        }
        self.faults.judge(Some(starting), now);
    }

    /// Conditions have changed: whoever is concerned takes notice.
    fn react(&mut self, index: u32, before: &Conditions, now: Time, agenda: &mut Agenda<Event>) {
        self.failures.blame_all_on(Some(index));
        self.cut(now, agenda);
        let (nodes, services) = (self.machines.len() as u32, self.scenario.services.len());
        for (node, service) in (0..nodes).flat_map(|node| (0..services).map(move |service| (node, service))) {
            if self.are_broken(before, node, service) {
                self.break_standing(node as usize, service, now, agenda);
            }
        }
        self.revive_all(now);
        self.hand_over(now, agenda);
        self.failures.blame_all_on(None);
        // Of a machine itself only a ping can tell, and it may have changed where no service has.
        for (node, service) in (0..nodes).flat_map(|node| (0..services).map(move |service| (node, service))) {
            self.watch(node, service, now, agenda);
        }
        self.go_on(now, agenda);
    }

    /// Whether the connections that stand open at a service of a node are gone: it has been started anew or turns everybody
    /// away, or the switch does. A link that is back finds them as they were.
    fn are_broken(&self, before: &Conditions, node: u32, service: usize) -> bool {
        let after = self.faults.conditions();
        let breaks = |before: Condition, after: Condition| {
            before != after && matches!(after, Condition::Up | Condition::Refuses)
        };
        let switch = self.faults.is_behind_switch(service) && breaks(before.switch_under_way, after.switch_under_way);
        switch || breaks(before.local(node, service), after.local(node, service))
    }
}
