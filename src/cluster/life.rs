//! How a session lives: it begins, goes from operation to operation, and ends.

use super::cutting::Fate;
use super::event::Event;
use super::mail::{Errand, Place};
use super::measure::judge;
use super::memory::Faults;
use super::seeking::{Failure, Seeker};
use super::session::{Birth, Cursor, Job, Line, MAILBOX};
use super::world::World;
use crate::engine::{Agenda, Grant, Id};
use crate::random::Key;
use crate::scenario::Messages;
use crate::units::Time;

impl World<'_> {
    pub(super) fn await_session(&mut self, stream: usize, now: Time, agenda: &mut Agenda<Event>) {
        let at = self.arrivals[stream].next(now);
        if at < Time::MAX {
            agenda.schedule(at, Event::Arrival { stream: stream as u32 });
        }
    }

    /// A session begins: everything random about it is fixed by its key.
    pub(super) fn begin(&mut self, stream: usize, now: Time, agenda: &mut Agenda<Event>) {
        let key = self.arrivals[stream].next_session();
        let birth = self.kinds[stream].birth(key);
        if !self.admit(stream, birth.admission) {
            return;
        }
        self.set_out(stream, (key, &birth), now, agenda);
    }

    /// A session arrives, whose sender the greylists know up to a place among its operations.
    pub(super) fn arrive(
        &mut self,
        stream: usize,
        (key, known): (Key, u32),
        birth: &Birth,
        errand: Errand,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) {
        self.count_arrival(stream, &errand, now);
        let visitor = self.visitor(stream, birth, key);
        let seeker = Seeker::new((stream, key, known), *birth, errand, self.seen_as(visitor, &errand), now);
        self.look_up_exchange(seeker, now, agenda);
    }

    /// A session begins, for the first time or once more.
    pub(super) fn count_arrival(&mut self, stream: usize, errand: &Errand, now: Time) {
        self.services[self.scenario.streams[stream].service].begin(now);
        let observed = &mut self.streams[stream];
        observed.began += u64::from(!errand.from_backup);
        observed.retried += u64::from(errand.attempt > 0 && !errand.from_backup);
    }

    /// A session reaches a node that answers.
    pub(super) fn land(&mut self, seeker: &Seeker, node: u32, now: Time, agenda: &mut Agenda<Event>) {
        if let Some(id) = seeker.page_of {
            self.land_again((id, node), &seeker.visitor, now);
            return;
        }
        let (stream, key) = (seeker.stream as usize, seeker.key);
        let service = self.scenario.streams[stream].service;
        let id = self.born(stream, key, &seeker.birth, node, now);
        let job = &mut self.jobs[id];
        (job.known, job.began, job.line, job.client_time) = (seeker.known, seeker.began, Line::Waits, seeker.learning);
        (job.errand, job.settled, job.sending) = (seeker.errand, seeker.errand.first, seeker.errand.copies);
        job.answer = (seeker.visitor.answer, seeker.visitor.tries);
        if let Some((mailbox, free)) = self.locks.lock(stream, key) {
            if !free {
                self.services[service].observed.locked += 1;
                self.refuse(id, now);
                return;
            }
            self.jobs[id].lock = Some(mailbox);
        }
        let grant = if self.is_out_of_memory(node) {
            Grant::Refused
        } else {
            self.desks[node as usize][service].connections.acquire(now, id)
        };
        if grant != Grant::Refused {
            self.open_mailbox(id);
        }
        match grant {
            Grant::Granted => self.connect(id, now),
            Grant::Waiting => {}
            Grant::Refused => self.refuse(id, now),
        }
        self.go_on(now, agenda);
    }

    /// A session at its node.
    pub(super) fn born(&mut self, stream: usize, key: Key, birth: &Birth, node: u32, now: Time) -> Id<Job> {
        let group = self.group(birth.group);
        self.jobs.insert(Job {
            key,
            stream: stream as u32,
            node,
            group: group as u32,
            part: birth.part,
            configuration: self.configuration,
            background: false,
            fate: Fate::Going,
            line: Line::Closed,
            dials: 0,
            login: node,
            answer: (None, 0),
            page: None,
            has_worker: false,
            began: now,
            messages: birth.messages,
            position: 0,
            known: 0,
            cursor: Cursor::default(),
            errand: Errand::new(now),
            settled: 0,
            sending: 0,
            queued: 0,
            hands: Place::Nodes,
            lock: None,
            work_begun: false,
            has_place: false,
            executions: 0,
            execution_began: now,
            step: 0,
            parts: 0,
            faults: Faults::default(),
            cpu_s: 0.0,
            data_cpu_s: 0.0,
            remote_s: 0.0,
            pause: Time::ZERO,
            thought: Time::ZERO,
            site: node,
            frame: None,
            partner: None,
            size: 0,
            drawn: None,
            chance: key.stream(),
            execution_moved: 0,
            moved: 0,
            client_time: Time::ZERO,
        })
    }

    /// A session finds what was delivered since the last visit, if it opens a mailbox.
    pub(super) fn open_mailbox(&mut self, id: Id<Job>) {
        let job = &self.jobs[id];
        let (stream, key) = (&self.scenario.streams[job.stream as usize], job.key);
        if let Some((boxes, pool)) = stream.mailboxes.zip(stream.pool) {
            let found = self.post.open(boxes, pool, key.at(MAILBOX));
            self.post.visit(boxes, pool, found);
            self.jobs[id].messages = found;
        }
    }

    /// Whether the one who would begin this session is free, when the stream comes from people who have one session at a
    /// time. Thinning (Lewis and Shedler 1979): each free one of them begins sessions at the same rate.
    fn admit(&mut self, stream: usize, chance: f64) -> bool {
        let Some(source) = self.scenario.streams[stream].source else { return true };
        let (people, active) = (self.scenario.sources[source], &mut self.active[source]);
        let free = chance * (people as f64) < (people - *active) as f64;
        *active += u64::from(free);
        free
    }

    /// The one who had this session is free again.
    pub(super) fn free(&mut self, stream: u32) {
        if let Some(source) = self.scenario.streams[stream as usize].source {
            self.active[source] -= 1;
        }
    }

    /// The mailbox of this session is free again.
    pub(super) fn unlock(&mut self, job: &Job) {
        if let Some(mailbox) = job.lock {
            self.locks.release(mailbox);
        }
    }

    /// A session has a connection.
    pub(super) fn connect(&mut self, id: Id<Job>, now: Time) {
        let (node, service) = self.place(id);
        self.nodes[node].connections.add(now, 1);
        self.hold_connection(node, service);
        self.jobs[id].line = Line::Open;
        if self.jobs[id].dials > 0 {
            self.go_on_with_page(id, now);
        } else {
            self.work(id, now);
        }
    }

    /// A session asks for a worker.
    pub(super) fn work(&mut self, id: Id<Job>, now: Time) {
        let (node, service) = self.place(id);
        if !self.next_execution(id, now) {
            self.end(id, now);
        } else if self.scenario.services[service].limits.worker_per_operation {
            self.started.push(id);
        } else if self.desks[node][service].workers.acquire(now, id) == Grant::Granted {
            self.take_up(id);
        }
    }

    /// A job has the worker that it asked for and goes on as soon as what happens at this instant allows.
    pub(super) fn take_up(&mut self, id: Id<Job>) {
        let (node, service) = self.worker_of(id);
        self.hold_worker(node, service);
        let job = &mut self.jobs[id];
        *job.frame.as_mut().map_or(&mut job.has_worker, |frame| &mut frame.has_worker) = true;
        self.started.push(id);
    }

    /// A worker is free: who waited for it has it now.
    pub(super) fn give_worker(&mut self, node: usize, service: usize, now: Time) {
        self.drop_worker(node, service);
        if let Some(next) = self.desks[node][service].workers.release(now) {
            self.take_up(next);
        }
    }

    /// The node and the service whose worker a job works with.
    fn worker_of(&self, id: Id<Job>) -> (usize, usize) {
        let job = &self.jobs[id];
        match job.frame {
            Some(frame) => (job.site as usize, self.scenario.operations[frame.operation as usize].service),
            None => self.place(id),
        }
    }

    /// The same with one of an operation's limited places.
    pub(super) fn give_place(&mut self, id: Id<Job>) {
        let job = &mut self.jobs[id];
        *job.frame.as_mut().map_or(&mut job.has_place, |frame| &mut frame.has_place) = true;
        self.started.push(id);
    }

    /// The node and the service of a job.
    pub(super) fn place(&self, id: Id<Job>) -> (usize, usize) {
        let job = &self.jobs[id];
        (job.node as usize, self.scenario.streams[job.stream as usize].service)
    }

    /// There is no room for the session; it counts as late in every level of its service.
    fn refuse(&mut self, id: Id<Job>, now: Time) {
        self.give_back(id, None, false, now);
        let (_, service) = self.place(id);
        let job = self.jobs.remove(id);
        self.disconnect(service, job.node, now);
        self.free(job.stream);
        self.unlock(&job);
        self.count_failure(service, Failure::Refused, job.began, now);
    }

    /// A session failed; it counts as late in every level of its service.
    pub(super) fn count_failure(&mut self, service: usize, how: Failure, began: Time, now: Time) {
        self.services[service].fail(how, began, now, self.window_start);
        for (observed, level) in self.levels.iter_mut().zip(&self.scenario.levels) {
            if level.service == service {
                observed.total += 1;
                observed.late += 1;
            }
        }
    }

    /// Sets the job up for its next execution of an operation; false when there is none left.
    ///
    /// A session does what its client waits for. At the first operation that comes after the reply, all of those become
    /// the work of a job of its own, one after the other, in the node's queue.
    pub(super) fn next_execution(&mut self, id: Id<Job>, now: Time) -> bool {
        loop {
            let job = &mut self.jobs[id];
            let stream = &self.scenario.streams[job.stream as usize];
            let Some(index) = stream.operations.get(job.position as usize) else { return false };
            let operation = &self.scenario.operations[*index];
            if !(operation.part.0..operation.part.1).contains(&job.part) {
                job.next_operation();
                continue;
            }
            let sends_on = job.background && self.mail.takes_at(job.node);
            let is_skipped = sends_on && !(operation.delivers && operation.messages != Messages::Local);
            if operation.client_waits == job.background || is_skipped {
                if !job.background && !job.work_begun {
                    self.answer_for_all(id, now);
                    self.begin_work(id, now);
                }
                self.jobs[id].next_operation();
                continue;
            }
            let kind = &self.kinds[job.stream as usize];
            let messages = job.errand.first..job.messages;
            let place = (job.key, messages, job.position);
            let Some(message) = job.cursor.advance(place, &mut job.drawn, sends_on, kind, operation) else {
                job.next_operation();
                continue;
            };
            let program = &self.programs[*index];
            let mut chance = job.execution_chance(kind);
            job.executions += 1;
            job.cpu_s = program.cpu_s(&mut chance, message.size);
            job.data_cpu_s = program.data_cpu.sample(&mut chance);
            job.pause = Time::from_secs_f64(program.think.sample(&mut chance));
            job.remote_s = program.remote_latency.sample(&mut chance);
            job.chance = chance;
            job.size = message.size;
            job.step = 0;
            job.execution_moved = 0;
            job.execution_began = now;
            let site = self.site(id, *index, now);
            self.jobs[id].site = site;
            return true;
        }
    }

    /// A filter has looked at the session or at one of its messages; false when the session is turned away.
    pub(super) fn pass_gate(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let job = &self.jobs[id];
        let (kind, place) = (&self.kinds[job.stream as usize], job.position as usize);
        let service = self.scenario.streams[job.stream as usize].service;
        if !kind.lets_session(job.key, place) {
            self.services[service].observed.rejected += 1;
            self.refuse_mail(id);
            return false;
        }
        if job.cursor.next_message > 0 && !kind.lets_message(job.key, job.cursor.next_message - 1, place) {
            self.services[service].observed.filtered += 1;
            self.discard_message(id, job.cursor.next_message - 1);
        }
        !self.defer(id, now, agenda)
    }

    pub(super) fn end(&mut self, id: Id<Job>, now: Time) {
        let (node, service) = self.place(id);
        if !self.jobs[id].background {
            self.answer_for_all(id, now);
            if self.jobs[id].queued > 0 {
                self.begin_work(id, now);
            }
        }
        let job = self.jobs.remove(id);
        self.part(&job);
        if job.background {
            self.background.ended += 1;
            self.pass_to_queue(&job);
            self.drop_worker(node, service);
            if let Some(next) = self.desks[node][service].queue_workers.release(now) {
                self.take_up(next);
            }
            return;
        }
        self.ended += 1;
        if self.sabotage.drop_session == Some(self.ended) {
            return;
        }
        self.free(job.stream);
        self.is_sent(&job);
        self.streams[job.stream as usize].ended += u64::from(!job.errand.from_backup);
        self.services[service].end(now, &job, self.window_start);
        if !self.is_backup(node as u32) {
            self.balancers.answered(service, job.node, job.waited(now), now);
        }
        self.unlock(&job);
        for level in &self.session_levels[service] {
            judge(&mut self.levels[*level], &self.scenario.levels[*level], job.waited(now), job.moved);
        }
        if job.has_worker {
            self.give_worker(node, service, now);
        }
        if job.line == Line::Closed {
            return;
        }
        if let Some(kind) = self.left_open(&job) {
            self.stand(kind, node, now);
            return;
        }
        self.disconnect(service, job.node, now);
        self.nodes[node].connections.add(now, -1);
        self.give_connection(node, service, now);
    }

    /// A connection to a node is closed, for those who keep count of them.
    pub(super) fn disconnect(&mut self, service: usize, node: u32, now: Time) {
        if !self.is_backup(node) {
            self.balancers.leave(service, node);
            self.close_at_switch(service, now);
        }
    }
}
