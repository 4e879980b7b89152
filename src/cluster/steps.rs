//! Steps on the way through the machines.

use super::event::Event;
use super::faults::Condition;
use super::measure::judge;
use super::node::{Station, Token};
use super::program::{Step, StoreFrom};
use super::session::{Job, Line};
use super::world::World;
use crate::analytic::Resource;
use crate::engine::{Agenda, Grant, Id};
use crate::scenario::ClientTransfer;
use crate::units::{Bytes, Time};

impl World<'_> {
    /// Lets the job, and whatever work it starts, go on until each of them waits for something.
    pub(super) fn advance(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) {
        while self.step(id, now, agenda) {}
        self.go_on(now, agenda);
    }

    /// The same for those that were started already.
    pub(super) fn go_on(&mut self, now: Time, agenda: &mut Agenda<Event>) {
        while let Some(id) = self.started.pop() {
            while self.step(id, now, agenda) {}
        }
        self.settle_standing(now, agenda);
    }

    /// Takes the job's next step; false when the job waits for it, or is through.
    fn step(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let job = &self.jobs[id];
        // Nearly always: in the midst of its own execution, and nothing is in its way.
        let goes_on = job.has_place && job.frame.is_none() && job.faults.left == 0 && !self.faults.any();
        if !goes_on && !self.may_go_on(id, now, agenda) {
            return false;
        }
        let job = &self.jobs[id];
        let (frame, number) = (job.frame, job.step);
        let index = match frame {
            Some(frame) => frame.operation as usize,
            None => self.own_operation(job).expect("a job that goes on is at an operation"),
        };
        let step = self.programs[index].steps(self.store_from(job.site)).get(number as usize).copied();
        self.jobs[id].step = number + 1;
        match (step, frame) {
            (Some(Step::Call(call)), _) => {
                self.call(id, index, call, now);
                true
            }
            (Some(step), _) => !self.start(id, index, step, now, agenda),
            (None, Some(frame)) => {
                self.come_back(id, frame, now);
                true
            }
            (None, None) => self.end_execution(id, index, now, agenda),
        }
    }

    /// Whether the job can take its next step: it has what it works with, and nothing that has failed is in its way.
    fn may_go_on(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) -> bool {
        if self.calls_in_vain(id, now, agenda) {
            return false;
        }
        let job = &self.jobs[id];
        let may = match job.frame {
            Some(frame) => self.may_call(id, frame, now),
            None => job.has_place || self.may_begin(id, now, agenda),
        };
        if !may {
            return false;
        }
        while self.jobs[id].faults.left > 0 {
            if self.page_in(id, now, agenda) {
                return false;
            }
        }
        !self.asks_in_vain(id, now, agenda)
    }

    /// Whether an execution can begin: its client has thought, and it has a worker and one of the operation's places.
    fn may_begin(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let index = self.own_operation(&self.jobs[id]).expect("a job that begins is at an operation");
        let job = &mut self.jobs[id];
        let pause = std::mem::take(&mut job.pause);
        if pause > Time::ZERO {
            job.thought += pause;
            job.execution_began = now + pause;
            agenda.schedule(now + pause, Event::Client { job: id });
            if self.relogin_of(&self.jobs[id]).is_some() {
                self.hang_up(id, now);
            }
            return false;
        }
        if job.line == Line::Closed && self.relogin_of(&self.jobs[id]).is_some() {
            self.dial(id, now, agenda);
            return false;
        }
        let job = &self.jobs[id];
        if !job.has_worker && !job.background {
            let (node, service) = self.place(id);
            if self.desks[node][service].workers.acquire(now, id) == Grant::Waiting {
                return false;
            }
            self.hold_worker(node, service);
            self.jobs[id].has_worker = true;
        }
        let job = &mut self.jobs[id];
        if self.places[job.site as usize][index].acquire(now, id) == Grant::Waiting {
            return false;
        }
        job.has_place = true;
        true
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
        if self.floods.is_some() {
            self.flood(id, index, step, now, agenda);
        }
        let job = &self.jobs[id];
        let site = job.site;
        match step {
            Step::Cpu => self.compute(id, site, job.cpu_s, now, agenda),
            Step::DataCpu => self.compute(id, self.store, job.data_cpu_s, now, agenda),
            Step::DatabaseCpu => {
                let mut chance = job.lookup_key(&self.kinds[job.stream as usize]).stream();
                let seconds = self.database_cpu.sample(&mut chance);
                self.compute(id, self.database, seconds, now, agenda)
            }
            Step::Disk(work) => self.visit_disk(id, index, work, now, agenda),
            Step::DataIn => self.carry(id, self.store, true, now, agenda),
            Step::DataOut => self.carry(id, self.store, false, now, agenda),
            Step::NodeIn => self.carry(id, site, true, now, agenda),
            Step::NodeOut => self.carry(id, site, false, now, agenda),
            Step::FromClient | Step::ToClient | Step::Switch | Step::TakeIn | Step::GiveOut => {
                let service = self.scenario.streams[job.stream as usize].service;
                let operation = &self.scenario.operations[index];
                if operation.is_called_by(service) {
                    let upload = operation.client_transfer == ClientTransfer::Upload;
                    return self.cross(id, step, upload, now, agenda);
                }
                match step {
                    Step::Switch => self.carry_through(id, now, agenda),
                    Step::TakeIn => self.carry(id, site, true, now, agenda),
                    Step::GiveOut => self.carry(id, site, false, now, agenda),
                    _ => self.talk(id, index, step == Step::FromClient, now, agenda),
                }
            }
            Step::DirectoryTrip => {
                // The same event as that of a client's line: a delay is over. The client's share of the time does not grow.
                agenda.schedule(now + self.scenario.directory.round_trip, Event::Client { job: id });
                true
            }
            Step::Remote => {
                agenda.schedule(now + Time::from_secs_f64(job.remote_s), Event::Client { job: id });
                true
            }
            Step::Call(_) => unreachable!("a call is no step of the callee"),
        }
    }

    /// A job has work for the CPU of a machine, in seconds of the reference core.
    fn compute(&mut self, id: Id<Job>, node: u32, seconds: f64, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let machine = &mut self.machines[node as usize];
        let demand = Time::from_ns_f64(seconds * machine.ns_per_reference_s);
        machine.cpu.arrive(now, Token::Job(id), demand, agenda);
        self.jobs[id].parts = 1;
        self.count_faults(id, node);
        true
    }

    /// Round trips with a client and the message on its line, from it or to it; false when that takes no time.
    fn talk(&mut self, id: Id<Job>, index: usize, from_client: bool, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let operation = &self.scenario.operations[index];
        let upload = operation.client_transfer == ClientTransfer::Upload;
        if upload && from_client && self.jobs[id].errand.from_backup {
            self.leave_backup(id, now, agenda);
        }
        let job = &self.jobs[id];
        let (s_per_byte, rtt) = self.line(job);
        let device = self.device.as_ref().filter(|_| !self.is_backup(job.site));
        let latency = device.map_or(Time::ZERO, |device| device.latency(operation.service));
        let trips = if from_client { u64::from(operation.round_trips) } else { 0 };
        let bytes = if upload || !from_client { job.size } else { 0 };
        let delay = Time::from_secs_f64(bytes as f64 * s_per_byte) + rtt * trips;
        let job = &mut self.jobs[id];
        job.execution_moved += bytes;
        job.moved += bytes;
        job.client_time += delay;
        let delay = delay + latency * trips + self.faults.pause(operation.service, now);
        if delay > Time::ZERO {
            agenda.schedule(now + delay, Event::Client { job: id });
        }
        delay > Time::ZERO
    }

    /// The message of a job goes over a node's link; false when it takes no time.
    pub(super) fn carry(
        &mut self,
        id: Id<Job>,
        node: u32,
        inwards: bool,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) -> bool {
        let machine = &mut self.machines[node as usize];
        let link = if inwards { &mut machine.link_in } else { &mut machine.link_out };
        let Some(link) = link else { return false };
        let job = &mut self.jobs[id];
        link.carry(now, Token::Job(id), Bytes(job.size), agenda);
        job.parts = 1;
        true
    }

    /// An operation was done in this time, with so many bytes over the client's line.
    pub(super) fn observe_execution(&mut self, index: usize, response: Time, moved: u64) {
        let observed = &mut self.operations[index];
        observed.response.record(response);
        observed.response_histogram.record(response);
        for level in &self.operation_levels[index] {
            judge(&mut self.levels[*level], &self.scenario.levels[*level], response, moved);
        }
    }

    /// An operation is done once more; true when the job goes on.
    pub(super) fn end_execution(&mut self, id: Id<Job>, index: usize, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let job = &self.jobs[id];
        let (response, moved) = (now - job.execution_began, job.execution_moved);
        self.observe_execution(index, response, moved);
        let outwaited = self.outwaited(id, index, now);
        self.take_message(id, now);
        if self.scenario.operations[index].delivers {
            self.deliver(id, index, now);
        }
        let site = self.jobs[id].site as usize;
        if self.scenario.operations[index].reload_per_domain_s > 0.0 {
            self.change_configuration(id, index, now, agenda);
        }
        self.jobs[id].has_place = false;
        if let Some(next) = self.places[site][index].release(now) {
            self.give_place(next);
        }
        if self.jobs[id].page.is_some() {
            self.end_relogin(id, now);
            return true;
        }
        let (node, service) = self.place(id);
        if self.scenario.services[service].limits.worker_per_operation && !self.jobs[id].background {
            self.jobs[id].has_worker = false;
            self.give_worker(node, service, now);
        }
        if let Some(kept) = outwaited {
            self.find_nobody(id, kept, now);
            return false;
        }
        if self.pass_gate(id, now, agenda) && self.next_execution(id, now) {
            return true;
        }
        self.end(id, now);
        false
    }

    /// A station's timer has fired: everything that is done there goes on.
    pub(super) fn depart(&mut self, station: u32, now: Time, agenda: &mut Agenda<Event>) {
        if let Some(station) = self.station_mut(station) {
            station.fired();
        }
        while let Some(token) = self.station_mut(station).and_then(|station| station.next_departed(now, agenda)) {
            let node = station as usize / Resource::ALL.len();
            match token {
                Token::Job(id) => {
                    let job = &mut self.jobs[id];
                    job.parts -= 1;
                    if job.parts == 0 {
                        self.advance(id, now, agenda);
                    }
                }
                Token::Seeker(seeker) => self.pass_on(seeker, now, agenda),
                Token::Housekeeping => {}
                Token::Query(seeker) => self.learn(seeker, now, agenda),
                Token::WriteBehind => self.written_behind(node, now, agenda),
                Token::Flush => self.flushed(node, now, agenda),
            }
        }
    }

    /// A station by its number: those of the nodes, and then those of the switch.
    fn station_mut(&mut self, station: u32) -> Option<&mut Station> {
        let (node, resource) = (station as usize / Resource::ALL.len(), station as usize % Resource::ALL.len());
        match self.machines.get_mut(node) {
            Some(machine) => machine.station_mut(Resource::ALL[resource]),
            None => self.device.as_mut()?.station_mut(resource),
        }
    }

    /// How the mail store is reached from a node.
    pub(super) fn store_from(&self, site: u32) -> StoreFrom {
        if self.is_backup(site) {
            StoreFrom::Nowhere
        } else if site == self.store {
            StoreFrom::Here
        } else {
            StoreFrom::There
        }
    }

    pub(super) fn keep_house(&mut self, node: u32, now: Time, agenda: &mut Agenda<Event>) {
        if let Some(period) = self.nodes[node as usize].domains {
            agenda.schedule(now + period, Event::Housekeeping { node });
        }
        if self.faults.machine(node) != Condition::Up {
            return;
        }
        let machine = &mut self.machines[node as usize];
        let demand = Time::from_ns_f64(self.scenario.product.domain_cpu.as_secs_f64() * machine.ns_per_reference_s);
        machine.cpu.arrive(now, Token::Housekeeping, demand, agenda);
        self.page_for_housekeeping(node as usize, now, agenda);
    }
}
