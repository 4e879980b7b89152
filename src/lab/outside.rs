//! Mail from outside in the lab: a server elsewhere that sends it, and the exchangers that DNS names.

use super::ground::Ground;
use super::job::{DOMAIN, HOME, Host, Protocol, Texts, WORLD};
use crate::deployment::{Delivery, Postfix, Rhythm};
use crate::scenario::{self, Node, Role, Scenario, Stream, Whose};
use crate::units::Time;
use std::net::Ipv4Addr;

/// Where the server that sends is on the lab's bridge.
pub(super) const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 4);
/// Preference of what takes mail, and of the backup, as `deployment` has them.
const PREFERENCES: (u32, u32) = (5, 10);

/// Whether a server elsewhere sends what comes in a stream.
pub(super) fn is_from_outside(stream: &Stream) -> bool {
    stream.mail.is_some_and(|mail| mail.whose == Whose::Server)
}

/// Whether there is such mail at all.
pub(super) fn sends(scenario: &Scenario) -> bool {
    scenario.streams.iter().any(is_from_outside)
}

/// What no server of the lab does that sends or forwards.
pub(super) fn obstacles(scenario: &Scenario) -> Vec<String> {
    let mut found = Vec::new();
    let mut no = |sentence: String| found.push(sentence);
    if scenario.streams.iter().any(|stream| stream.mail.is_some_and(|mail| mail.whose == Whose::Spammer)) {
        no("some mail is spam of senders who never come back, and the lab has none of them".to_owned());
    }
    if sends(scenario) {
        match &scenario.senders[..] {
            [sender] if sender.servers == Some(1) => whole_seconds(&sender.delivery, &sender.name, &mut no),
            _ => {
                no("in the lab one server sends all mail from outside; write one `sender` with `servers = 1`"
                    .to_owned());
            }
        }
    }
    if scenario.cluster.backup().is_some() {
        if !sends(scenario) {
            no("nobody sends mail to the backup; write `from_outside = true`".to_owned());
        }
        if scenario.backup.flush.is_some() {
            no("nobody tells the lab's backup to send all that it has; leave `flush` away".to_owned());
        }
        whole_seconds(&scenario.backup.delivery, "backup", &mut no);
    }
    found
}

/// What Postfix does not do of how a server delivers.
fn whole_seconds(delivery: &scenario::Delivery, name: &str, no: &mut impl FnMut(String)) {
    let (retry, patience) = (delivery.retry, delivery.patience);
    let queue = [retry.scan, retry.least, retry.most, retry.lifetime];
    let timeouts = [patience.connect_timeout, patience.timeout, delivery.data_timeout];
    if queue.into_iter().chain(timeouts).any(|time| time.whole_seconds().is_none()) {
        no(format!("the times of `{name}` are no whole seconds, and Postfix knows nothing else"));
    }
    if retry.phase.is_some() {
        no(format!("`{name}` looks through its queue at a time of its own; leave `phase` away"));
    }
    if delivery.concurrency.is_some_and(|limits| limits.pause != retry.least) {
        no(format!("`{name}` pauses for `minimal_backoff` as Postfix does; write the same for `pause`"));
    }
}

/// How a server sends, as Postfix is told.
fn rhythm(delivery: &scenario::Delivery) -> Rhythm {
    let seconds = |time: Time| time.0 / 1_000_000_000;
    let limits = delivery.concurrency;
    Rhythm {
        scan_s: seconds(delivery.retry.scan),
        least_s: seconds(delivery.retry.least),
        most_s: seconds(delivery.retry.most),
        lifetime_s: seconds(delivery.retry.lifetime),
        connect_timeout_s: seconds(delivery.patience.connect_timeout),
        command_timeout_s: seconds(delivery.patience.timeout),
        data_timeout_s: seconds(delivery.data_timeout),
        concurrency: limits.map(|limits| (limits.initial, limits.most)),
    }
}

/// The server that sends mail from outside, on these processors.
pub(super) fn world(scenario: &Scenario, cpus: &[u32], processes: u32) -> Option<Host> {
    let sender = scenario.senders.first().filter(|_| sends(scenario))?;
    Some(sending(WORLD, ADDRESS, &sender.delivery, processes, cpus.to_vec()))
}

/// The backup on its host.
pub(super) fn backup(scenario: &Scenario, node: &Node, address: Ipv4Addr, processes: u32, cpus: Vec<u32>) -> Host {
    sending(&node.name, address, &scenario.backup.delivery, processes, cpus)
}

fn sending(name: &str, address: Ipv4Addr, delivery: &scenario::Delivery, processes: u32, cpus: Vec<u32>) -> Host {
    let postfix = Postfix {
        host: name.to_owned(),
        address,
        domain: DOMAIN.to_owned(),
        directory: format!("{HOME}/{name}/postfix"),
        holds: false,
        delivery: Delivery::Exchangers(rhythm(delivery)),
        processes,
        shared: None,
    };
    Host {
        name: name.to_owned(),
        address,
        cpus,
        quota: None,
        postfix: Some(Texts { main_cf: postfix.main_cf(), master_cf: postfix.master_cf() }),
        dovecot: None,
        web: None,
        ports: vec![Protocol::Smtp.port()],
    }
}

/// The exchangers of the domain with their preferences: their names and their addresses.
pub(super) fn exchangers(
    scenario: &Scenario,
    address: impl Fn(&Node) -> Ipv4Addr,
) -> Vec<(u32, String, Vec<Ipv4Addr>)> {
    let Some(service) = scenario.service(Protocol::Smtp.name()).filter(|_| sends(scenario)) else { return Vec::new() };
    let cluster = &scenario.cluster;
    let first = match cluster.is_behind_switch(service) {
        true => vec![Ground::Bridge.switch()],
        false => cluster.servers(service).map(|node| address(&cluster.nodes[node])).collect(),
    };
    let backup = cluster.nodes.iter().find(|node| node.role == Role::Backup);
    let last = backup.map(|node| (PREFERENCES.1, node.name.clone(), vec![address(node)]));
    [(PREFERENCES.0, "mx".to_owned(), first)].into_iter().chain(last).collect()
}
