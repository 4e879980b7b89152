//! The world: sessions on their way through the machines.

use super::agents::Agents;
use super::arrivals::Arrivals;
use super::background::Feed;
use super::balance::{Addresses, Balancers, Domains, InTurn};
use super::checks::{Watcher, Watchers};
use super::desk::{Desk, Pool};
use super::device::Device;
use super::event::Event;
use super::failures::Failures;
use super::faults::Faults;
use super::flood::Floods;
use super::greylist::Greylists;
use super::hours::Hours;
use super::lanes::LaneObserved;
use super::locks::Locks;
use super::mail::Mail;
use super::mailboxes::Post;
use super::measure::{NodeMeter, unobserved};
use super::membership::Memberships;
use super::memory::Memory;
use super::monitor::Orders;
use super::node::Machine;
use super::observe::{Flow, LevelObserved, Minute, OperationObserved, StreamObserved};
use super::program::Program;
use super::seeking::Seeker;
use super::service_meter::ServiceMeter;
use super::session::{Job, Kind};
use super::shares::Shares;
use super::standing::Standing;
use super::starting::Starting;
use super::utilisation::Utilisation;
use crate::engine::{Agenda, Id, Model, Slab};
use crate::random::{Key, Purpose, Sampler};
use crate::scenario::{Role, Scenario};
use crate::units::Time;

pub(super) const MINUTE: Time = Time::from_secs(60);
const MINUTES_PER_HOUR: usize = 60;

/// Faults of the program itself, on purpose: tests use them to see that the invariants catch what they are there for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sabotage {
    /// The session that ends as this one, counted from 1, vanishes without a trace.
    pub drop_session: Option<u64>,
    /// What is delivered as this one, counted from 1, vanishes on its way.
    pub drop_message: Option<u64>,
    /// What is delivered as this one is delivered once more.
    pub double_message: Option<u64>,
}

/// One replication of a scenario in progress.
pub struct World<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) arrivals: Vec<Arrivals>,
    pub(super) kinds: Vec<Kind>,
    pub(super) programs: Vec<Program>,
    /// Upper ends of the client groups' parts of the unit interval.
    pub(super) group_ends: Vec<f64>,
    pub(super) balancers: Balancers,
    pub(super) agents: Vec<Option<Agents>>,
    /// Who looks after the nodes, and what the monitor has ordered; none where there is none.
    pub(super) watchers: Watchers,
    pub(super) monitor: Option<Box<Orders>>,
    /// The switch, where it has limits.
    pub(super) device: Option<Box<Device>>,
    pub(super) addresses: Addresses,
    pub(super) domains: Domains,
    /// None where no host filters what comes in for others.
    pub(super) floods: Option<Box<Floods>>,
    pub(super) memberships: Memberships,
    pub(super) filters: InTurn,
    /// The name servers of the cluster, if it has any, and their CPU for a query.
    pub(super) name_servers: Option<InTurn>,
    pub(super) query_cpu: Sampler,
    pub(super) machines: Vec<Machine>,
    /// By node; none where memory costs nothing.
    pub(super) memories: Vec<Option<Memory>>,
    /// By node and service.
    pub(super) desks: Vec<Vec<Desk>>,
    /// By node and operation: how many executions at one time.
    pub(super) places: Vec<Vec<Pool>>,
    /// The node that answers the lookups of a directory that is a database, and its CPU for each of them.
    pub(super) database: u32,
    pub(super) database_cpu: Sampler,
    /// The node that holds the mail store.
    pub(super) store: u32,
    pub(super) jobs: Slab<Job>,
    /// Connections that stand open, and the kinds of which the number has just changed; those are settled between events.
    pub(super) standing: Vec<Standing>,
    pub(super) stood: Vec<u32>,
    /// What the machines do beside the mail.
    pub(super) feeds: Vec<Feed>,
    /// Sessions of each finite source.
    pub(super) active: Vec<u64>,
    pub(super) greylists: Greylists,
    /// Mail on its way, and when people try again, by client group.
    pub(super) mail: Mail,
    pub(super) retry_intervals: Vec<Sampler>,
    pub(super) post: Post,
    pub(super) locks: Locks,
    /// Those who have no node yet, and what fails.
    pub(super) seekers: Slab<Seeker>,
    pub(super) faults: Faults,
    pub(super) failures: Failures,
    /// What has to be started again; none where that takes no time.
    pub(super) starting: Option<Starting>,
    /// How everything that failed has been over time.
    pub(super) lanes: Vec<LaneObserved>,
    /// Work after replies that waits for a repair.
    pub(super) stranded: Vec<Id<Job>>,
    /// How sessions fall on nodes; none where nothing distributes them.
    pub(super) shares: Option<Shares>,
    /// The sessions of each hour; none in a window of less than two.
    pub(super) hours: Option<Box<Hours>>,
    /// How busy the nodes are over time.
    pub(super) utilisation: Utilisation,
    /// Jobs that can go on at this instant; empty between events.
    pub(super) started: Vec<Id<Job>>,
    pub(super) window_start: Time,
    pub(super) services: Vec<ServiceMeter>,
    pub(super) streams: Vec<StreamObserved>,
    pub(super) operations: Vec<OperationObserved>,
    pub(super) levels: Vec<LevelObserved>,
    /// For each service and each operation, the levels that are about it.
    pub(super) session_levels: Vec<Vec<usize>>,
    pub(super) operation_levels: Vec<Vec<usize>>,
    pub(super) background: Flow,
    /// How often the shared configuration has changed.
    pub(super) configuration: u64,
    pub(super) nodes: Vec<NodeMeter>,
    pub(super) minutes: Vec<Minute>,
    pub(super) last_minute: Time,
    pub(super) ended: u64,
    pub(super) sabotage: Sabotage,
}

impl<'a> World<'a> {
    /// A cluster without sessions, with the first arrivals in the agenda. The first hour of the window begins after the
    /// warm-up.
    #[must_use]
    pub fn new(scenario: &'a Scenario, replication: u64, warm_up: Time, agenda: &mut Agenda<Event>) -> World<'a> {
        let cluster = &scenario.cluster;
        let about = |service: usize, operation: Option<usize>| -> Vec<usize> {
            let levels = scenario.levels.iter().enumerate();
            levels.filter(|(_, l)| l.service == service && l.operation == operation).map(|(i, _)| i).collect()
        };
        let mut total = 0.0;
        let faults = Faults::new(scenario, warm_up, agenda);
        let mut world = World {
            scenario,
            arrivals: scenario.streams.iter().map(|s| Arrivals::new(s, scenario.seed, replication, warm_up)).collect(),
            kinds: scenario.streams.iter().map(Kind::new).collect(),
            programs: scenario.operations.iter().map(|operation| Program::new(operation, scenario)).collect(),
            database_cpu: scenario.directory.database_cpu.sampler(),
            database: cluster.database() as u32,
            group_ends: scenario
                .groups
                .iter()
                .map(|group| {
                    total += group.share;
                    total
                })
                .collect(),
            balancers: Balancers::new(cluster, scenario.services.len()),
            agents: Agents::all(scenario, agenda),
            watchers: Watchers::new(scenario, replication),
            monitor: Orders::new(scenario),
            device: Device::new(scenario, agenda),
            addresses: Addresses::new(scenario),
            domains: Domains::new(scenario),
            floods: Floods::new(scenario),
            memberships: Memberships::new(scenario, replication, agenda),
            filters: InTurn::new(cluster, Role::Filter),
            name_servers: Some(InTurn::new(cluster, Role::NameServer)).filter(|servers| servers.count() > 0),
            query_cpu: scenario.query_cpu.sampler(),
            machines: cluster.nodes.iter().enumerate().map(|(i, node)| Machine::new(&node.tier, i, agenda)).collect(),
            memories: (0..cluster.nodes.len()).map(|node| Memory::new(scenario, node, replication)).collect(),
            desks: cluster
                .nodes
                .iter()
                .map(|_| scenario.services.iter().map(|service| Desk::new(&service.limits)).collect())
                .collect(),
            places: cluster
                .nodes
                .iter()
                .map(|_| scenario.operations.iter().map(|operation| Pool::new(operation.concurrency, None)).collect())
                .collect(),
            store: cluster.store() as u32,
            jobs: Slab::new(),
            standing: Standing::all(scenario, replication, agenda),
            stood: Vec::new(),
            feeds: Feed::all(scenario, replication, warm_up, agenda),
            active: vec![0; scenario.sources.len()],
            greylists: Greylists::new(scenario),
            mail: Mail::new(scenario, replication),
            retry_intervals: scenario.groups.iter().map(|group| group.retry_interval.sampler()).collect(),
            post: Post::new(scenario, warm_up),
            locks: Locks::new(scenario),
            seekers: Slab::new(),
            failures: Failures::new(scenario, &faults.scripted),
            starting: Starting::new(scenario),
            lanes: Vec::new(),
            faults,
            stranded: Vec::new(),
            shares: Shares::new(scenario),
            hours: Hours::new(scenario),
            utilisation: Utilisation::new(scenario),
            started: Vec::new(),
            window_start: Time::ZERO,
            services: scenario.services.iter().map(|_| ServiceMeter::new()).collect(),
            streams: vec![StreamObserved::default(); scenario.streams.len()],
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
            configuration: 0,
            nodes: cluster.nodes.iter().map(|_| NodeMeter::new()).collect(),
            minutes: Vec::new(),
            last_minute: Time::ZERO,
            ended: 0,
            sabotage: Sabotage::default(),
        };
        world.balancers.open(scenario, replication, &world.addresses);
        world.open_standing(agenda);
        for stream in (0..world.arrivals.len()).filter(|stream| !scenario.streams[*stream].on_open_connections) {
            world.await_session(stream, Time::ZERO, agenda);
        }
        let primaries = cluster.nodes.iter().enumerate().filter(|(_, node)| node.role == Role::Primary);
        for (index, node) in primaries.filter(|_| scenario.domains > 0 && scenario.product.domain_cpu > Time::ZERO) {
            let period = scenario.product.domain_period / scenario.domains;
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
            Event::Client { job } => self.answer(job, now, agenda),
            Event::Housekeeping { node } => self.keep_house(node, now, agenda),
            Event::Standing { index } => self.wake(index, now, agenda),
            Event::Background { index } => self.work_in_background(index, now, agenda),
            Event::Return { sender } => self.come_again(sender, now, agenda),
            Event::Seek { seeker } => self.seek_again(seeker, now, agenda),
            Event::Heartbeat { cluster } => self.converge(cluster, now, agenda),
            Event::Fault { index } => self.turn(index, now, agenda),
            Event::Recovery { index } => self.recover(index, now, agenda),
            Event::Check { service, node } => self.check(Watcher::Switch, (node, service as usize), now, agenda),
            Event::Poll { service, node } => self.check(Watcher::Monitor, (node, service as usize), now, agenda),
            Event::Order { service, node, back } => self.carry_out((service as usize, node), back, now, agenda),
            Event::WarmUp { service, node } => self.warm_up(service as usize, node, now, agenda),
            Event::Agent { service } => self.report(service, now, agenda),
            Event::Letter { letter } => self.fall_due(letter, now, agenda),
            Event::Flush => self.flush_backup(now, agenda),
            Event::Minute => {
                self.close_minute(now);
                if self.minutes.len().is_multiple_of(MINUTES_PER_HOUR) {
                    (0..self.nodes.len()).for_each(|node| self.close_hour(node, now));
                    // The last one is over when the window is, and what is overdue then is counted.
                    if let Some(hours) = &mut self.hours
                        && now < self.window_start + self.scenario.window
                    {
                        hours.close(now, &self.services, &self.levels);
                    }
                }
                agenda.schedule(now + MINUTE, Event::Minute);
            }
        }
        if !self.mail.pending.is_empty() {
            self.settle_mail(now, agenda);
        }
    }

    fn is_overfull(&self) -> bool {
        self.holds_too_much()
    }
}
