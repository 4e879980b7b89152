//! How the lab's sessions learn addresses: its name servers, by the zone and the resolvers of the scenario.

use super::job::{DOMAIN, HOME, Names, Protocol};
use super::outside;
use crate::deployment::{Bind, Unbound};
use crate::scenario::{AddressChoice, Node, ResolverOrder, Resolvers, Rotation, RoundRobinDns, Scenario};
use std::net::Ipv4Addr;

/// Resolvers at most: each of them is a process.
const MOST_RESOLVERS: u32 = 64;
/// The address of the zone's server on the lab's bridge.
pub(super) const SERVER: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 3);

/// The address of the resolver that servers ask.
const OF_SERVERS: Ipv4Addr = Ipv4Addr::new(10, 77, 33, 1);

/// The address of a resolver.
fn resolver(number: usize) -> Ipv4Addr {
    Ipv4Addr::new(10, 77, 32, number as u8 + 1)
}

/// The services that are found by names, and their zones.
fn zones(scenario: &Scenario) -> impl Iterator<Item = (usize, &RoundRobinDns)> {
    (0..scenario.services.len()).filter_map(|service| Some((service, scenario.cluster.zone(service)?)))
}

/// What no name server of the lab does, and no client of it.
pub(super) fn obstacles(scenario: &Scenario) -> Vec<String> {
    let mut found = Vec::new();
    let mut no = |sentence: String| found.push(sentence);
    if zones(scenario).next().is_none() {
        return found;
    }
    for (service, zone) in zones(scenario) {
        let name = &scenario.services[service].name;
        if zone.rotation == Rotation::OneAddress {
            no(format!("the zone of `{name}` answers with one address, and BIND tells all of them"));
        }
        if zone.ttl.whole_seconds().is_none() {
            no(format!("the `ttl` of `{name}` is no whole number of seconds, and DNS knows nothing else"));
        }
        if zones(scenario).any(|(_, other)| other.rotation != zone.rotation) {
            no(format!(
                "the zone of `{name}` has another `rotation` than that of another service, and BIND has one for all"
            ));
        }
        if zone.within.is_some() {
            no(format!("the addresses of `{name}` stand for clusters, and in the lab for single nodes"));
        }
    }
    let [group] = &scenario.groups[..] else {
        no("several client groups look names up, and in the lab one does".to_owned());
        return found;
    };
    if let Some(own) = group.resolvers {
        if own.number > MOST_RESOLVERS {
            no(format!("there are {} resolvers, and in the lab {MOST_RESOLVERS} at most", own.number));
        }
        if own.stretchers > 0.0 && own.caches {
            no("some resolvers keep answers for too long, and the lab's do not; write `stretchers = \"0 %\"`"
                .to_owned());
        }
        if own.pinners > 0.0 || own.choice != AddressChoice::First {
            no("clients of the lab take the first address of each answer; write `pinners = \"0 %\"` and `address_choice = \"first\"`"
                .to_owned());
        }
    }
    found
}

/// What takes time in the scenario and none in the lab.
pub(super) fn takes_time(scenario: &Scenario) -> bool {
    let asks = |(_, zone): (usize, &RoundRobinDns)| zone.search.0 > 0;
    let exchange = outside::sends(scenario) && scenario.exchange.is_some_and(|exchange| exchange.lookup.0 > 0);
    exchange
        || zones(scenario).any(asks)
        || zones(scenario).next().is_some() && resolvers(scenario).is_some_and(|own| own.rtt.0 > 0)
}

fn resolvers(scenario: &Scenario) -> Option<Resolvers> {
    scenario.groups.first()?.resolvers
}

/// The name servers; none where neither sessions nor servers look a name up.
pub(super) fn names(scenario: &Scenario, address: impl Fn(&Node) -> Ipv4Addr) -> Option<Names> {
    let first = zones(scenario).next().map(|(_, zone)| zone);
    let of_clients = resolvers(scenario).filter(|_| first.is_some());
    let of_servers = outside::sends(scenario).then_some(OF_SERVERS);
    if of_clients.is_none() && of_servers.is_none() {
        return None;
    }
    let directory = format!("{HOME}/names");
    let bind = Bind {
        address: SERVER,
        directory: directory.clone(),
        domain: DOMAIN.to_owned(),
        rotates: first.is_none_or(|zone| zone.rotation != Rotation::Fixed),
    };
    let entry = |(service, zone): (usize, &RoundRobinDns)| {
        let nodes = scenario.cluster.servers(service).map(|node| address(&scenario.cluster.nodes[node]));
        (scenario.services[service].name.clone(), zone.ttl.0 / 1_000_000_000, nodes.collect())
    };
    let unbound = |address: Ipv4Addr, rotates: bool, keeps: bool| {
        let (directory, zone) = (format!("{directory}/{address}"), (DOMAIN.to_owned(), SERVER));
        (address, Unbound { address, directory, zone, rotates, keeps }.conf())
    };
    let asked = of_clients.iter().flat_map(|own| (0..own.number as usize).map(move |number| (own, resolver(number))));
    let asked = asked.map(|(own, address)| unbound(address, own.order == ResolverOrder::Rotated, own.caches));
    let names: Vec<_> = zones(scenario).map(entry).collect();
    Some(Names {
        named_conf: bind.named_conf(),
        zone: bind.zone(&names, &outside::exchangers(scenario, address)),
        resolvers: asked.chain(of_servers.map(|address| unbound(address, true, true))).collect(),
        of_servers,
    })
}

/// The resolver of a source, of so many; none where the protocol's servers have one address.
pub(super) fn resolver_of(scenario: &Scenario, protocol: Protocol, source: u32, sources: u32) -> Option<Ipv4Addr> {
    scenario.cluster.zone(scenario.service(protocol.name())?)?;
    let ends = resolvers(scenario)?.ends(u64::from(sources));
    Some(resolver(ends.partition_point(|end| *end <= u64::from(source)).min(ends.len() - 1)))
}
