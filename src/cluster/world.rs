//! The world: sessions on their way through the machines.

use super::arrivals::Arrivals;
use super::balance::Switch;
use super::event::Event;
use super::node::{Machine, Token};
use super::observe::{
    Flow, LevelObserved, Minute, NodeHour, NodeObserved, Observed, OperationObserved, ServiceMeter, StationObserved,
};
use super::program::{Program, Step};
use super::session::{Cursor, Job, Kind};
use crate::analytic::Resource;
use crate::engine::{Agenda, Id, Model, Slab};
use crate::random::{Key, Purpose};
use crate::scenario::{ClientTransfer, DOMAIN_CPU, DOMAIN_PERIOD, Level, Role, Scenario};
use crate::stats::{Histogram, Tally, TimeAverage};
use crate::units::{Bytes, Time};

const MINUTE: Time = Time::from_secs(60);
const MINUTES_PER_HOUR: usize = 60;

/// Faults of the program itself, on purpose: tests use them to see that the invariants catch what they are there for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sabotage {
    /// The session that ends as this one, counted from 1, vanishes without a trace.
    pub drop_session: Option<u64>,
}

/// One replication of a scenario in progress.
pub struct World<'a> {
    scenario: &'a Scenario,
    arrivals: Vec<Arrivals>,
    kinds: Vec<Kind>,
    programs: Vec<Program>,
    /// Upper ends of the client groups' parts of the unit interval.
    group_ends: Vec<f64>,
    switch: Option<Switch>,
    machines: Vec<Machine>,
    data_server: Option<u32>,
    jobs: Slab<Job>,
    /// Jobs that can go on at this instant; empty between events.
    started: Vec<Id<Job>>,
    window_start: Time,
    services: Vec<ServiceMeter>,
    operations: Vec<OperationObserved>,
    levels: Vec<LevelObserved>,
    /// For each service and each operation, the levels that are about it.
    session_levels: Vec<Vec<usize>>,
    operation_levels: Vec<Vec<usize>>,
    background: Flow,
    nodes: Vec<NodeMeter>,
    minutes: Vec<Minute>,
    last_minute: Time,
    ended: u64,
    sabotage: Sabotage,
}

/// The running measurement of one node.
struct NodeMeter {
    sessions: u64,
    connections: TimeAverage,
    hours: Vec<NodeHour>,
    /// Totals at the end of the last hour.
    hour_began: Time,
    hour_sessions: u64,
    hour_busy_ns: [u128; 4],
    domains: Option<Time>,
}

impl<'a> World<'a> {
    /// A cluster without sessions, with the first arrivals in the agenda.
    #[must_use]
    pub fn new(scenario: &'a Scenario, replication: u64, agenda: &mut Agenda<Event>) -> World<'a> {
        let cluster = &scenario.cluster;
        let data_server = cluster.data_server();
        let about = |service: usize, operation: Option<usize>| -> Vec<usize> {
            let levels = scenario.levels.iter().enumerate();
            levels.filter(|(_, l)| l.service == service && l.operation == operation).map(|(i, _)| i).collect()
        };
        let mut total = 0.0;
        let mut world = World {
            scenario,
            arrivals: scenario.streams.iter().map(|s| Arrivals::new(s, scenario.seed, replication)).collect(),
            kinds: scenario.streams.iter().map(Kind::new).collect(),
            programs: scenario.operations.iter().map(|o| Program::new(o, data_server.is_some())).collect(),
            group_ends: scenario
                .groups
                .iter()
                .map(|group| {
                    total += group.share;
                    total
                })
                .collect(),
            switch: cluster.routing.as_ref().map(|routing| Switch::new(cluster.primaries(), routing)),
            machines: cluster.nodes.iter().enumerate().map(|(i, node)| Machine::new(&node.tier, i, agenda)).collect(),
            data_server: data_server.map(|index| index as u32),
            jobs: Slab::new(),
            started: Vec::new(),
            window_start: Time::ZERO,
            services: scenario.services.iter().map(|_| ServiceMeter::new()).collect(),
            operations: scenario.operations.iter().map(|_| unobserved()).collect(),
            levels: vec![LevelObserved::default(); scenario.levels.len()],
            session_levels: (0..scenario.services.len()).map(|service| about(service, None)).collect(),
            operation_levels: scenario
                .operations
                .iter()
                .enumerate()
                .map(|(i, operation)| about(operation.service, Some(i)))
                .collect(),
            background: Flow::default(),
            nodes: cluster.nodes.iter().map(|_| NodeMeter::new()).collect(),
            minutes: Vec::new(),
            last_minute: Time::ZERO,
            ended: 0,
            sabotage: Sabotage::default(),
        };
        for stream in 0..world.arrivals.len() {
            world.await_session(stream, Time::ZERO, agenda);
        }
        let primaries = cluster.nodes.iter().enumerate().filter(|(_, node)| node.role == Role::Primary);
        for (index, node) in primaries.filter(|_| scenario.domains > 0) {
            let period = DOMAIN_PERIOD / scenario.domains;
            let key = Key::new(scenario.seed, replication, Purpose::Housekeeping, &node.name);
            let phase = Time::from_ns_f64(key.stream().unit() * period.0 as f64);
            world.nodes[index].domains = Some(period);
            agenda.schedule(phase, Event::Housekeeping { node: index as u32 });
        }
        world
    }

    /// Breaks the program on purpose.
    pub fn sabotage(&mut self, sabotage: Sabotage) {
        self.sabotage = sabotage;
    }

    /// The warm-up is over: everything that is measured starts anew, everything that is present stays.
    pub fn start_window(&mut self, agenda: &mut Agenda<Event>) {
        let now = agenda.now();
        self.window_start = now;
        self.last_minute = now;
        self.services.iter_mut().for_each(|service| service.reset(now));
        self.operations.iter_mut().for_each(|operation| *operation = unobserved());
        self.levels.fill(LevelObserved::default());
        self.background = Flow { present_at_start: self.present_in_background(), ..Flow::default() };
        for (meter, machine) in self.nodes.iter_mut().zip(&mut self.machines) {
            meter.reset(now);
            for resource in Resource::ALL {
                if let Some(station) = machine.station_mut(resource) {
                    station.reset(now);
                }
            }
        }
        agenda.schedule(now + MINUTE, Event::Minute);
    }

    /// Everything that was measured, at the end of the window.
    #[must_use]
    pub fn finish(mut self, now: Time) -> Observed {
        if now > self.last_minute {
            self.close_minute(now);
        }
        for node in 0..self.nodes.len() {
            if now > self.nodes[node].hour_began {
                self.close_hour(node, now);
            }
        }
        self.count_overdue(now);
        let mut present = vec![0; self.services.len()];
        for (_, job) in self.jobs.iter().filter(|(_, job)| !job.background) {
            let service = self.scenario.streams[job.stream as usize].service;
            present[service] += 1;
            let stay = now - job.began.max(self.window_start);
            self.services[service].observed.stays_ns += u128::from(stay.0);
        }
        self.background.present_at_end = self.present_in_background();
        let window_start = self.window_start;
        let services = self.services.into_iter().zip(present).map(|(mut service, present)| {
            service.observed.flow.present_at_end = present;
            service.observed.number_ns = service.number.integral(now);
            service.observed
        });
        let nodes = self.nodes.into_iter().zip(&self.machines).map(|(meter, machine)| NodeObserved {
            sessions: meter.sessions,
            connections_peak: meter.connections.peak(),
            stations: Resource::ALL.iter().map(|resource| observed_station(machine, *resource, now)).collect(),
            hours: meter.hours,
        });
        Observed {
            window_ns: (now - window_start).0,
            services: services.collect(),
            operations: self.operations,
            levels: self.levels,
            nodes: nodes.collect(),
            background: self.background,
            minutes: self.minutes,
        }
    }

    fn await_session(&mut self, stream: usize, now: Time, agenda: &mut Agenda<Event>) {
        let at = now + self.arrivals[stream].gap();
        agenda.schedule(at, Event::Arrival { stream: stream as u32 });
    }

    /// A session begins: everything random about it is fixed by its key.
    fn begin(&mut self, stream: usize, now: Time, agenda: &mut Agenda<Event>) {
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
    fn next_execution(&mut self, id: Id<Job>, now: Time) -> bool {
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
}

/// Steps on the way through the machines.
impl World<'_> {
    /// Lets the job, and whatever work it starts, go on until each of them waits for something.
    fn advance(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) {
        self.started.push(id);
        self.go_on(now, agenda);
    }

    fn go_on(&mut self, now: Time, agenda: &mut Agenda<Event>) {
        while let Some(id) = self.started.pop() {
            while self.step(id, now, agenda) {}
        }
    }

    /// Takes the job's next step; false when the job waits for it, or is through.
    fn step(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let job = &self.jobs[id];
        let index = self.scenario.streams[job.stream as usize].operations[job.position as usize];
        let Some(step) = self.programs[index].steps.get(job.step as usize).copied() else {
            return self.end_execution(id, index, now);
        };
        self.jobs[id].step += 1;
        !self.start(id, index, step, now, agenda)
    }

    /// Starts a step; false when it takes no time.
    fn start(&mut self, id: Id<Job>, index: usize, step: Step, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let job = &mut self.jobs[id];
        let node = job.node;
        let data = self.data_server.unwrap_or(node);
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
            Step::Cpu | Step::DataCpu => {
                let (node, seconds) = if step == Step::Cpu { (node, job.cpu_s) } else { (data, job.data_cpu_s) };
                let machine = &mut self.machines[node as usize];
                let demand = Time::from_ns_f64(seconds * machine.ns_per_reference_s);
                machine.cpu.arrive(now, Token::Job(id), demand, agenda);
                job.parts = 1;
                true
            }
            Step::QueueWrite | Step::StoreRead | Step::StoreWrite => {
                let at = if step == Step::QueueWrite { node } else { data };
                let machine = &mut self.machines[at as usize];
                let Some(disk) = &mut machine.disk else { return false };
                job.parts = if step == Step::StoreRead { 1 } else { machine.raid_write_penalty };
                for _ in 0..job.parts {
                    let service = machine.disk_service.sample(&mut job.chance);
                    disk.arrive(now, Token::Job(id), Time::from_secs_f64(service), agenda);
                }
                true
            }
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
    fn end_execution(&mut self, id: Id<Job>, index: usize, now: Time) -> bool {
        let job = &self.jobs[id];
        let response = now - job.execution_began;
        let observed = &mut self.operations[index];
        observed.response.record(response);
        observed.response_histogram.record(response);
        for level in &self.operation_levels[index] {
            judge(&mut self.levels[*level], &self.scenario.levels[*level], response, job.execution_moved);
        }
        if self.next_execution(id, now) {
            return true;
        }
        self.end(id, now);
        false
    }

    fn end(&mut self, id: Id<Job>, now: Time) {
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

    /// A station's timer has fired: everything that is done there goes on.
    fn depart(&mut self, station: u32, now: Time, agenda: &mut Agenda<Event>) {
        let (node, resource) = (station as usize / Resource::ALL.len(), station as usize % Resource::ALL.len());
        let resource = Resource::ALL[resource];
        if let Some(station) = self.machines[node].station_mut(resource) {
            station.fired();
        }
        while let Some(token) = self.machines[node].station_mut(resource).and_then(|station| station.pop_departed(now))
        {
            let Token::Job(id) = token else { continue };
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

    fn keep_house(&mut self, node: u32, now: Time, agenda: &mut Agenda<Event>) {
        let machine = &mut self.machines[node as usize];
        let demand = Time::from_ns_f64(DOMAIN_CPU.as_secs_f64() * machine.ns_per_reference_s);
        machine.cpu.arrive(now, Token::Housekeeping, demand, agenda);
        if let Some(period) = self.nodes[node as usize].domains {
            agenda.schedule(now + period, Event::Housekeeping { node });
        }
    }
}

/// Measuring.
impl World<'_> {
    fn close_minute(&mut self, now: Time) {
        let length_ns = (now - self.last_minute).0;
        let services = self.services.iter_mut().map(|service| service.close_minute(now)).collect();
        self.minutes.push(Minute { length_ns, services });
        self.last_minute = now;
    }

    fn close_hour(&mut self, node: usize, now: Time) {
        let (meter, machine) = (&mut self.nodes[node], &self.machines[node]);
        let busy_ns = Resource::ALL.iter().zip(&mut meter.hour_busy_ns).map(|(resource, last)| {
            let total = machine.station(*resource)?.busy_ns(now);
            let since = total - std::mem::replace(last, total);
            Some(since as u64)
        });
        let busy_ns = busy_ns.collect();
        let sessions = meter.sessions - std::mem::replace(&mut meter.hour_sessions, meter.sessions);
        let length_ns = (now - std::mem::replace(&mut meter.hour_began, now)).0;
        meter.hours.push(NodeHour { length_ns, sessions, busy_ns });
    }

    fn present_in_background(&self) -> u64 {
        self.jobs.iter().filter(|(_, job)| job.background).count() as u64
    }

    /// What is under way at the end and over its limit already will be late whatever comes.
    fn count_overdue(&mut self, now: Time) {
        let scenario = self.scenario;
        for (_, job) in self.jobs.iter() {
            let stream = &scenario.streams[job.stream as usize];
            let operation = stream.operations.get(job.position as usize);
            let of_operation = operation.map_or(&[][..], |index| &self.operation_levels[*index]);
            let of_session = if job.background { &[][..] } else { &self.session_levels[stream.service] };
            let sessions = of_session.iter().map(|level| (*level, job.began, job.moved));
            let executions = of_operation.iter().map(|level| (*level, job.execution_began, job.execution_moved));
            for (level, began, moved) in sessions.chain(executions) {
                if now - began > scenario.levels[level].under.at(moved) {
                    self.levels[level].total += 1;
                    self.levels[level].late += 1;
                }
            }
        }
    }
}

impl Model for World<'_> {
    type Event = Event;

    fn handle(&mut self, now: Time, event: Event, agenda: &mut Agenda<Event>) {
        match event {
            Event::Arrival { stream } => {
                self.await_session(stream as usize, now, agenda);
                self.begin(stream as usize, now, agenda);
            }
            Event::Station { station } => self.depart(station, now, agenda),
            Event::Client { job } => self.advance(job, now, agenda),
            Event::Housekeeping { node } => self.keep_house(node, now, agenda),
            Event::Minute => {
                self.close_minute(now);
                if self.minutes.len().is_multiple_of(MINUTES_PER_HOUR) {
                    (0..self.nodes.len()).for_each(|node| self.close_hour(node, now));
                }
                agenda.schedule(now + MINUTE, Event::Minute);
            }
        }
    }
}

impl NodeMeter {
    fn new() -> NodeMeter {
        NodeMeter {
            sessions: 0,
            connections: TimeAverage::default(),
            hours: Vec::new(),
            hour_began: Time::ZERO,
            hour_sessions: 0,
            hour_busy_ns: [0; 4],
            domains: None,
        }
    }

    fn reset(&mut self, now: Time) {
        self.sessions = 0;
        self.connections.reset(now);
        (self.hour_began, self.hour_sessions, self.hour_busy_ns) = (now, 0, [0; 4]);
    }
}

fn unobserved() -> OperationObserved {
    OperationObserved { response: Tally::default(), response_histogram: Histogram::detail() }
}

fn judge(observed: &mut LevelObserved, level: &Level, response: Time, moved: u64) {
    observed.total += 1;
    observed.late += u64::from(response > level.under.at(moved));
}

fn observed_station(machine: &Machine, resource: Resource, now: Time) -> Option<StationObserved> {
    let station = machine.station(resource)?;
    let counts = station.counts();
    let whole = |ns: f64| ns.max(0.0).round() as u128;
    Some(StationObserved {
        flow: Flow {
            present_at_start: station.present_at_reset,
            began: counts.arrivals,
            ended: counts.departures,
            present_at_end: station.present(),
        },
        number_ns: station.number_ns(now),
        busy_ns: station.busy_ns(now),
        brought_ns: station.brought_ns,
        backlog_at_start_ns: whole(station.backlog_at_reset_ns),
        backlog_at_end_ns: whole(station.backlog_ns(now)),
        capacity_ppm: (station.capacity * 1e6).round() as u64,
    })
}
