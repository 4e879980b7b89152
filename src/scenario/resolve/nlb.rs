//! Network Load Balancing: the port rule of each service, and what the hosts of a cluster agree on.

use super::Origin;
use super::people::People;
use super::settings::Ledger;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, Affinity, File};
use crate::scenario::nlb::{MOST_HOSTS, Nlb, Terms};
use crate::scenario::route::Route;
use crate::scenario::source::Source;
use crate::scenario::topology::Cluster;
use crate::units::{Bytes, Time};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use toml::Spanned;

/// Unless the scenario says otherwise, as Microsoft has it (`wlbsprov`: affinity "single"; Technet cc962166: `AliveMsgPeriod`
/// of 1000 ms, `AliveMsgTolerance` of 5, each with its range; KB Q232997: about three seconds of convergence).
const AFFINITY: Affinity = Affinity::Single;
const HEARTBEAT: Time = Time::from_secs(1);
const MISSED: u32 = 5;
const CONVERGENCE: Time = Time::from_secs(3);
/// The number that is commonly given; no text of Microsoft's that we could read has it.
const BUCKETS: u32 = 60;
/// Assumption: 100 Mbit/s are 8600 full packets a second, and take 4 % of a Pentium III at 1000 MHz.
const FILTER_CPU: Time = Time(5_000);
/// What is left of 1500 bytes of Ethernet without the headers of IP and TCP.
const PACKET: Bytes = Bytes(1_460);

const HEARTBEATS: RangeInclusive<Time> = Time::from_millis(100)..=Time::from_secs(10);
const MISSES: RangeInclusive<u32> = 5..=100;
const CONVERGENCES: RangeInclusive<Time> = Time::ZERO..=Time::from_secs(3_600);
/// At least one for each host.
const MANY_BUCKETS: RangeInclusive<u32> = MOST_HOSTS as u32..=65_536;
const FILTER_CPUS: RangeInclusive<Time> = Time::ZERO..=Time::from_secs(1);
const PACKETS: RangeInclusive<u64> = 64..=65_536;
const WEIGHTS: RangeInclusive<u32> = 0..=256;

/// The port rule whose keys begin so, over these hosts.
pub(super) fn resolve<'a>(
    source: &Source,
    key: &str,
    written: &file::Nlb,
    hosts: impl Iterator<Item = &'a str> + Clone,
    ledger: &mut Ledger,
) -> Result<Nlb, ScenarioError> {
    let key = |leaf: &str| format!("{key}.{leaf}");
    let affinity =
        ledger.take(&key("affinity"), written.affinity.as_ref(), AFFINITY, |affinity| affinity.name().to_owned());
    let mut within = |leaf: &str, written: &Option<Spanned<u32>>, default, range: &RangeInclusive<u32>| {
        in_range(source, leaf, written.as_ref(), range)?;
        let own = written.as_ref().map(|own| *own.get_ref());
        Ok(ledger.take(&key(leaf), own.as_ref(), default, u32::to_string))
    };
    let buckets = within("buckets", &written.buckets, BUCKETS, &MANY_BUCKETS)?;
    let heartbeats_missed = within("heartbeats_missed", &written.heartbeats_missed, MISSED, &MISSES)?;
    let mut time = |leaf: &str, written: &Option<Spanned<Time>>, default, range: &RangeInclusive<Time>| {
        in_range(source, leaf, written.as_ref(), range)?;
        let own = written.as_ref().map(|own| *own.get_ref());
        Ok(ledger.take(&key(leaf), own.as_ref(), default, Time::to_string))
    };
    let heartbeat = time("heartbeat", &written.heartbeat, HEARTBEAT, &HEARTBEATS)?;
    let convergence = time("convergence", &written.convergence, CONVERGENCE, &CONVERGENCES)?;
    let filter_cpu = time("filter_cpu", &written.filter_cpu, FILTER_CPU, &FILTER_CPUS)?;
    let packet = written.packet.as_ref().map(|packet| *packet.get_ref());
    if let Some(own) = written.packet.as_ref().filter(|own| !PACKETS.contains(&own.get_ref().0)) {
        let message = format!(
            "`packet` is `{}`; it must be between `{} B` and `{} B`",
            own.get_ref(),
            PACKETS.start(),
            PACKETS.end()
        );
        return Err(source.error(own.span(), message));
    }
    let packet = ledger.take(&key("packet"), packet.as_ref(), PACKET, Bytes::to_string);
    let mut weights = BTreeMap::new();
    for (name, weight) in &written.weights {
        if !hosts.clone().any(|host| host == name.get_ref()) {
            return Err(source.error(name.span(), unknown("host", name.get_ref(), hosts)));
        }
        in_range(source, name.get_ref(), Some(weight), &WEIGHTS)?;
        ledger.note(&key(&format!("weights.{}", name.get_ref())), weight.get_ref().to_string(), Origin::File);
        weights.insert(name.get_ref().clone(), *weight.get_ref());
    }
    let terms = Terms { heartbeat, heartbeats_missed, convergence, filter_cpu, packet };
    Ok(Nlb { affinity, buckets, weights, even: false, terms })
}

/// The port rule of a service about which a scenario says nothing.
pub(super) fn usual() -> Nlb {
    let (heartbeat, heartbeats_missed, convergence) = (HEARTBEAT, MISSED, CONVERGENCE);
    let terms = Terms { heartbeat, heartbeats_missed, convergence, filter_cpu: FILTER_CPU, packet: PACKET };
    Nlb { affinity: AFFINITY, buckets: BUCKETS, weights: BTreeMap::new(), even: false, terms }
}

/// Whether so many sources come to a service that the parts of its sessions are those of the buckets.
pub(super) fn is_even(nlb: &Nlb, people: &People, service: usize) -> bool {
    let groups = people.groups.iter().map(|group| (group.share, group.addresses));
    nlb.affinity.is_even(groups) && !is_called(people, service)
}

fn in_range<T: PartialOrd + Display>(
    source: &Source,
    leaf: &str,
    written: Option<&Spanned<T>>,
    range: &RangeInclusive<T>,
) -> Result<(), ScenarioError> {
    let Some(own) = written.filter(|own| !range.contains(own.get_ref())) else { return Ok(()) };
    let message =
        format!("`{leaf}` is `{}`; it must be between `{}` and `{}`", own.get_ref(), range.start(), range.end());
    Err(source.error(own.span(), message))
}

/// What only all services together show: whether the hosts of a cluster can work as one.
pub(super) fn agree(source: &Source, file: &File, cluster: &mut Cluster, people: &People) -> Result<(), ScenarioError> {
    let Some(mut routes) = cluster.routing.take() else { return Ok(()) };
    for (service, route) in routes.iter_mut().enumerate() {
        if let Some(nlb) = route.nlb_mut() {
            nlb.even = is_even(nlb, people, service);
        }
    }
    cluster.routing = Some(routes);
    let clusters = cluster.nlb_clusters();
    for (service, route) in cluster.routing.iter().flatten().enumerate() {
        let Some(nlb) = route.nlb() else { continue };
        let name = &people.services[service].name;
        let table = file.routing.keys().find(|table| table.get_ref() == name);
        let table = table.or_else(|| file.routing.keys().find(|table| table.get_ref() == "default"));
        let complain = |message: String| Err(source.error(table.map_or(0..0, Spanned::span), message));
        for group in route.groups(cluster.servers(service).collect()) {
            if group.iter().all(|host| nlb.weight(&cluster.nodes[*host]) == 0) {
                let first = &cluster.nodes[group[0]].name;
                return complain(format!(
                    "every host that could take the sessions of `{name}` is blocked; give one of them a weight above 0, \
                     for example `{first}`"
                ));
            }
            let Some(whole) = clusters.iter().find(|cluster| cluster.hosts.contains(&group[0])) else { continue };
            let hosts = whole.hosts.len();
            if hosts > MOST_HOSTS {
                return complain(too_many(table.map_or("default", |table| table.get_ref()), route, hosts));
            }
            if whole.terms != nlb.terms {
                return complain(format!(
                    "hosts that `{name}` shares with another service are one cluster, and agree on `heartbeat`, \
                     `heartbeats_missed`, `convergence`, `filter_cpu` and `packet`; write the same for both"
                ));
            }
        }
    }
    Ok(())
}

fn too_many(table: &str, route: &Route, hosts: usize) -> String {
    let remedy = if matches!(route, Route::Switch(_)) {
        "write more `clusters`".to_owned()
    } else {
        let clusters = hosts.div_ceil(MOST_HOSTS);
        format!(
            "put a switch in front of {clusters}: `within = {{ clusters = {clusters}, nlb = {{}} }}` in `[routing.{table}.switch]`"
        )
    };
    format!("a cluster of Network Load Balancing has at most {MOST_HOSTS} hosts, not {hosts}; {remedy}")
}

/// Whether nodes come to the service on behalf of another one: they are few.
fn is_called(people: &People, service: usize) -> bool {
    let calls = |index: &usize, of: usize| {
        let operation = &people.operations[*index];
        let called = operation.calls.iter().map(|called| people.operations[*called].service);
        of != service && called.chain([operation.service]).any(|called| called == service)
    };
    people.streams.iter().any(|stream| stream.operations.iter().any(|index| calls(index, stream.service)))
}
