//! Offered load and utilisation of every resource of every node.

use super::background::in_background;
use super::certainty::{Bound, Certainty};
use super::flood::Flood;
use super::memory::{adds_to_disk, memory, refuses};
use super::moments::Moments;
use super::pages::relogins;
use super::queries::queries;
use super::spread::Crowd;
use super::switch::of_switch;
use crate::random::Law;
use crate::scenario::{
    Background, ClientTransfer, Cluster, DiskWork, Node, Operation, PAGE, Role, Scenario, StoreTransfer, Stream, Tier,
    Times,
};
use crate::units::Time;

/// What a node offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// The processors.
    Cpu,
    /// The disk channels.
    Disk,
    /// The link towards the node.
    LinkIn,
    /// The link away from the node.
    LinkOut,
    /// The new connections that the switch can take.
    SwitchConnections,
    /// The bytes that the switch can carry.
    SwitchThroughput,
}

impl Resource {
    /// Those of a node, in the order in which they are numbered.
    pub const ALL: [Resource; 4] = [Resource::Cpu, Resource::Disk, Resource::LinkIn, Resource::LinkOut];

    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Resource::Cpu => "CPU",
            Resource::Disk => "disk",
            Resource::LinkIn => "link in",
            Resource::LinkOut => "link out",
            Resource::SwitchConnections => "connection rate",
            Resource::SwitchThroughput => "throughput",
        }
    }
}

/// The work that jobs bring to one resource of one node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Station {
    /// Index of the node in the cluster; one beyond the last is the switch.
    pub node: usize,
    /// Which of its resources.
    pub resource: Resource,
    /// Jobs per second.
    pub jobs_per_s: f64,
    /// Mean time that one server takes for a job, in seconds, at the node's own speed.
    pub service_s: f64,
    /// Squared coefficient of variation of that time.
    pub cv2: f64,
    /// Servers that work side by side.
    pub servers: u32,
    /// Offered load over capacity; the resource keeps up below 1.
    pub utilisation: f64,
    /// How it relates to what a simulation comes to.
    pub bound: Bound,
    /// The part of the utilisation that does not limit itself: what comes unless sessions are refused. From 1 on the
    /// resource falls behind; an upper bound alone says nothing of the kind.
    pub firm: f64,
    /// The part of the utilisation that grows with the sessions (housekeeping does not).
    pub by_sessions: f64,
}

/// The load of a whole cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// Every resource that has a capacity, node by node, then those of the switch.
    pub stations: Vec<Station>,
    /// Sessions per second of each stream, with those that come back.
    pub sessions_per_s: Vec<f64>,
}

impl Station {
    /// The name of the node that it belongs to, or `switch`.
    #[must_use]
    pub fn owner<'a>(&self, cluster: &'a Cluster) -> &'a str {
        cluster.nodes.get(self.node).map_or("switch", |node| &node.name)
    }

    /// Whether it is sure that the resource can't keep up.
    #[must_use]
    pub fn falls_behind(&self) -> bool {
        self.firm >= 1.0
    }
}

impl Load {
    /// The station that is used most, one that is sure to fall behind before any that is not; the first of equals.
    #[must_use]
    pub fn binding(&self) -> Option<&Station> {
        let rank = |station: &Station| (station.falls_behind(), station.utilisation);
        self.stations.iter().reduce(|best, next| if rank(best) >= rank(next) { best } else { next })
    }

    /// The station of a node's resource, if it has a capacity.
    #[must_use]
    pub fn station(&self, node: usize, resource: Resource) -> Option<&Station> {
        self.stations.iter().find(|station| station.node == node && station.resource == resource)
    }

    /// Whether no resource is sure to fall behind. What limits itself fills a resource and does not grow beyond it.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        !self.stations.iter().any(Station::falls_behind)
    }

    /// Whether every utilisation is exact.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.stations.iter().all(|station| station.bound == Bound::Exact)
    }
}

/// The load that a scenario puts on its cluster in its busiest hour.
///
/// The primaries of a service get the parts of its sessions that its route gives them.
#[must_use]
pub fn offered(scenario: &Scenario) -> Load {
    at_rates(scenario, |stream| stream.rate_per_s, |load| load.in_busiest_hour)
}

/// The same over the whole window, which is what a simulation of it measures.
#[must_use]
pub fn offered_on_average(scenario: &Scenario) -> Load {
    at_rates(scenario, Stream::mean_rate_per_s, |load| load.on_average)
}

fn at_rates(scenario: &Scenario, rate_per_s: impl Fn(&Stream) -> f64, part: impl Fn(&Background) -> f64) -> Load {
    let cluster = &scenario.cluster;
    let crowd = Crowd::of(scenario);
    let mut stations = Vec::new();
    let pages_are_sure = scenario.streams.iter().all(|stream| relogins(scenario, stream, &crowd).1);
    let is_exact = |node: &Node| crowd.is_exact(node) && pages_are_sure;
    let floods = Flood::all(scenario, &rate_per_s, &crowd);
    let refused = cluster.nodes.iter().any(|node| refuses(scenario, node));
    // Nodes that are alike stand together: a planner asks for thousands of clusters, some of them large.
    let mut last: Option<(&Node, [Moments; 4])> = None;
    for (index, node) in cluster.nodes.iter().enumerate() {
        let mut sessions = match last {
            Some((known, sessions)) if known.is_like(node) && crowd.are_alike(known, node) => sessions,
            _ => by_sessions(scenario, &rate_per_s, node, &crowd),
        };
        last = Some((node, sessions));
        floods.iter().for_each(|flood| flood.add_to(&mut sessions, &crowd, index, node));
        let housekeeping = housekeeping(scenario, node.role, &node.tier);
        let background = in_background(scenario, node, &part);
        for resource in Resource::ALL {
            let mut moments = sessions[resource as usize];
            let Some((capacity, servers)) = capacity(&node.tier, resource) else { continue };
            let by_sessions = moments.used(capacity);
            if resource == Resource::Cpu {
                moments.join(&housekeeping);
            }
            if resource == Resource::Disk && housekeeping.per_s > 0.0 {
                let faults = memory(scenario, node).map_or(0.0, |memory| memory.faults_per_burst);
                let (first, second) = visit_moments(&node.tier, PAGE.0 as f64);
                moments.add(housekeeping.per_s * faults, first, second, Certainty::Sure);
            }
            moments.join(&background[resource as usize]);
            let adds = match resource {
                // What stops cost depends on how often the budget is used up.
                Resource::Cpu => node.tier.cpu_quota.is_some_and(|quota| quota.resume > Time::ZERO),
                Resource::Disk => adds_to_disk(scenario, node),
                _ => false,
            };
            let bound = Bound::of(moments.bounded || refused || !is_exact(node), adds || !is_exact(node));
            stations.push(moments.station((index, resource), (capacity, servers), by_sessions, bound));
        }
    }
    stations.extend(of_switch(scenario, &rate_per_s, refused));
    Load {
        stations,
        sessions_per_s: scenario.streams.iter().map(|stream| rate_per_s(stream) * stream.arrivals_at(0)).collect(),
    }
}

/// Seconds of one server that the resource can give in a second, and its servers; none when it costs nothing.
fn capacity(tier: &Tier, resource: Resource) -> Option<(f64, u32)> {
    match resource {
        // In seconds of one of the node's own cores.
        Resource::Cpu => Some((tier.cpu_capacity() / tier.speed, tier.cores)),
        Resource::Disk if tier.disks == 0 => None,
        Resource::Disk => Some((f64::from(tier.disks), tier.disks)),
        Resource::LinkIn | Resource::LinkOut => tier.network.map(|_| (1.0, 1)),
        Resource::SwitchConnections | Resource::SwitchThroughput => None,
    }
}

/// Work of the sessions at a node, by resource.
fn by_sessions(scenario: &Scenario, rate_per_s: impl Fn(&Stream) -> f64, node: &Node, crowd: &Crowd) -> [Moments; 4] {
    let mut all = [Moments::default(); 4];
    let at = At::new(scenario, node, crowd);
    for stream in &scenario.streams {
        let certainty = Certainty::of(scenario, stream);
        let operations = stream.operations.iter().map(|index| &scenario.operations[*index]);
        for (place, operation) in operations.enumerate() {
            let per_s = rate_per_s(stream) * stream.executions(place, operation);
            let moves = operation.times != Times::Once;
            add_operation(&mut all, (stream, moves, certainty), &at, operation, per_s);
            for called in &operation.calls {
                add_operation(&mut all, (stream, moves, certainty), &at, &scenario.operations[*called], per_s);
            }
        }
        let per_s = rate_per_s(stream) * relogins(scenario, stream, crowd).0;
        if let Some(relogin) = scenario.services[stream.service].relogin.filter(|_| per_s > 0.0) {
            let operation = &scenario.operations[relogin];
            for again in [&relogin].into_iter().chain(&operation.calls).map(|index| &scenario.operations[*index]) {
                add_operation(&mut all, (stream, false, certainty), &at, again, per_s);
            }
        }
    }
    if node.role == Role::NameServer {
        let (queries_per_s, certainty) = queries(scenario, &rate_per_s);
        let servers = scenario.cluster.of_role(Role::NameServer).count() as f64;
        all[Resource::Cpu as usize].add_law(
            queries_per_s / servers,
            &scenario.query_cpu,
            1.0 / node.tier.speed,
            certainty,
        );
    }
    all
}

/// A node, and what decides which work it gets.
struct At<'a> {
    scenario: &'a Scenario,
    node: &'a Node,
    crowd: &'a Crowd,
    /// Whether lookups in the directory are answered here.
    answers_lookups: bool,
    /// Share of the store's reads that cost a disk visit, and page faults of a CPU burst.
    missed: f64,
    faults: f64,
    /// Moments of the disk visit for a page.
    page: (f64, f64),
}

impl<'a> At<'a> {
    fn new(scenario: &'a Scenario, node: &'a Node, crowd: &'a Crowd) -> At<'a> {
        let memory = memory(scenario, node);
        At {
            scenario,
            node,
            crowd,
            answers_lookups: scenario.cluster.nodes[scenario.cluster.database()].name == node.name,
            missed: 1.0 - memory.and_then(|memory| memory.hit_ratio).unwrap_or(0.0),
            faults: memory.map_or(0.0, |memory| memory.faults_per_burst),
            page: visit_moments(&node.tier, PAGE.0 as f64),
        }
    }
}

/// The work of one operation that is done so often a second, with a message of the stream or with none.
///
/// The node that holds the store works for the sessions of all; what those of the other primaries store crosses both
/// links and takes its CPU.
fn add_operation(
    all: &mut [Moments; 4],
    (stream, moves, certainty): (&Stream, bool, Certainty),
    at: &At<'_>,
    operation: &Operation,
    per_s: f64,
) {
    let At { scenario, node, crowd, .. } = *at;
    let tier = &node.tier;
    let byte_s = if moves { tier.network.map_or(0.0, |network| 1.0 / network.0) } else { 0.0 };
    let spread = crowd.spread(node, stream.service, operation);
    let here_per_s = per_s * spread.here;
    let [cpu, disk, link_in, link_out] = all;
    let page = at.page;
    if here_per_s > 0.0 {
        let (first, second) =
            cpu_moments(operation, stream, moves, scenario.directory.node_s(operation, scenario.users));
        if operation.bursts(&scenario.directory, scenario.users).0 {
            disk.add(here_per_s * at.faults, page.0, page.1, certainty);
        }
        cpu.add(here_per_s, first / tier.speed, second / (tier.speed * tier.speed), certainty);
    }
    // A change of the configuration is loaded by every primary.
    let reload_s = operation.reload_per_domain_s * scenario.domains as f64 / tier.speed;
    if node.role == Role::Primary && reload_s > 0.0 {
        cpu.add(per_s, reload_s, reload_s * reload_s, certainty);
    }
    let queries_per_s = per_s * f64::from(scenario.directory.queries(operation));
    if queries_per_s > 0.0 && at.answers_lookups {
        cpu.add_law(queries_per_s, &scenario.directory.database_cpu, 1.0 / tier.speed, certainty);
        disk.add(queries_per_s * at.faults, page.0, page.1, certainty);
    }
    // Without a client of its own, the message crosses the network from the node that asks, at either end.
    let (served, asked) =
        if operation.is_called_by(stream.service) { (spread.for_others, spread.elsewhere) } else { (spread.here, 0.0) };
    match operation.client_transfer {
        ClientTransfer::Upload => {
            link_in.add_law(per_s * served, &stream.size, byte_s, certainty);
            link_out.add_law(per_s * asked, &stream.size, byte_s, certainty);
        }
        ClientTransfer::Download => {
            link_out.add_law(per_s * served, &stream.size, byte_s, certainty);
            link_in.add_law(per_s * asked, &stream.size, byte_s, certainty);
        }
        ClientTransfer::None => {}
    }
    for work in DiskWork::ALL {
        let visits_per_s = match (work.at_store() && !operation.local_state, node.holds_store) {
            (false, _) => here_per_s,
            (true, true) => per_s,
            (true, false) => continue,
        };
        let missed = if operation.local_state { 1.0 } else { at.missed };
        let penalty = if work.writes() { f64::from(tier.raid_write_penalty) } else { missed };
        let operations_per_s = visits_per_s * f64::from(operation.visits(work)) * penalty;
        if operations_per_s > 0.0 {
            let (first, second) = disk_moments(operation, work, (stream, moves), tier);
            let certainty = if work.flushes() && tier.group_commit { Certainty::AtMost } else { certainty };
            disk.add(operations_per_s, first, second, certainty);
        }
    }
    // What crosses the network between a primary and the store, at either end of it.
    let crossing_per_s = if node.holds_store { per_s * (1.0 - spread.here) } else { here_per_s };
    if crossing_per_s <= 0.0 || operation.local_state {
        return;
    }
    if node.holds_store {
        cpu.add_law(crossing_per_s, &operation.data_cpu, 1.0 / tier.speed, certainty);
        if operation.bursts(&scenario.directory, scenario.users).1 {
            disk.add(crossing_per_s * at.faults, page.0, page.1, certainty);
        }
    }
    let link = match (operation.store_transfer, node.holds_store) {
        (StoreTransfer::None, _) => return,
        (StoreTransfer::Save, true) | (StoreTransfer::Load, false) => link_in,
        (StoreTransfer::Save, false) | (StoreTransfer::Load, true) => link_out,
    };
    link.add_law(crossing_per_s, &stream.size, byte_s, certainty);
}

/// First and second moment of the CPU of an operation and its lookups, in reference seconds.
fn cpu_moments(operation: &Operation, stream: &Stream, moves: bool, lookups_s: f64) -> (f64, f64) {
    let per_byte = if !moves || operation.times == Times::Once { 0.0 } else { operation.cpu_per_kb_s / 1_000.0 };
    let (first, second) = with_bytes(&operation.cpu, per_byte, &stream.size);
    (first + lookups_s, second + lookups_s * (2.0 * first + lookups_s))
}

/// First and second moment of the time of one disk operation: where it is and how much it moves are independent.
fn disk_moments(operation: &Operation, work: DiskWork, (stream, moves): (&Stream, bool), tier: &Tier) -> (f64, f64) {
    let part = if moves { operation.part_moved(work) } else { 0.0 };
    with_bytes(&tier.disk_service, part * tier.disk_s_per_byte(), &stream.size)
}

/// First and second moment of a time and, independent of it, so much for each byte of a message.
fn with_bytes(time: &Law, per_byte: f64, size: &Law) -> (f64, f64) {
    let (mean, bytes_s) = (time.mean(), per_byte * size.mean());
    (mean + bytes_s, time.second_moment() + 2.0 * mean * bytes_s + per_byte * per_byte * size.second_moment())
}

/// First and second moment of the time of a disk operation that moves so many bytes.
pub(super) fn visit_moments(tier: &Tier, bytes: f64) -> (f64, f64) {
    let (seek, transfer_s) = (&tier.disk_service, bytes * tier.disk_s_per_byte());
    (seek.mean() + transfer_s, seek.second_moment() + 2.0 * seek.mean() * transfer_s + transfer_s * transfer_s)
}

/// The periodic work for the mail domains of a primary.
fn housekeeping(scenario: &Scenario, role: Role, tier: &Tier) -> Moments {
    let mut moments = Moments::default();
    if role == Role::Primary {
        let service_s = scenario.product.domain_cpu.as_secs_f64() / tier.speed;
        let per_s = scenario.domains as f64 / scenario.product.domain_period.as_secs_f64();
        moments.add(per_s, service_s, service_s * service_s, Certainty::Sure);
    }
    moments
}
