//! Work at another place than the session's own node: inner calls (web mail asks IMAP), and filters with machines of
//! their own.
//!
//! Who calls another service does so at its own node where that runs the service, else at one that the balancer of that
//! service chooses. The caller keeps its worker meanwhile and holds one of the other service too; it has no client there,
//! so what the other operation would move over a client's line crosses the network between the two nodes instead.

use super::balance::{Visitor, of_node};
use super::program::Step;
use super::session::Job;
use super::world::World;
use crate::engine::{Agenda, Grant, Id};
use crate::random::Key;
use crate::units::Time;

use super::event::Event;

/// An inner call under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// The operation that was called.
    pub(super) operation: u32,
    began: Time,
    /// Whether it holds a worker of the other service, and one of the operation's limited places.
    pub(super) has_worker: bool,
    pub(super) has_place: bool,
    /// What the caller goes on with.
    site: u32,
    pub(super) step: u32,
    cpu_s: f64,
    data_cpu_s: f64,
    remote_s: f64,
}

impl Frame {
    /// Where the caller goes on.
    pub(super) fn site(&self) -> u32 {
        self.site
    }

    /// The caller is as it was before the call, and its step is done again.
    pub(super) fn restore(self, job: &mut Job) {
        (job.cpu_s, job.data_cpu_s, job.remote_s) = (self.cpu_s, self.data_cpu_s, self.remote_s);
    }
}

impl World<'_> {
    /// Where an operation of the job is done.
    pub(super) fn site(&mut self, id: Id<Job>, index: usize, now: Time) -> u32 {
        let job = &self.jobs[id];
        let operation = &self.scenario.operations[index];
        if operation.at_filter_tier {
            let from = job.node;
            return self.next_filter(from);
        }
        if operation.service == self.scenario.streams[job.stream as usize].service {
            return job.node;
        }
        let key = job.call_key(&self.kinds[job.stream as usize]);
        self.partner(id, operation.service, key, now)
    }

    /// The node that does something for another service: its own, or the same as for the last call of that service.
    fn partner(&mut self, id: Id<Job>, service: usize, key: Key, now: Time) -> u32 {
        let job = &self.jobs[id];
        if self.scenario.cluster.nodes[job.node as usize].serves(service) {
            return job.node;
        }
        match job.partner {
            Some((known, node)) if known == service as u32 => node,
            last => {
                // It is the node that connects, from its own address.
                let domain = self.domain(service, job.stream as usize, job.key);
                let (chance, address) = (key.stream().unit(), of_node(job.node));
                let port = self.port(service, key);
                let visitor =
                    Visitor { chance, address, port, domain, tries: 0, group: None, sends_mail: false, answer: None };
                let chosen = self.balancers.choose(service, &visitor, now);
                // Where a switch knows of nobody who is up, the call goes to one that is down and fails there.
                let node = chosen.unwrap_or_else(|| self.balancers.join_any(service));
                self.jobs[id].partner = Some((service as u32, node));
                if let Some((last, node)) = last {
                    self.balancers.leave(last as usize, node);
                }
                node
            }
        }
    }

    /// A job that is over parts from the node that it called last.
    pub(super) fn part(&mut self, job: &Job) {
        if let Some((service, node)) = job.partner {
            self.balancers.leave(service as usize, node);
        }
    }

    /// A job calls an operation of another service.
    pub(super) fn call(&mut self, id: Id<Job>, index: usize, call: u32, now: Time) {
        let called = self.scenario.operations[index].calls[call as usize];
        let service = self.scenario.operations[called].service;
        let job = &self.jobs[id];
        let key = job.call_key(&self.kinds[job.stream as usize]).at(u64::from(call));
        let site = self.partner(id, service, key, now);
        let program = &self.programs[called];
        let job = &mut self.jobs[id];
        let mut chance = key.at(0).stream();
        let frame = Frame {
            operation: called as u32,
            began: now,
            has_worker: false,
            has_place: false,
            site: std::mem::replace(&mut job.site, site),
            step: std::mem::replace(&mut job.step, 0),
            cpu_s: job.cpu_s,
            data_cpu_s: job.data_cpu_s,
            remote_s: job.remote_s,
        };
        job.cpu_s = program.cpu_s(&mut chance, job.size);
        job.data_cpu_s = program.data_cpu.sample(&mut chance);
        job.remote_s = program.remote_latency.sample(&mut chance);
        job.frame = Some(frame);
    }

    /// Whether a called operation can go on: it has a worker of its service and one of its own places.
    pub(super) fn may_call(&mut self, id: Id<Job>, frame: Frame, now: Time) -> bool {
        let (site, called) = (self.jobs[id].site as usize, frame.operation as usize);
        let service = self.scenario.operations[called].service;
        if !frame.has_worker {
            if self.desks[site][service].workers.acquire(now, id) == Grant::Waiting {
                return false;
            }
            self.hold_worker(site, service);
            self.frame_of(id).has_worker = true;
        }
        if !frame.has_place {
            if self.places[site][called].acquire(now, id) == Grant::Waiting {
                return false;
            }
            self.frame_of(id).has_place = true;
        }
        true
    }

    fn frame_of(&mut self, id: Id<Job>) -> &mut Frame {
        self.jobs[id].frame.as_mut().expect("only a job in a call asks for what a call needs")
    }

    /// An inner call is over: the caller goes on.
    pub(super) fn come_back(&mut self, id: Id<Job>, frame: Frame, now: Time) {
        let called = frame.operation as usize;
        let service = self.scenario.operations[called].service;
        let job = &mut self.jobs[id];
        let site = job.site as usize;
        (job.site, job.step, job.frame) = (frame.site, frame.step, None);
        (job.cpu_s, job.data_cpu_s, job.remote_s) = (frame.cpu_s, frame.data_cpu_s, frame.remote_s);
        let response = now - frame.began;
        self.observe_execution(called, response, 0);
        if let Some(next) = self.places[site][called].release(now) {
            self.give_place(next);
        }
        self.give_worker(site, service, now);
    }

    /// What would cross a client's line crosses the network between two nodes; false when it takes no time.
    pub(super) fn cross(
        &mut self,
        id: Id<Job>,
        step: Step,
        upload: bool,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) -> bool {
        let job = &self.jobs[id];
        if job.site == job.node {
            return false;
        }
        let (node, inwards) = match step {
            Step::FromClient if upload => (job.node, false),
            Step::ToClient => (job.node, true),
            Step::TakeIn => (job.site, true),
            Step::GiveOut => (job.site, false),
            _ => return false,
        };
        self.carry(id, node, inwards, now, agenda)
    }
}
