//! What Network Load Balancing costs: every host receives every inbound packet of its cluster, and looks at it.
//!
//! A message on its way to one host is on the inbound links of all others as well, as a transfer that nobody waits for. What
//! the CPUs take to look at packets is added up for the cluster and brought to each host in [lots](LOT). Replies leave directly
//! and concern nobody else; traffic with the data server, a database, filters and between hosts has addresses of its own.
//! Packets without a message count for the CPU and not for the links.

use super::event::Event;
use super::faults::Condition;
use super::node::Token;
use super::program::Step;
use super::session::Job;
use super::world::World;
use crate::engine::{Agenda, Id};
use crate::scenario::nlb::{LOT, Terms};
use crate::scenario::{Scenario, Times};
use crate::units::{Bytes, Time};

/// The clusters whose hosts filter.
pub(super) struct Floods {
    /// By node: its cluster.
    of_node: Vec<Option<u32>>,
    /// By service: whether its sessions come to an address that hosts share.
    shared: Vec<bool>,
    clusters: Vec<Flood>,
}

struct Flood {
    hosts: Vec<u32>,
    terms: Terms,
    /// Filtering that has not been brought to the hosts, in nanoseconds of the reference core.
    pending_ns: f64,
}

impl Floods {
    /// None where no host filters.
    pub(super) fn new(scenario: &Scenario) -> Option<Box<Floods>> {
        let (cluster, services) = (&scenario.cluster, scenario.services.len());
        let clusters = cluster.nlb_clusters();
        let of = |node: usize| clusters.iter().position(|flood| flood.hosts.contains(&node)).map(|flood| flood as u32);
        let route = |service: usize| cluster.route(service);
        (!clusters.is_empty()).then(|| {
            Box::new(Floods {
                of_node: (0..cluster.nodes.len()).map(of).collect(),
                shared: (0..services)
                    .map(|service| route(service).is_some_and(|route| route.nlb().is_some()))
                    .collect(),
                clusters: clusters
                    .iter()
                    .map(|cluster| Flood {
                        hosts: cluster.hosts.iter().map(|host| *host as u32).collect(),
                        terms: cluster.terms,
                        pending_ns: 0.0,
                    })
                    .collect(),
            })
        })
    }

    /// The cluster that receives what sessions of a service send to a host.
    fn reached(&mut self, service: usize, host: u32) -> Option<&mut Flood> {
        let cluster = self.of_node[host as usize].filter(|_| self.shared[service])?;
        Some(&mut self.clusters[cluster as usize])
    }
}

impl World<'_> {
    /// How a service of a node meets who comes. Where hosts share an address a machine that is down refuses nobody: the
    /// packets that are for it reach the others too, who keep silent.
    pub(super) fn met_at(&mut self, node: u32, service: usize) -> Condition {
        let condition = self.faults.condition(node, service).max(self.faults.switch_before(service));
        if condition == Condition::Refuses
            && self.faults.machine(node) == Condition::Refuses
            && self.floods.as_mut().is_some_and(|floods| floods.reached(service, node).is_some())
        {
            return Condition::Silent;
        }
        condition
    }

    /// A client opens a connection to a host, and will close it.
    pub(super) fn flood_with_connection(&mut self, service: usize, host: u32, now: Time, agenda: &mut Agenda<Event>) {
        if let Some(flood) = self.floods.as_mut().and_then(|floods| floods.reached(service, host)) {
            let packets = flood.terms.packets_of_connection();
            self.filter(service, host, packets, now, agenda);
        }
    }

    /// A step begins: what of it comes in reaches every host.
    pub(super) fn flood(&mut self, id: Id<Job>, index: usize, step: Step, now: Time, agenda: &mut Agenda<Event>) {
        if !matches!(step, Step::FromClient | Step::TakeIn | Step::GiveOut) {
            return;
        }
        let Some(floods) = &mut self.floods else { return };
        let (job, operation) = (&self.jobs[id], &self.scenario.operations[index]);
        let called = operation.is_called_by(self.scenario.streams[job.stream as usize].service);
        if operation.at_filter_tier || (called && job.site == job.node) {
            return;
        }
        let (service, host, size) = (operation.service, job.site, job.size);
        let Some(flood) = floods.reached(service, host) else { return };
        let moves = operation.times != Times::Once;
        let packets = match step {
            Step::FromClient => f64::from(operation.round_trips),
            Step::TakeIn if moves => flood.terms.packets_in(size as f64),
            Step::GiveOut if moves => flood.terms.packets_for(size as f64),
            _ => return,
        };
        if step == Step::TakeIn {
            let faults = &self.faults;
            let works = |other: &&u32| **other != host && faults.node(**other) == Condition::Up;
            for other in flood.hosts.iter().filter(works) {
                if let Some(link) = &mut self.machines[*other as usize].link_in {
                    link.carry(now, Token::Housekeeping, Bytes(size), agenda);
                }
            }
        }
        self.filter(service, host, packets, now, agenda);
    }

    /// Every host looks at packets on their way to one of them.
    fn filter(&mut self, service: usize, host: u32, packets: f64, now: Time, agenda: &mut Agenda<Event>) {
        let Some(flood) = self.floods.as_mut().and_then(|floods| floods.reached(service, host)) else { return };
        flood.pending_ns += packets * flood.terms.filter_cpu.0 as f64;
        if flood.pending_ns < LOT.0 as f64 {
            return;
        }
        let pending_s = std::mem::take(&mut flood.pending_ns) / 1e9;
        for host in flood.hosts.iter().filter(|host| self.faults.node(**host) == Condition::Up) {
            let machine = &mut self.machines[*host as usize];
            let demand = Time::from_ns_f64(pending_s * machine.ns_per_reference_s);
            machine.cpu.arrive(now, Token::Housekeeping, demand, agenda);
        }
    }
}
