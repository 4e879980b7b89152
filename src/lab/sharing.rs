//! Hosts of the lab that share an address, by the scenario's Network Load Balancing.

use super::host::beat::BUCKETS;
use super::job::Shared;
use crate::random::{Key, Purpose};
use crate::scenario::{Affinity, FaultKind, Nlb, Route, Scenario};
use std::net::Ipv4Addr;
use std::time::Duration;

/// The address that they share.
pub(super) const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 5);

/// The port rules of the services whose nodes balance by themselves.
fn rules(scenario: &Scenario) -> impl Iterator<Item = (usize, &Nlb)> {
    let rule = |service: usize| match scenario.cluster.route(service) {
        Some(Route::Nlb(nlb)) if scenario.cluster.servers(service).nth(1).is_some() => Some((service, nlb)),
        _ => None,
    };
    (0..scenario.services.len()).filter_map(rule)
}

/// Whether the nodes of a service balance by themselves.
pub(super) fn is_shared(scenario: &Scenario, service: usize) -> bool {
    rules(scenario).any(|(shared, _)| shared == service)
}

/// What the filter of the lab does not do.
pub(super) fn obstacles(scenario: &Scenario) -> Vec<String> {
    let mut found = Vec::new();
    let mut no = |sentence: String| found.push(sentence);
    let Some((first, _)) = rules(scenario).next() else { return found };
    let hosts: Vec<usize> = scenario.cluster.servers(first).collect();
    for (service, nlb) in rules(scenario) {
        let name = &scenario.services[service].name;
        if nlb.affinity != Affinity::Single || nlb.buckets != BUCKETS {
            no(format!(
                "the lab hashes addresses into {BUCKETS} buckets; write `affinity = \"single\"` and `buckets = {BUCKETS}` for `{name}`"
            ));
        }
        if !nlb.weights.is_empty() || scenario.cluster.servers(service).ne(hosts.iter().copied()) {
            no(format!("`{name}` has hosts or weights of its own, and in the lab all that balances has the same"));
        }
    }
    for fault in scenario.faults.iter().filter(|fault| fault.kind == FaultKind::Hang) {
        let of_host = fault.component.nodes(&scenario.cluster).iter().any(|node| hosts.contains(node));
        if of_host {
            no(format!(
                "`fault.{}`: what hangs in the lab is programs, whose machine still takes its part of the packets; NLB is about machines",
                fault.name
            ));
        }
    }
    found
}

/// The hosts by their place in the scenario's nodes; `place` says where one is among those of the lab.
pub(super) fn shared(scenario: &Scenario, place: impl Fn(&str) -> Option<usize>) -> Option<Shared> {
    let (service, nlb) = rules(scenario).next()?;
    let host = |node: usize| {
        let node = &scenario.cluster.nodes[node];
        Some((place(&node.name)?, nlb.weight(node)))
    };
    let hosts: Vec<(usize, u32)> = scenario.cluster.servers(service).filter_map(host).collect();
    let mut chance = Key::new(scenario.seed, 0, Purpose::Session, "lab heartbeats").stream();
    let heartbeat = Duration::from_nanos(nlb.terms.heartbeat.0);
    Some(Shared {
        address: ADDRESS,
        phases: hosts.iter().map(|_| heartbeat.mul_f64(chance.unit())).collect(),
        hosts,
        heartbeat,
        missed: nlb.terms.heartbeats_missed,
        convergence: Duration::from_nanos(nlb.terms.convergence.0),
    })
}
