//! How a session lives: it begins, goes from operation to operation, and ends.

use super::event::Event;
use super::measure::judge;
use super::session::{Cursor, Job};
use super::world::World;
use crate::engine::{Agenda, Id};
use crate::units::Time;

impl World<'_> {
    pub(super) fn await_session(&mut self, stream: usize, now: Time, agenda: &mut Agenda<Event>) {
        let at = now + self.arrivals[stream].gap();
        agenda.schedule(at, Event::Arrival { stream: stream as u32 });
    }

    /// A session begins: everything random about it is fixed by its key.
    pub(super) fn begin(&mut self, stream: usize, now: Time, agenda: &mut Agenda<Event>) {
        let key = self.arrivals[stream].next_session();
        let birth = self.kinds[stream].birth(key);
        let service = self.scenario.streams[stream].service;
        let node = self.switch.as_mut().map_or(0, |switch| switch.choose(service, birth.routing));
        let group = self.group_ends.iter().position(|end| birth.group < *end).unwrap_or(self.group_ends.len() - 1);
        self.services[service].begin(now);
        let meter = &mut self.nodes[node as usize];
        meter.sessions += 1;
        meter.connections.add(now, 1);
        let id = self.jobs.insert(Job {
            key,
            stream: stream as u32,
            node,
            group: group as u32,
            background: false,
            began: now,
            messages: birth.messages,
            position: 0,
            cursor: Cursor::default(),
            executions: 0,
            execution_began: now,
            step: 0,
            parts: 0,
            cpu_s: 0.0,
            data_cpu_s: 0.0,
            size: 0,
            chance: key.stream(),
            execution_moved: 0,
            moved: 0,
            client_time: Time::ZERO,
        });
        if self.next_execution(id, now) {
            self.started.push(id);
        } else {
            self.end(id, now);
        }
        self.go_on(now, agenda);
    }

    /// Sets the job up for its next execution of an operation; false when there is none left.
    ///
    /// An operation that the client does not wait for becomes a job of its own.
    pub(super) fn next_execution(&mut self, id: Id<Job>, now: Time) -> bool {
        loop {
            let job = &mut self.jobs[id];
            let stream = &self.scenario.streams[job.stream as usize];
            let Some(index) = stream.operations.get(job.position as usize) else { return false };
            let operation = &self.scenario.operations[*index];
            let kind = &self.kinds[job.stream as usize];
            let Some(message) = job.cursor.advance((job.key, job.messages), kind, operation) else {
                if job.background {
                    return false;
                }
                job.position += 1;
                job.executions = 0;
                job.cursor = Cursor::default();
                continue;
            };
            let program = &self.programs[*index];
            let mut chance = job.execution_chance();
            job.executions += 1;
            job.cpu_s = program.cpu.sample(&mut chance) + program.cpu_s_per_byte * message.size as f64;
            job.data_cpu_s = program.data_cpu.sample(&mut chance);
            job.chance = chance;
            job.size = message.size;
            job.step = 0;
            job.execution_moved = 0;
            job.execution_began = now;
            if operation.client_waits || job.background {
                return true;
            }
            // The copy goes on with the first execution; the session skips the operation.
            let work = Job { background: true, ..job.clone() };
            job.position += 1;
            job.executions = 0;
            job.cursor = Cursor::default();
            self.background.began += 1;
            let work = self.jobs.insert(work);
            self.started.push(work);
        }
    }

    pub(super) fn end(&mut self, id: Id<Job>, now: Time) {
        let job = self.jobs.remove(id);
        if job.background {
            self.background.ended += 1;
            return;
        }
        self.ended += 1;
        if self.sabotage.drop_session == Some(self.ended) {
            return;
        }
        let service = self.scenario.streams[job.stream as usize].service;
        self.nodes[job.node as usize].connections.add(now, -1);
        self.services[service].end(now, job.began, job.client_time, self.window_start);
        for level in &self.session_levels[service] {
            judge(&mut self.levels[*level], &self.scenario.levels[*level], now - job.began, job.moved);
        }
    }
}
