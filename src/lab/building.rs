//! The lab, built: networks, groups and servers, in the order in which they need each other.

use super::ground::Ground;
use super::host::group::{Group, Groups};
use super::host::{names, network, servers, sharing};
use super::job::{DOMAIN, Job, NAMES, Protocol, SWITCH};
use super::naming;
use std::net::Ipv4Addr;

/// The hosts beside the nodes, in their order: the switch, the name servers, the server that sends and the witness, where they
/// are.
pub(super) fn beside(job: &Job) -> impl Iterator<Item = &str> {
    let switch = job.haproxy.is_some().then_some(SWITCH);
    let names = job.names.is_some().then_some(NAMES);
    switch.into_iter().chain(names).chain(job.beside_nodes().map(|host| host.name.as_str()))
}

/// Hosts and servers; their groups in the order of the hosts, then those [`beside`] them.
///
/// # Errors
/// What could not be built, in the words of those who could not.
pub(super) fn build(job: &Job, groups: &Groups) -> Result<Vec<Group>, String> {
    // On loopback ports all addresses are there.
    let has_networks = job.ground == Ground::Bridge;
    let connect = |name: &str, place: usize, addresses: &[Ipv4Addr]| {
        if has_networks { network::host(name, place, addresses) } else { Ok(()) }
    };
    if has_networks {
        network::bridge(job.sources)?;
    }
    let mut built = Vec::new();
    for (place, host) in job.hosts.iter().enumerate() {
        connect(&host.name, place, &[host.address])?;
        built.push(groups.make(&host.name)?);
    }
    sharing::build(job)?;
    // One after the other would take as many seconds as there are nodes.
    let started = std::thread::scope(|scope| {
        let start = |(host, group)| scope.spawn(move || servers::start(host, group));
        let all: Vec<_> = job.hosts.iter().zip(&built).map(start).collect();
        all.into_iter()
            .map(|one| one.join().unwrap_or_else(|_| Err("a server can't be started".to_owned())))
            .collect::<Vec<_>>()
    });
    started.into_iter().collect::<Result<Vec<()>, String>>()?;
    for host in &job.hosts {
        servers::await_answers(host.address, &host.ports)?;
    }
    for (place, group) in built.iter().enumerate() {
        sharing::start(job, place, group, false)?;
    }
    let mut protocols: Vec<Protocol> = job.orders.iter().map(|order| order.protocol).collect();
    protocols.sort_unstable();
    protocols.dedup();
    if let Some(text) = &job.haproxy {
        let address = job.ground.switch();
        connect(SWITCH, built.len(), &[address])?;
        let group = groups.make(SWITCH)?;
        servers::start_switch(SWITCH, &job.load_cpus, &group, text)?;
        built.push(group);
        let is_behind = |protocol: &&Protocol| job.goes_to(address, **protocol);
        let ports: Vec<u16> = protocols.iter().filter(is_behind).map(|protocol| protocol.port()).collect();
        servers::await_answers(address, &ports)?;
    }
    if let Some(servers) = &job.names {
        let addresses = servers.resolvers.iter().map(|(address, _)| *address);
        connect(NAMES, built.len(), &[naming::SERVER].into_iter().chain(addresses).collect::<Vec<_>>())?;
        let group = groups.make(NAMES)?;
        names::start(NAMES, &job.load_cpus, &group, servers)?;
        built.push(group);
        let asked = protocols.iter().filter(|protocol| job.is_named(**protocol)).map(|protocol| protocol.host_name());
        for name in asked.chain([format!("ns.{DOMAIN}")]) {
            names::await_answers(servers, &name)?;
        }
        servers.of_servers.map_or(Ok(()), names::ask)?;
    }
    for host in job.beside_nodes() {
        connect(&host.name, built.len(), &[host.address])?;
        let group = groups.make(&host.name)?;
        servers::start(host, &group)?;
        servers::await_answers(host.address, &host.ports)?;
        built.push(group);
    }
    Ok(built)
}
