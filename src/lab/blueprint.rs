//! From a scenario to what the lab is to build and to do.

use super::host::striking::apart;
use super::job::{DOMAIN, HOME, Host, Job, Order, Protocol, Quota, STORE, SWITCH_LOG, Shelf, Strike, Texts, Way};
use super::letter::MAILBOXES;
use crate::deployment::{Delivery, Dovecot, Mailboxes, Postfix, haproxy, port};
use crate::experiment::{Visit, Visits, visits};
use crate::random::{Key, Purpose};
use crate::scenario::{Component, FaultKind, Node, Operation, Role, Scenario, Stream};
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
const PROCESSES: u32 = 250;
/// Core time that Linux leaves at a processor when a group has nothing to do, in microseconds (`min_cfs_rq_runtime`).
const LEFT_BY_LINUX_US: u64 = 1_000;
/// The address of the switch on the lab's bridge.
pub(super) const SWITCH: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 2);

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
    let mut obstacles = obstacles(scenario);
    let configuration = haproxy(scenario, SWITCH, address_in(scenario), SWITCH_LOG).unwrap_or_else(|missing| {
        obstacles.extend(missing);
        None
    });
    let hosts = hosts(scenario, processors).unwrap_or_else(|obstacle| {
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
    let job = Job {
        id,
        hosts,
        haproxy: configuration,
        load_cpus: if processors > 1 { vec![0] } else { Vec::new() },
        sources,
        mailboxes: shelves(scenario, &visits),
        strikes,
        holds: holds(scenario),
        orders: visits.iter().filter_map(|visit| order(scenario, visit, sources)).collect(),
        timeout: Duration::from_nanos(
            scenario.groups.iter().map(|group| group.patience.timeout.0).max().unwrap_or_default(),
        ),
        window: (warm_up, warm_up + Duration::from_nanos(scenario.window.0)),
    };
    Ok(Blueprint { job, differences: differences(scenario) })
}

/// What can't be built.
fn obstacles(scenario: &Scenario) -> Vec<String> {
    let mut found = Vec::new();
    let mut no = |sentence: String| found.push(sentence);
    for (index, service) in scenario.services.iter().enumerate() {
        let comes = scenario.streams.iter().any(|stream| stream.service == index);
        if !comes {
            continue;
        }
        if Protocol::of(&service.name).is_none() {
            no(format!("`service.{}`: the lab has servers for smtp, pop3 and imap", service.name));
        }
        let several = scenario.cluster.servers(index).nth(1).is_some();
        if several && !scenario.cluster.is_behind_switch(index) {
            no(format!(
                "the sessions of `{}` find their node without a switch, and the lab has switches only",
                service.name
            ));
        }
    }
    for node in &scenario.cluster.nodes {
        if !matches!(node.role, Role::Primary | Role::Data) {
            no(format!("`{}` is a {}, and the lab has primaries and a data server", node.name, node.role.name()));
        }
    }
    for stream in &scenario.streams {
        if stream.remote > 0.0 {
            no(format!(
                "`{}` sends mail to others, and the lab has nobody to send it to; write `remote = 0`",
                stream.name
            ));
        }
        if stream.standing.is_some() || stream.on_open_connections {
            no(format!("`{}` leaves connections open, and the lab's sessions end", stream.name));
        }
        if stream.gates.iter().any(Option::is_some) {
            no(format!("`{}` passes filters, and the lab's servers have none", stream.name));
        }
    }
    found
}

/// What is done to the hosts by the script of the scenario.
fn strikes(scenario: &Scenario, hosts: &[Host], warm_up: Duration) -> Result<Vec<Strike>, Vec<String>> {
    let mut obstacles = Vec::new();
    let mut strikes = Vec::new();
    for fault in scenario.faults.iter().filter(|fault| scenario.has(&fault.component)) {
        let way = match (fault.kind, &fault.component) {
            (FaultKind::Stop, Component::Node(_)) => Some(Way::Kill),
            (FaultKind::Hang, Component::Node(_)) => Some(Way::Freeze),
            (FaultKind::BlackHole, Component::Node(_) | Component::Link(_)) => Some(Way::Unplug),
            (FaultKind::Slow, Component::Node(_)) => Some(Way::Slow(fault.speed)),
            _ => None,
        };
        let named = |node: &usize| hosts.iter().position(|host| host.name == scenario.cluster.nodes[*node].name);
        let host = fault.component.nodes(&scenario.cluster).first().and_then(named);
        let (Some(way), Some(host)) = (way.filter(|_| !fault.loses_disk), host) else {
            obstacles.push(format!(
                "`fault.{}`: the lab stops, hangs, slows down and cuts off whole nodes, which keep their disks, and links; not `{}` of kind \
                 {}",
                fault.name,
                fault.written,
                fault.kind.name()
            ));
            continue;
        };
        let after = |time: Time| warm_up + Duration::from_nanos(time.0);
        let (at, until) = (after(fault.span.begins), after(fault.span.ends));
        strikes.push(Strike { fault: fault.name.clone(), host, way, at, until });
    }
    if let Err((one, other)) = apart(&strikes) {
        obstacles.push(format!(
            "`fault.{one}` and `fault.{other}` meet at one node, and the lab does one thing to it at a time"
        ));
    }
    if obstacles.is_empty() { Ok(strikes) } else { Err(obstacles) }
}

/// What is left out, so that nobody takes it for measured.
fn differences(scenario: &Scenario) -> Vec<String> {
    let mut found = Vec::new();
    if scenario.groups.iter().any(|group| group.rtt.0 > 0 || group.s_per_byte > 0.0) {
        found.push("the lines of the clients take no time in the lab".to_owned());
    }
    if scenario.cluster.nodes.iter().any(|node| node.tier.disks > 0) {
        found.push("the lab's mail store and queues are in memory and not on disks".to_owned());
    }
    if scenario.sources.iter().any(|count| *count > 0)
        || scenario.mailboxes.iter().any(|mailboxes| !mailboxes.pools.is_empty())
    {
        found.push("sessions of the lab come as their rates say, whatever their people have found before".to_owned());
    }
    found
}

/// Where a node is on the lab's bridge, by its place.
fn address_in(scenario: &Scenario) -> impl Fn(&Node) -> Ipv4Addr {
    |node| {
        let place = scenario.cluster.nodes.iter().position(|other| other.name == node.name).unwrap_or_default() as u16;
        let [high, low] = (place + 1).to_be_bytes();
        Ipv4Addr::new(10, 77, 1 + high, low)
    }
}

/// The nodes with the processors that they get: the first one of the machine is for the load and the switch.
fn hosts(scenario: &Scenario, processors: u32) -> Result<Vec<Host>, String> {
    let mut free: Vec<(u32, f64)> = (1..processors.max(2)).map(|cpu| (cpu % processors.max(1), 1.0)).collect();
    let data = scenario.cluster.nodes.iter().find(|node| node.role == Role::Data);
    // A data server that no operation asks for anything stands for a store that all nodes have mounted.
    let data = data.filter(|_| scenario.operations.iter().any(Operation::uses_store));
    let address = address_in(scenario);
    let asked = |node: &&Node| node.role == Role::Primary || data.is_some_and(|data| data.name == node.name);
    let nodes = scenario.cluster.nodes.iter().filter(asked);
    nodes
        .map(|node| {
            let (cpus, quota) = place(node, &mut free).ok_or_else(|| {
                format!(
                    "the nodes need more processors than the {} that this machine has beside that of the load; give `{}` a `cpu_quota`, or \
                     fewer cores",
                    processors.saturating_sub(1).max(1),
                    node.tier.name
                )
            })?;
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
    };
    let services = scenario.services.iter().enumerate().filter(|(index, _)| node.serves(*index));
    let ports: Vec<u16> = services.filter_map(|(_, service)| port(&service.name)).collect();
    let postfix = Postfix {
        host: node.name.clone(),
        address,
        domain: DOMAIN.to_owned(),
        directory: format!("{directory}/postfix"),
        holds: holds(scenario),
        delivery: data.map_or_else(|| Delivery::Socket(dovecot.socket()), Delivery::Host),
        processes: PROCESSES,
    };
    let takes_mail = ports.contains(&Protocol::Smtp.port());
    Host {
        name: node.name.clone(),
        address,
        cpus,
        quota,
        postfix: takes_mail.then(|| Texts { main_cf: postfix.main_cf(), master_cf: postfix.master_cf() }),
        dovecot: dovecot.conf(),
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
    for protocol in [Protocol::Pop3, Protocol::Imap] {
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

fn order(scenario: &Scenario, visit: &Visit, sources: u32) -> Option<Order> {
    let service = scenario.streams[visit.stream].service;
    let protocol = Protocol::of(&scenario.services[service].name)?;
    let target = if scenario.cluster.is_behind_switch(service) {
        SWITCH
    } else {
        let node = scenario.cluster.servers(service).next()?;
        address_in(scenario)(&scenario.cluster.nodes[node])
    };
    // Digits of the origin that the source does not use.
    let fine = (visit.origin * f64::from(sources)).fract();
    Some(Order {
        at_ns: visit.at.0,
        protocol,
        target,
        source: (visit.origin * f64::from(sources)) as u32,
        mailbox: (fine * f64::from(MAILBOXES)) as u32,
        messages: visit.messages.iter().map(|message| (message.size, message.recipients)).collect(),
    })
}
