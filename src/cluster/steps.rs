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
        self.started.push(id);
        self.go_on(now, agenda);
    }

    pub(super) fn go_on(&mut self, now: Time, agenda: &mut Agenda<Event>) {
        while let Some(id) = self.started.pop() {
            while self.step(id, now, agenda) {}
        }
        self.settle_standing(now, agenda);
    }

    /// Takes the job's next step; false when the job waits for it, or is through.
    fn step(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let own = self.own_operation(&self.jobs[id]).expect("a job that goes on is at an operation");
        if self.calls_in_vain(id, now, agenda) {
            return false;
        }
        let job = &self.jobs[id];
        let may = match job.frame {
            Some(frame) => self.may_call(id, frame, now),
            None => job.has_place || self.may_begin(id, own, now, agenda),
        };
        if !may {
            return false;
        }
        if self.jobs[id].faults.left > 0 {
            return !self.page_in(id, now, agenda);
        }
        let from = self.store_from(self.jobs[id].site);
        if self.asks_in_vain(id, now, agenda) {
            return false;
        }
        let job = &mut self.jobs[id];
        let index = job.frame.map_or(own, |frame| frame.operation as usize);
        let step = self.programs[index].steps(from).get(job.step as usize).copied();
        job.step += 1;
        match (step, job.frame) {
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

    /// Whether an execution can begin: its client has thought, and it has a worker and one of the operation's places.
    fn may_begin(&mut self, id: Id<Job>, index: usize, now: Time, agenda: &mut Agenda<Event>) -> bool {
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
        let node = job.site;
        let data = self.store;
        let operation = &self.scenario.operations[index];
        let upload = operation.client_transfer == ClientTransfer::Upload;
        if matches!(step, Step::FromClient | Step::ToClient | Step::Switch | Step::TakeIn | Step::GiveOut)
            && operation.is_called_by(self.scenario.streams[job.stream as usize].service)
        {
            return self.cross(id, step, upload, now, agenda);
        }
        let (s_per_byte, rtt) = self.line(job);
        if job.errand.from_backup && upload && step == Step::FromClient {
            self.leave_backup(id, now, agenda);
        }
        let is_backup = self.is_backup(node);
        let job = &mut self.jobs[id];
        match step {
            Step::FromClient | Step::ToClient => {
                let device = self.device.as_ref().filter(|_| !is_backup);
                let latency = device.map_or(Time::ZERO, |device| device.latency(operation.service));
                let trips = if step == Step::FromClient { u64::from(operation.round_trips) } else { 0 };
                let bytes = if upload || step == Step::ToClient { job.size } else { 0 };
                let line = Time::from_secs_f64(bytes as f64 * s_per_byte);
                let delay = line + rtt * trips;
                job.execution_moved += bytes;
                job.moved += bytes;
                job.client_time += delay;
                let delay = delay + latency * trips + self.faults.pause(operation.service, now);
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
            Step::Remote => {
                let delay = Time::from_secs_f64(job.remote_s);
                agenda.schedule(now + delay, Event::Client { job: id });
                true
            }
            Step::Switch => self.carry_through(id, now, agenda),
            Step::Call(_) => unreachable!("a call is no step of the callee"),
            Step::Disk(work) => self.visit_disk(id, index, work, now, agenda),
            Step::TakeIn | Step::GiveOut | Step::NodeIn | Step::NodeOut | Step::DataIn | Step::DataOut => {
                let at = if matches!(step, Step::DataIn | Step::DataOut) { data } else { node };
                let inwards = matches!(step, Step::TakeIn | Step::NodeIn | Step::DataIn);
                self.carry(id, at, inwards, now, agenda)
            }
        }
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
        let node = station as usize / Resource::ALL.len();
        if let Some(station) = self.station_mut(station) {
            station.fired();
        }
        while let Some(token) = self.station_mut(station).and_then(|station| station.pop_departed(now)) {
            let id = match token {
                Token::Job(id) => id,
                Token::Seeker(seeker) => {
                    self.pass_on(seeker, now, agenda);
                    continue;
                }
                Token::Housekeeping => continue,
                Token::Query(seeker) => {
                    self.learn(seeker, now, agenda);
                    continue;
                }
                Token::WriteBehind => {
                    self.written_behind(node, now, agenda);
                    continue;
                }
                Token::Flush => {
                    self.flushed(node, now, agenda);
                    continue;
                }
            };
            let job = &mut self.jobs[id];
            job.parts -= 1;
            if job.parts == 0 {
                self.advance(id, now, agenda);
            }
        }
        if let Some(station) = self.station_mut(station) {
            station.announce(agenda);
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
