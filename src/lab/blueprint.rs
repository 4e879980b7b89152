//! From a scenario to what the lab is to build and to do.

use super::ground::Ground;
use super::job::{
    DOMAIN, HOME, Host, Job, Order, Patience, Pools, Protocol, Quota, STORE, SWITCH_LOG, Shelf, Target, Texts,
};
use super::letter::MAILBOXES;
use super::limits::{differences, obstacles};
use super::script::strikes;
use super::{loopback, naming, outside, sharing, webmail};
use crate::deployment::{Delivery, Dovecot, Mailboxes, Postfix, haproxy, port};
use crate::experiment::{Visit, Visits, visits};
use crate::random::{Key, Purpose};
use crate::scenario::{ClientGroup, Node, Operation, Role, Scenario, Service, Stream};
use crate::units::Time;
use std::net::Ipv4Addr;
use std::time::Duration;

/// Messages in a mailbox at most.
const MOST_MESSAGES: usize = 1_000;
/// Source addresses at most.
const MOST_SOURCES: u64 = 1_000;
/// Sessions of a run at most: each of them is kept.
const MOST_SESSIONS: usize = 1_000_000;
/// Processes of each service on a node at most.
pub(super) const PROCESSES: u32 = 250;
/// Core time that Linux leaves at a processor when a group has nothing to do, in microseconds (`min_cfs_rq_runtime`).
const LEFT_BY_LINUX_US: u64 = 1_000;

/// The job, and in what the lab is not what the scenario describes.
#[derive(Debug, Clone, PartialEq)]
pub struct Blueprint {
    /// What is to be done.
    pub job: Job,
    /// What the scenario has and the lab has not, a sentence for each.
    pub differences: Vec<String>,
}

/// Makes a job of a scenario: replication `replication` of its sessions on as many processors of this machine.
///
/// # Errors
/// What the lab can't build, a sentence for each.
pub fn blueprint(scenario: &Scenario, replication: u64, processors: u32, id: u32) -> Result<Blueprint, Vec<String>> {
    blueprint_on(Ground::Bridge, scenario, replication, (processors, id))
}

/// The same for hosts that stand on a ground.
///
/// # Errors
/// What the lab can't build there, a sentence for each.
pub fn blueprint_on(
    ground: Ground,
    scenario: &Scenario,
    replication: u64,
    (processors, id): (u32, u32),
) -> Result<Blueprint, Vec<String>> {
    let mut obstacles = obstacles(scenario);
    if ground == Ground::Loopback {
        obstacles.extend(loopback::obstacles(scenario));
    }
    let address = address_in(scenario, ground);
    let configuration = haproxy(scenario, ground.switch(), &address, SWITCH_LOG).unwrap_or_else(|missing| {
        obstacles.extend(missing);
        None
    });
    let hosts = hosts(scenario, (processors, ground)).unwrap_or_else(|obstacle| {
        obstacles.push(obstacle);
        Vec::new()
    });
    if !obstacles.is_empty() {
        return Err(obstacles);
    }
    let Visits { visits, warm_up } = visits(scenario, replication);
    if visits.len() > MOST_SESSIONS {
        return Err(vec![format!(
            "{} sessions come in the run, and the lab sends {MOST_SESSIONS} at most; shorten `time.window`",
            visits.len()
        )]);
    }
    let sources = scenario.groups.iter().map(|group| group.addresses).sum::<u64>().min(MOST_SOURCES) as u32;
    let warm_up = Duration::from_nanos(warm_up.0);
    let strikes = strikes(scenario, &hosts, warm_up)?;
    let load_cpus = if processors > 1 { vec![0] } else { Vec::new() };
    let shared = sharing::shared(scenario, |name| hosts.iter().position(|host| host.name == name));
    let job = Job {
        id,
        ground,
        hosts,
        haproxy: configuration,
        names: naming::names(scenario, &address),
        shared,
        world: outside::world(scenario, &load_cpus, PROCESSES),
        witness: None,
        load_cpus,
        sources,
        mailboxes: shelves(scenario, &visits),
        strikes,
        holds: holds(scenario),
        orders: visits.iter().filter_map(|visit| order(scenario, ground, visit, sources)).collect(),
        patience: patience(scenario),
        pools: pools(scenario),
        window: (warm_up, warm_up + Duration::from_nanos(scenario.window.0)),
    };
    let mut differences = differences(scenario);
    if ground == Ground::Loopback {
        differences.extend(loopback::differences(&job));
    }
    Ok(Blueprint { job, differences })
}

/// That of the most patient group.
fn patience(scenario: &Scenario) -> Patience {
    let longest = |of: fn(&ClientGroup) -> Time| {
        Duration::from_nanos(scenario.groups.iter().map(of).max().unwrap_or(Time::ZERO).0)
    };
    Patience {
        connect_timeout: longest(|group| group.patience.connect_timeout),
        timeout: longest(|group| group.patience.timeout),
        next_address: scenario.groups.iter().any(|group| group.patience.next_address),
    }
}

/// The nodes of every service that has several.
fn pools(scenario: &Scenario) -> Pools {
    let cluster = &scenario.cluster;
    let of = |(index, service): (usize, &Service)| {
        let nodes: Vec<String> =
            cluster.workers(index).into_iter().map(|node| cluster.nodes[node].name.clone()).collect();
        (nodes.len() > 1).then(|| (service.name.clone(), nodes))
    };
    Pools {
        interval_s: scenario.share_interval.as_secs_f64(),
        nodes: scenario.services.iter().enumerate().filter_map(of).collect(),
    }
}

/// Where a node is, by its place.
fn address_in(scenario: &Scenario, ground: Ground) -> impl Fn(&Node) -> Ipv4Addr {
    move |node| {
        let place = scenario.cluster.nodes.iter().position(|other| other.name == node.name).unwrap_or_default();
        ground.node(place as u16)
    }
}

/// The nodes with the processors that they get: the first one of the machine is for the load and the switch.
fn hosts(scenario: &Scenario, (processors, ground): (u32, Ground)) -> Result<Vec<Host>, String> {
    let mut free: Vec<(u32, f64)> = (1..processors.max(2)).map(|cpu| (cpu % processors.max(1), 1.0)).collect();
    let data = scenario.cluster.nodes.iter().find(|node| node.role == Role::Data);
    // A data server that no operation asks for anything stands for a store that all nodes have mounted.
    let data = data.filter(|_| scenario.operations.iter().any(Operation::uses_store));
    let address = address_in(scenario, ground);
    let asked = |node: &&Node| {
        matches!(node.role, Role::Primary | Role::Backup) || data.is_some_and(|data| data.name == node.name)
    };
    let nodes = scenario.cluster.nodes.iter().filter(asked);
    nodes
        .map(|node| {
            let placed = match ground {
                Ground::Bridge => place(node, &mut free),
                Ground::Loopback => loopback::place(node, &mut free).map(|cpus| (cpus, None)),
            };
            let (cpus, quota) = placed.ok_or_else(|| {
                format!(
                    "the nodes need more processors than the {} that this machine has beside that of the load; give `{}` a `cpu_quota`, or \
                     fewer cores",
                    processors.saturating_sub(1).max(1),
                    node.tier.name
                )
            })?;
            if node.role == Role::Backup {
                return Ok(Host { quota, ..outside::backup(scenario, node, address(node), PROCESSES, cpus) });
            }
            Ok(host(scenario, node, (cpus, quota), data.map(&address), address(node)))
        })
        .collect()
}

/// Takes processors for a node.
fn place(node: &Node, free: &mut [(u32, f64)]) -> Option<(Vec<u32>, Option<Quota>)> {
    let cores = node.tier.cores as usize;
    let share = node.tier.cpu_quota.map_or(1.0, |quota| quota.cores / cores as f64);
    let fits = |(_, left): &(u32, f64)| *left >= share - 1e-9;
    let taken: Vec<usize> = (0..free.len()).filter(|index| fits(&free[*index])).take(cores).collect();
    if taken.len() < cores {
        return None;
    }
    let cpus = taken.iter().map(|index| {
        free[*index].1 -= share;
        free[*index].0
    });
    let quota = node.tier.cpu_quota.map(|quota| {
        let period_us = quota.period.0 / 1_000;
        let burst_us = (quota.burst.0 / 1_000).saturating_sub(LEFT_BY_LINUX_US);
        Quota { us: (quota.cores * period_us as f64).round() as u64, period_us, burst_us }
    });
    Some((cpus.collect(), quota))
}

fn host(
    scenario: &Scenario,
    node: &Node,
    (cpus, quota): (Vec<u32>, Option<Quota>),
    data: Option<Ipv4Addr>,
    address: Ipv4Addr,
) -> Host {
    let directory = format!("{HOME}/{}", node.name);
    let is_data = node.role == Role::Data;
    let is_shared = (0..scenario.services.len()).any(|service| sharing::is_shared(scenario, service));
    let shared = Some(sharing::ADDRESS).filter(|_| is_shared && !is_data);
    let mailboxes = match data.filter(|_| !is_data) {
        Some(data) => Mailboxes::On(data),
        None => Mailboxes::Here(STORE.to_owned()),
    };
    let dovecot = Dovecot {
        host: node.name.clone(),
        address,
        directory: format!("{directory}/dovecot"),
        mailboxes,
        takes_mail: is_data,
        processes: PROCESSES,
        shared,
    };
    let services = scenario.services.iter().enumerate().filter(|(index, _)| node.serves(*index));
    let mut ports: Vec<u16> = services.filter_map(|(_, service)| port(&service.name)).collect();
    let postfix = Postfix {
        host: node.name.clone(),
        address,
        domain: DOMAIN.to_owned(),
        directory: format!("{directory}/postfix"),
        holds: holds(scenario),
        delivery: data.map_or_else(|| Delivery::Socket(dovecot.socket()), Delivery::Host),
        processes: PROCESSES,
        shared,
    };
    let takes_mail = ports.contains(&Protocol::Smtp.port());
    let web = webmail::gateway(scenario, node, address, shared).filter(|_| !is_data);
    if web.is_some() && !ports.contains(&Protocol::Imap.port()) {
        ports.push(Protocol::Imap.port());
    }
    Host {
        name: node.name.clone(),
        address,
        cpus,
        quota,
        postfix: takes_mail.then(|| Texts { main_cf: postfix.main_cf(), master_cf: postfix.master_cf() }),
        dovecot: Some(dovecot.conf()),
        web,
        ports: if is_data { [Protocol::Pop3, Protocol::Imap].map(Protocol::port).to_vec() } else { ports },
    }
}

/// Whether the scenario has nobody who does anything with mail that was taken: then it stays where it is.
fn holds(scenario: &Scenario) -> bool {
    let of = |stream: &Stream| Protocol::of(&scenario.services[stream.service].name) == Some(Protocol::Smtp);
    let mut mail = scenario.streams.iter().filter(|stream| of(stream)).peekable();
    let waits = |stream: &Stream| stream.operations.iter().all(|index| scenario.operations[*index].client_waits);
    mail.peek().is_some() && mail.all(waits)
}

/// Mailboxes with as many messages as any session reads, in the sizes of the first stream that reads them.
fn shelves(scenario: &Scenario, visits: &[Visit]) -> Vec<Shelf> {
    let mut shelves = Vec::new();
    for protocol in [Protocol::Pop3, Protocol::Imap, Protocol::Web] {
        let Some(service) = scenario.service(protocol.name()) else { continue };
        let reads = |visit: &&Visit| scenario.streams[visit.stream].service == service;
        let Some(first) = visits.iter().find(reads) else { continue };
        let most = visits.iter().filter(reads).map(|visit| visit.messages.len()).max().unwrap_or_default();
        let law = scenario.streams[first.stream].size.sampler();
        let of = |mailbox: u32| {
            let key = Key::new(scenario.seed, 0, Purpose::Session, &format!("lab {}", protocol.mailbox(mailbox)));
            (0..most.min(MOST_MESSAGES)).map(|index| law.sample(&mut key.at(index as u64).stream()) as u64).collect()
        };
        shelves.push(Shelf { protocol, sizes: (0..MAILBOXES).map(of).collect() });
    }
    shelves
}

fn order(scenario: &Scenario, ground: Ground, visit: &Visit, sources: u32) -> Option<Order> {
    let service = scenario.streams[visit.stream].service;
    let protocol = Protocol::of(&scenario.services[service].name)?;
    let source = (visit.origin * f64::from(sources)) as u32;
    // Digits of the origin that the source does not use, and such that the mailbox does not use either.
    let fine = (visit.origin * f64::from(sources)).fract();
    let finest = (fine * f64::from(MAILBOXES)).fract();
    let hands_over = outside::is_from_outside(&scenario.streams[visit.stream]);
    let target = if hands_over {
        Target::Address(outside::ADDRESS)
    } else if scenario.cluster.is_behind_switch(service) {
        Target::Address(ground.switch())
    } else if sharing::is_shared(scenario, service) {
        Target::Address(sharing::ADDRESS)
    } else if let Some(resolver) = naming::resolver_of(scenario, protocol, source, sources) {
        Target::Name { resolver, query: (finest * f64::from(u16::MAX)) as u16 }
    } else {
        let node = scenario.cluster.servers(service).next()?;
        Target::Address(address_in(scenario, ground)(&scenario.cluster.nodes[node]))
    };
    Some(Order {
        at_ns: visit.at.0,
        protocol,
        target,
        hands_over,
        source,
        mailbox: (fine * f64::from(MAILBOXES)) as u32,
        messages: visit.messages.iter().map(|message| (message.size, message.recipients)).collect(),
    })
}
