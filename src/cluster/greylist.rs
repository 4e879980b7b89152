//! Greylists: strangers are turned away for now, and some of them come back.
//!
//! A sender who will come back is an entry here and in the agenda; the session that comes then is the same one as before,
//! so it passes what it has passed, and every greylist up to the one that turned it away knows it.

use super::event::Event;
use super::mail::{Errand, Place};
use super::observe::Flow;
use super::session::Job;
use super::world::World;
use crate::engine::{Agenda, Id, Slab};
use crate::random::Key;
use crate::scenario::Scenario;
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// A sender who will come back with the same session.
#[derive(Debug, Clone, Copy)]
pub struct Returning {
    key: Key,
    stream: u32,
    /// Operations of the stream, from the first on, of which the greylists know the sender by then.
    known: u32,
    /// By which a node is chosen: the sender asks anew.
    routing: f64,
    /// What it is about.
    errand: Errand,
}

/// What the greylists of a service did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GreylistObserved {
    /// Sessions turned away for now.
    pub deferred: u64,
    /// Of these the ones that will never come back.
    pub given_up: u64,
    /// Senders who will: turned away, come back, on their way.
    pub returning: Flow,
}

/// The greylists of all services.
pub(super) struct Greylists {
    returning: Slab<Returning>,
    /// By service; none where no session can be turned away for now.
    observed: Vec<Option<GreylistObserved>>,
}

impl Greylists {
    pub(super) fn new(scenario: &Scenario) -> Greylists {
        let service = |service| scenario.defers(service).then(GreylistObserved::default);
        Greylists { returning: Slab::new(), observed: (0..scenario.services.len()).map(service).collect() }
    }

    /// How many senders will come back.
    pub(super) fn returning(&self) -> u64 {
        self.returning.len() as u64
    }

    /// How many of them to a service.
    fn present(&self, scenario: &Scenario, service: usize) -> u64 {
        let of = |sender: &Returning| scenario.streams[sender.stream as usize].service == service;
        self.returning.iter().filter(|(_, sender)| of(sender)).count() as u64
    }

    /// Copies of the messages of those who will come back.
    pub(super) fn copies(&self) -> u64 {
        self.returning.iter().map(|(_, sender)| u64::from(sender.errand.copies)).sum()
    }

    /// Counts start anew; those who will come back stay.
    pub(super) fn reset(&mut self, scenario: &Scenario) {
        for service in 0..self.observed.len() {
            let present_at_start = self.present(scenario, service);
            if let Some(observed) = &mut self.observed[service] {
                *observed = GreylistObserved::default();
                observed.returning.present_at_start = present_at_start;
            }
        }
    }

    /// What was observed of each service, at the end.
    pub(super) fn observed(mut self, scenario: &Scenario) -> Vec<Option<GreylistObserved>> {
        for service in 0..self.observed.len() {
            let present = self.present(scenario, service);
            if let Some(observed) = &mut self.observed[service] {
                observed.returning.present_at_end = present;
            }
        }
        self.observed
    }
}

impl World<'_> {
    /// Turns a session away for now, if the greylist at this place does not know its sender; says whether.
    pub(super) fn defer(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let job = &self.jobs[id];
        let stream = &self.scenario.streams[job.stream as usize];
        let place = job.position as usize;
        let Some(gate) = stream.gates[place].filter(|gate| gate.defer > 0.0 && job.position >= job.known) else {
            return false;
        };
        let mut chance = job.deferral(gate).stream();
        let (stranger, returns, routing) = (chance.unit(), chance.unit(), chance.unit());
        // The cluster's own backup is known.
        if stranger >= gate.defer || self.jobs[id].errand.from_backup {
            return false;
        }
        let Some(observed) = &mut self.greylists.observed[stream.service] else { return false };
        observed.deferred += 1;
        if returns >= gate.returns {
            observed.given_up += 1;
            self.refuse_mail(id);
            return true;
        }
        observed.returning.began += 1;
        let errand = self.come_back_with(id);
        let job = &self.jobs[id];
        let after = self.programs[stream.operations[place]].returns_after.sample(&mut chance);
        let sender = Returning { key: job.key, stream: job.stream, known: job.position + 1, routing, errand };
        let sender = self.greylists.returning.insert(sender);
        agenda.schedule(now + Time::from_secs_f64(after), Event::Return { sender });
        true
    }

    /// A sender comes back.
    pub(super) fn come_again(&mut self, sender: Id<Returning>, now: Time, agenda: &mut Agenda<Event>) {
        let sender = self.greylists.returning.remove(sender);
        let stream = sender.stream as usize;
        if let Some(observed) = &mut self.greylists.observed[self.scenario.streams[stream].service] {
            observed.returning.ended += 1;
        }
        let mut birth = self.kinds[stream].birth(sender.key);
        birth.routing = sender.routing;
        self.leave_the_outbox(Place::Senders, &sender.errand);
        self.arrive(stream, (sender.key, sender.known), &birth, sender.errand, now, agenda);
    }
}
