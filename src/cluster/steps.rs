//! Steps on the way through the machines.

use super::event::Event;
use super::measure::judge;
use super::node::Token;
use super::program::Step;
use super::session::Job;
use super::world::World;
use crate::analytic::Resource;
use crate::engine::{Agenda, Grant, Id};
use crate::scenario::ClientTransfer;
use crate::units::{Bytes, Time};

impl World<'_> {
    /// Lets the job, and whatever work it starts, go on until each of them waits for something.
    pub(super) fn advance(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) {
        self.started.push(id);
        self.go_on(now, agenda);
    }

    pub(super) fn go_on(&mut self, now: Time, agenda: &mut Agenda<Event>) {
        while let Some(id) = self.started.pop() {
            while self.step(id, now, agenda) {}
        }
    }

    /// Takes the job's next step; false when the job waits for it, or is through.
    pub(super) fn step(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let job = &self.jobs[id];
        let index = self.scenario.streams[job.stream as usize].operations[job.position as usize];
        if job.step == 0 && !job.has_place {
            if self.places[job.node as usize][index].acquire(now, id) == Grant::Waiting {
                return false;
            }
            self.jobs[id].has_place = true;
        }
        if self.jobs[id].faults.left > 0 {
            return !self.page_in(id, now, agenda);
        }
        let job = &mut self.jobs[id];
        let Some(step) = self.programs[index].steps(job.node != self.store).get(job.step as usize).copied() else {
            return self.end_execution(id, index, now);
        };
        job.step += 1;
        !self.start(id, index, step, now, agenda)
    }

    /// Starts a step; false when it takes no time.
    pub(super) fn start(
        &mut self,
        id: Id<Job>,
        index: usize,
        step: Step,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) -> bool {
        let job = &mut self.jobs[id];
        let node = job.node;
        let data = self.store;
        match step {
            Step::FromClient | Step::ToClient => {
                let group = &self.scenario.groups[job.group as usize];
                let operation = &self.scenario.operations[index];
                let upload = operation.client_transfer == ClientTransfer::Upload;
                let trips = if step == Step::FromClient { u64::from(operation.round_trips) } else { 0 };
                let bytes = if upload || step == Step::ToClient { job.size } else { 0 };
                let line = Time::from_secs_f64(bytes as f64 * group.s_per_byte);
                let delay = line + group.rtt * trips;
                job.execution_moved += bytes;
                job.moved += bytes;
                job.client_time += delay;
                if delay > Time::ZERO {
                    agenda.schedule(now + delay, Event::Client { job: id });
                }
                delay > Time::ZERO
            }
            Step::DirectoryTrip => {
                // The same event as that of a client's line: a delay is over. The client's share of the time does not grow.
                agenda.schedule(now + self.scenario.directory.round_trip, Event::Client { job: id });
                true
            }
            Step::Cpu | Step::DataCpu | Step::DatabaseCpu => {
                let (node, seconds) = match step {
                    Step::Cpu => (node, job.cpu_s),
                    Step::DataCpu => (data, job.data_cpu_s),
                    _ => {
                        let kind = &self.kinds[job.stream as usize];
                        (self.database, self.database_cpu.sample(&mut job.lookup_key(kind).stream()))
                    }
                };
                let machine = &mut self.machines[node as usize];
                let demand = Time::from_ns_f64(seconds * machine.ns_per_reference_s);
                machine.cpu.arrive(now, Token::Job(id), demand, agenda);
                job.parts = 1;
                self.count_faults(id, node);
                true
            }
            Step::Disk(work) => self.visit_disk(id, index, work, now, agenda),
            Step::NodeIn | Step::NodeOut | Step::DataIn | Step::DataOut => {
                let at = if matches!(step, Step::NodeIn | Step::NodeOut) { node } else { data };
                let machine = &mut self.machines[at as usize];
                let inwards = matches!(step, Step::NodeIn | Step::DataIn);
                let link = if inwards { &mut machine.link_in } else { &mut machine.link_out };
                let Some(link) = link else { return false };
                link.carry(now, Token::Job(id), Bytes(job.size), agenda);
                job.parts = 1;
                true
            }
        }
    }

    /// An operation is done once more; true when the job goes on.
    pub(super) fn end_execution(&mut self, id: Id<Job>, index: usize, now: Time) -> bool {
        let job = &self.jobs[id];
        let response = now - job.execution_began;
        let observed = &mut self.operations[index];
        observed.response.record(response);
        observed.response_histogram.record(response);
        for level in &self.operation_levels[index] {
            judge(&mut self.levels[*level], &self.scenario.levels[*level], response, job.execution_moved);
        }
        let node = job.node as usize;
        self.jobs[id].has_place = false;
        if let Some(next) = self.places[node][index].release(now) {
            self.jobs[next].has_place = true;
            self.started.push(next);
        }
        if self.pass_gate(id) && self.next_execution(id, now) {
            return true;
        }
        self.end(id, now);
        false
    }

    /// A station's timer has fired: everything that is done there goes on.
    pub(super) fn depart(&mut self, station: u32, now: Time, agenda: &mut Agenda<Event>) {
        let (node, resource) = (station as usize / Resource::ALL.len(), station as usize % Resource::ALL.len());
        let resource = Resource::ALL[resource];
        if let Some(station) = self.machines[node].station_mut(resource) {
            station.fired();
        }
        while let Some(token) = self.machines[node].station_mut(resource).and_then(|station| station.pop_departed(now))
        {
            let id = match token {
                Token::Job(id) => id,
                Token::Housekeeping => continue,
                Token::WriteBehind => {
                    self.written_behind(node, now, agenda);
                    continue;
                }
            };
            let job = &mut self.jobs[id];
            job.parts -= 1;
            if job.parts == 0 {
                self.advance(id, now, agenda);
            }
        }
        if let Some(station) = self.machines[node].station_mut(resource) {
            station.announce(agenda);
        }
    }

    pub(super) fn keep_house(&mut self, node: u32, now: Time, agenda: &mut Agenda<Event>) {
        let machine = &mut self.machines[node as usize];
        let demand = Time::from_ns_f64(self.scenario.product.domain_cpu.as_secs_f64() * machine.ns_per_reference_s);
        machine.cpu.arrive(now, Token::Housekeeping, demand, agenda);
        self.page_for_housekeeping(node as usize, now, agenda);
        if let Some(period) = self.nodes[node as usize].domains {
            agenda.schedule(now + period, Event::Housekeeping { node });
        }
    }
}
