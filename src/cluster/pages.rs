//! Sessions that take a connection for each page, as web mail does, and log in again where nobody knows them.
//!
//! Before each operation that its client thinks about, such a session hangs up, and afterwards it asks for a node like
//! anybody else. A node that is not the one of its last login knows nothing of that: its login operation is done first, and
//! counted. The browser keeps one cookie: whoever comes back to an earlier node logs in there again.

use super::balance::Visitor;
use super::event::Event;
use super::seeking::{Failure, Seeker};
use super::session::{Job, Line};
use super::world::World;
use crate::engine::{Agenda, Grant, Id};
use crate::random::Stream;
use crate::units::Time;

/// The page that waits until its session has logged in again.
#[derive(Debug, Clone)]
pub(super) struct Page {
    cpu_s: f64,
    data_cpu_s: f64,
    remote_s: f64,
    size: u64,
    chance: Stream,
    began: Time,
}

impl World<'_> {
    /// The operation that is done again after a move, for jobs whose session takes a connection for each page.
    pub(super) fn relogin_of(&self, job: &Job) -> Option<usize> {
        let stream = &self.scenario.streams[job.stream as usize];
        self.scenario.services[stream.service].relogin.filter(|_| !job.background)
    }

    /// The operation that a job is at, without what is called for it.
    pub(super) fn own_operation(&self, job: &Job) -> Option<usize> {
        let stream = &self.scenario.streams[job.stream as usize];
        if job.page.is_some() {
            return self.scenario.services[stream.service].relogin;
        }
        stream.operations.get(job.position as usize).copied()
    }

    /// The client thinks about the next page: its connection is closed, and its worker turns to others.
    pub(super) fn hang_up(&mut self, id: Id<Job>, now: Time) {
        let (node, service) = self.place(id);
        if std::mem::take(&mut self.jobs[id].has_worker) {
            self.give_worker(node, service, now);
        }
        if self.jobs[id].line == Line::Open {
            self.jobs[id].line = Line::Closed;
            self.disconnect(service, node as u32, now);
            self.nodes[node].connections.add(now, -1);
            self.give_connection(node, service, now);
        }
    }

    /// The client asks for the next page, and looks for a node.
    pub(super) fn dial(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) {
        let job = &mut self.jobs[id];
        job.dials += 1;
        let (stream, key, known, began) = (job.stream as usize, job.key, job.known, job.began);
        let connection = job.connection_key();
        let birth = self.kinds[stream].birth(key);
        // A browser keeps the address that has answered it, and goes on from there.
        let (answer, tries) = self.jobs[id].answer;
        let chance = (connection.stream().unit(), self.group(birth.group));
        let visitor = Visitor { tries, answer, ..self.visitor_by(stream, chance, key, connection) };
        let seeker = Seeker::for_page(id, (stream, key, known), birth, visitor, (began, now));
        self.approach(seeker, now, agenda);
    }

    /// A session with a page to ask for has found a node.
    pub(super) fn land_again(&mut self, (id, node): (Id<Job>, u32), visitor: &Visitor, now: Time) {
        let service = self.scenario.streams[self.jobs[id].stream as usize].service;
        let (job, answer) = (&mut self.jobs[id], (visitor.answer, visitor.tries));
        (job.node, job.line, job.answer) = (node, Line::Waits, answer);
        let grant = if self.is_out_of_memory(node) {
            Grant::Refused
        } else {
            self.desks[node as usize][service].connections.acquire(now, id)
        };
        match grant {
            Grant::Granted => self.connect(id, now),
            Grant::Waiting => {}
            Grant::Refused => self.fail_page(id, Failure::Refused, now),
        }
    }

    /// A session that is under way has a connection again: it goes on, or logs in first.
    pub(super) fn go_on_with_page(&mut self, id: Id<Job>, now: Time) {
        let job = &self.jobs[id];
        let (service, node) = (self.scenario.streams[job.stream as usize].service, job.node);
        if node != job.login
            && let Some(relogin) = self.relogin_of(job)
        {
            self.services[service].observed.relogins += 1;
            let mut chance = job.relogin_key().stream();
            let program = &self.programs[relogin];
            let job = &mut self.jobs[id];
            job.login = node;
            job.page = Some(Box::new(Page {
                cpu_s: job.cpu_s,
                data_cpu_s: job.data_cpu_s,
                remote_s: job.remote_s,
                size: job.size,
                chance: job.chance.clone(),
                began: job.execution_began,
            }));
            (job.cpu_s, job.size) = (program.cpu_s(&mut chance, 0), 0);
            job.data_cpu_s = program.data_cpu.sample(&mut chance);
            job.remote_s = program.remote_latency.sample(&mut chance);
            (job.chance, job.execution_began) = (chance, now);
        }
        if let Some(own) = self.own_operation(&self.jobs[id]) {
            let site = self.site(id, own, now);
            self.jobs[id].site = site;
        }
        self.started.push(id);
    }

    /// A session has logged in again: now the page.
    pub(super) fn end_relogin(&mut self, id: Id<Job>, now: Time) {
        let job = &mut self.jobs[id];
        let Some(page) = job.page.take() else { return };
        (job.cpu_s, job.data_cpu_s, job.remote_s, job.size) = (page.cpu_s, page.data_cpu_s, page.remote_s, page.size);
        (job.chance, job.execution_began) = (page.chance, page.began);
        (job.step, job.execution_moved) = (0, 0);
        if let Some(own) = self.own_operation(&self.jobs[id]) {
            let site = self.site(id, own, now);
            self.jobs[id].site = site;
        }
    }

    /// A session finds no node for its next page, and is over.
    pub(super) fn fail_page(&mut self, id: Id<Job>, how: Failure, now: Time) {
        self.cut_off(id, how, now);
        self.jobs.remove(id);
    }
}
