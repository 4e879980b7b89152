//! The switch of a design as a configuration of HAProxy.

use super::ports::port;
use crate::scenario::{Algorithm, CheckKind, Node, Scenario, Switch};
use crate::units::Time;
use std::net::Ipv4Addr;

/// What a switch does that says nothing about it: HAProxy's own tries and time to connect.
const RETRIES: u32 = 3;
const CONNECT_TIMEOUT: Time = Time::from_secs(5);
/// Connections that it holds; each takes two of its file descriptors.
const MOST_CONNECTIONS: u32 = 4_000;

/// The file for the services behind a switch; none where nothing is behind one.
///
/// `switch` is the address that clients know, `address` that of each node; to the socket at `log` it tells which of them it holds
/// to be down.
///
/// # Errors
/// What HAProxy can't do of what the scenario asks for, a sentence for each.
pub fn haproxy(
    scenario: &Scenario,
    switch: Ipv4Addr,
    address: impl Fn(&Node) -> Ipv4Addr,
    log: &str,
) -> Result<Option<String>, Vec<String>> {
    let behind = |service: &usize| scenario.cluster.is_behind_switch(*service);
    let services: Vec<usize> = (0..scenario.services.len()).filter(behind).collect();
    if services.is_empty() {
        return Ok(None);
    }
    let patience = seconds(scenario.groups.iter().map(|group| group.patience.timeout).max().unwrap_or_default());
    let mut text = format!(
        "global\n    maxconn {MOST_CONNECTIONS}\n    log {log} local0 notice\n\ndefaults\n    mode tcp\n    log global\n    timeout client {patience}\n    timeout server {patience}\n"
    );
    let mut missing = Vec::new();
    for service in services {
        let name = &scenario.services[service].name;
        let route = scenario.cluster.route(service).and_then(|route| route.switch());
        let (Some(port), Some(way)) = (port(name), route) else {
            missing.push(format!("`{name}` has no port of its own that a switch could listen on"));
            continue;
        };
        missing.extend(unknown(way).into_iter().map(|what| format!("HAProxy has no {what} for `{name}`")));
        text += &format!("\nlisten {name}\n    bind {switch}:{port}\n");
        for line in lines(way, name) {
            text += &format!("    {line}\n");
        }
        for node in scenario.cluster.servers(service).map(|node| &scenario.cluster.nodes[node]) {
            text += &format!("    server {} {}:{port}{}\n", node.name, address(node), options(way, node));
        }
    }
    if missing.is_empty() { Ok(Some(text)) } else { Err(missing) }
}

/// What of it HAProxy does not know.
fn unknown(way: &Switch) -> Vec<&'static str> {
    let without = [
        (balance(way).is_none(), "such algorithm"),
        (way.within.is_some(), "clusters behind the switch"),
        (way.agent.is_some(), "agent without a program on the nodes"),
        (way.check.is_some_and(|check| check.kind == CheckKind::Ping), "check by ping"),
    ];
    without.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect()
}

/// The `balance` line, and what belongs to it.
fn balance(way: &Switch) -> Option<&'static str> {
    Some(match way.algorithm {
        Algorithm::RoundRobin | Algorithm::WeightedRoundRobin => "balance roundrobin",
        Algorithm::LeastConnections | Algorithm::WeightedLeastConnections => "balance leastconn",
        Algorithm::Random => "balance random(1)",
        Algorithm::RandomTwoChoices => "balance random(2)",
        Algorithm::SourceHash => "balance source\nhash-type map-based",
        Algorithm::ConsistentHash => "balance source\nhash-type consistent",
        Algorithm::Content | Algorithm::LeastResponseTime => return None,
    })
}

fn lines(way: &Switch, service: &str) -> Vec<String> {
    let mut lines: Vec<String> = balance(way).into_iter().flat_map(str::lines).map(str::to_owned).collect();
    let proxy = way.proxy;
    lines.push(format!("timeout connect {}", seconds(proxy.map_or(CONNECT_TIMEOUT, |proxy| proxy.connect_timeout))));
    lines.push(format!("retries {}", proxy.map_or(RETRIES, |proxy| proxy.retries)));
    if proxy.is_some_and(|proxy| proxy.redispatch) {
        lines.push("option redispatch".to_owned());
    }
    if way.all_backups {
        lines.push("option allbackups".to_owned());
    }
    if let Some(check) = &way.check {
        lines.push(format!("timeout check {}", seconds(check.timeout)));
        if check.kind == CheckKind::Service {
            lines.extend(asks(service));
        }
    }
    if let Some(persistence) = way.persistence {
        lines.push(format!("stick-table type ip size 1m expire {}", seconds(persistence.timeout)));
        lines.push(format!("stick on src,ipmask({})", persistence.mask));
    }
    lines
}

/// What a check of the service itself expects.
fn asks(service: &str) -> Vec<String> {
    let greeting = match service {
        "smtp" => "^220",
        "pop3" => "^\\+OK",
        "imap" => "^\\*\\ OK",
        _ => return vec!["option httpchk".to_owned()],
    };
    vec!["option tcp-check".to_owned(), format!("tcp-check expect rstring {greeting}")]
}

fn options(way: &Switch, node: &Node) -> String {
    let mut text = String::new();
    if matches!(
        way.algorithm,
        Algorithm::WeightedRoundRobin
            | Algorithm::WeightedLeastConnections
            | Algorithm::SourceHash
            | Algorithm::ConsistentHash
    ) {
        text += &format!(" weight {}", node.weight);
    }
    if let Some(check) = &way.check {
        text += &format!(" check inter {} fall {} rise {}", seconds(check.interval), check.fall, check.rise);
    }
    if let Some(time) = way.slow_start {
        text += &format!(" slowstart {}", seconds(time));
    }
    if node.backup {
        text += " backup";
    }
    text
}

/// A time as HAProxy reads it, at least a millisecond.
fn seconds(time: Time) -> String {
    format!("{}ms", (time.as_secs_f64() * 1e3).round().max(1.0))
}
