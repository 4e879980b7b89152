//! How a session finds its node.

mod addresses;
mod cache;
mod chooser;
mod decisions;
mod dns;
mod domains;
mod fastest;
mod hashing;
mod in_turn;
mod nlb;
mod pins;
mod pool;
mod ports;
mod ranking;
mod remembered;
mod smooth;
mod switch;
mod turns;
mod versions;

pub(super) use addresses::{Addresses, of_node};
pub use decisions::Decisions;
pub(super) use dns::{Answer, Lookup};
pub(super) use domains::Domains;
pub(super) use in_turn::InTurn;
pub(super) use ports::port;

use super::dns::DnsObserved;
use crate::scenario::{Cluster, Route, Scenario};
use crate::units::Time;
use dns::Dns;
use nlb::Nlb;
use switch::Switch;

/// What a balancer can know of somebody who wants a node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Visitor {
    /// The session's own uniform number; not every algorithm uses it.
    pub(super) chance: f64,
    /// The source address; only looked at, and only filled in, where [`Balancers::reads_addresses`].
    pub(super) address: u32,
    /// The port at that address; the same with [`Balancers::reads_ports`].
    pub(super) port: u16,
    /// The domain that the session is for; the same with [`Balancers::reads_domains`].
    pub(super) domain: u64,
    /// Addresses that have failed to answer.
    pub(super) tries: u32,
    /// The client group; none for a node of the cluster that wants another one.
    pub(super) group: Option<u32>,
    /// Whether it is a mail server that sends: of equal addresses it takes any, whatever their order (RFC 5321, sec. 5.1).
    pub(super) sends_mail: bool,
    /// What DNS has told; none when nobody has asked yet.
    pub(super) answer: Option<Answer>,
}

/// How a node was taken out, or put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TakenOut {
    /// Nothing stands before it.
    Not,
    /// Of the pool of a switch.
    Pool,
    /// Of the zone: the nodes that answers from now on do not have any more, and those that they have again. The last
    /// address stays until there is another.
    Zone { left: Vec<u32>, came: Vec<u32> },
    /// It is a host that balances by itself, and has to be told.
    Host,
}

/// For each service, how its sessions find a node.
pub(super) struct Balancers(Vec<Reached>);

/// A service, and what a balancer of it wants to know.
struct Reached {
    by: Balancer,
    reads_addresses: bool,
    reads_ports: bool,
    reads_domains: bool,
}

/// What stands between clients and the nodes of a service.
enum Balancer {
    /// Nothing: there is one node.
    One(u32),
    /// A load-balancing switch.
    Switch(Box<Switch>),
    /// A name with several addresses.
    Dns(Box<Dns>),
    /// They themselves.
    Nlb(Box<Nlb>),
}

impl Balancers {
    pub(super) fn new(cluster: &Cluster, services: usize) -> Balancers {
        let of = |service: usize| {
            let nodes: Vec<u32> = cluster.servers(service).map(|node| node as u32).collect();
            let route = cluster.route(service);
            let route = route.filter(|_| nodes.len() > 1);
            Reached {
                reads_addresses: route.is_some_and(Route::reads_addresses),
                reads_ports: route.is_some_and(Route::reads_ports),
                reads_domains: route.is_some_and(Route::reads_domains),
                by: Balancer::new(cluster, nodes, route.unwrap_or(&Route::IN_TURN)),
            }
        };
        Balancers((0..services).map(of).collect())
    }

    /// Clients come, by their resolvers where there is DNS.
    pub(super) fn open(&mut self, scenario: &Scenario, replication: u64, addresses: &Addresses) {
        for (service, reached) in self.0.iter_mut().enumerate() {
            if let Balancer::Dns(dns) = &mut reached.by {
                dns.open(scenario, service, replication, addresses);
            }
        }
    }

    /// Whether it has to be known from which address a session of the service comes.
    pub(super) fn reads_addresses(&self, service: usize) -> bool {
        self.0[service].reads_addresses
    }

    /// Whether it has to be known from which port.
    pub(super) fn reads_ports(&self, service: usize) -> bool {
        self.0[service].reads_ports
    }

    /// Whether it has to be known for which domain a session of the service is.
    pub(super) fn reads_domains(&self, service: usize) -> bool {
        self.0[service].reads_domains
    }

    /// Whether the service is found by DNS.
    pub(super) fn have_names(&self, service: usize) -> bool {
        matches!(self.0[service].by, Balancer::Dns(_))
    }

    /// The lookup of a service that is found by DNS; none when nobody answers it.
    pub(super) fn look_up(
        &mut self,
        service: usize,
        visitor: &Visitor,
        zone_answers: bool,
        now: Time,
    ) -> Option<Lookup> {
        match &mut self.0[service].by {
            Balancer::One(_) | Balancer::Switch(_) | Balancer::Nlb(_) => None,
            Balancer::Dns(dns) => dns.look_up(visitor, zone_answers, now),
        }
    }

    /// The node for a session of the service, which has a connection there from now on; none when there is no other
    /// address than those that have failed.
    pub(super) fn choose(&mut self, service: usize, visitor: &Visitor, now: Time) -> Option<u32> {
        self.0[service].by.choose(visitor, now)
    }

    /// Where the packets of somebody go who has sent some to this node already: to another one if hosts have agreed anew.
    pub(super) fn again(&mut self, service: usize, visitor: &Visitor, node: u32) -> u32 {
        self.0[service].by.again(visitor, node)
    }

    /// Hosts that balance by themselves have agreed on who of them belongs to their cluster.
    pub(super) fn converge(&mut self, hosts: &[u32], members: &[u32]) {
        self.0.iter_mut().for_each(|reached| reached.by.converge(hosts, members));
    }

    /// One connection more at a node that was chosen already.
    pub(super) fn join(&mut self, service: usize, node: u32) {
        if let Some(switch) = self.0[service].by.switch_of(node) {
            switch.join(node);
        }
    }

    /// A connection is closed.
    pub(super) fn leave(&mut self, service: usize, node: u32) {
        if let Some(switch) = self.0[service].by.switch_of(node) {
            switch.leave(node);
        }
    }

    /// One connection more at any node: the first, whatever is known of it.
    pub(super) fn join_any(&mut self, service: usize) -> u32 {
        self.0[service].by.join_any()
    }

    /// Another node for somebody who met nobody at this one; the same where there is no other.
    pub(super) fn redispatch(&mut self, service: usize, visitor: &Visitor, from: u32, now: Time) -> u32 {
        self.switch_of(service, from).map_or(from, |switch| switch.redispatch(visitor, from, now))
    }

    /// Whether a switch will send somebody where he was before.
    pub(super) fn knows(&mut self, service: usize, visitor: &Visitor, now: Time) -> bool {
        match &mut self.0[service].by {
            Balancer::Switch(switch) => switch.knows(visitor, now),
            Balancer::One(_) | Balancer::Dns(_) | Balancer::Nlb(_) => false,
        }
    }

    /// Whether somebody whom a node gave no connection is free to go elsewhere, and whether there is an elsewhere; `is_known`: he
    /// came to it as he was there before.
    pub(super) fn frees(&mut self, service: usize, node: u32, is_known: bool) -> (bool, bool) {
        let of = |switch: &mut Switch| (switch.frees(node, is_known), switch.has_choice());
        self.switch_of(service, node).map_or((false, false), of)
    }

    /// A node of the service was found down, or up again.
    pub(super) fn mark(&mut self, service: usize, node: u32, up: bool) {
        if let Some(switch) = self.switch_of(service, node) {
            switch.mark(node, up);
        }
    }

    /// The monitor takes a node of the service out, or puts it back, at the last thing that stands before it.
    pub(super) fn take_out(&mut self, service: usize, node: u32, out: bool, now: Time) -> TakenOut {
        self.0[service].by.take_out(node, out, now)
    }

    /// So many hundredths of the weight of a node count while it warms up.
    pub(super) fn warm(&mut self, service: usize, node: u32, part: u32) {
        if let Some(switch) = self.switch_of(service, node) {
            switch.warm(node, part);
        }
    }

    /// A node of the service takes nobody new, or takes all again.
    pub(super) fn drain(&mut self, service: usize, node: u32, drains: bool) {
        if let Some(switch) = self.switch_of(service, node) {
            switch.drain(node, drains);
        }
    }

    /// A node of the service says how much of its weight should count, in hundredths; [`Balancers::settle`] follows.
    pub(super) fn report(&mut self, service: usize, node: u32, part: u32) {
        if let Some(switch) = self.switch_of(service, node) {
            switch.report(node, part);
        }
    }

    /// All nodes of the service have reported.
    pub(super) fn settle(&mut self, service: usize) {
        self.0[service].by.settle();
    }

    /// The switch before a node of the service, if it chooses among nodes and not among clusters of them.
    fn switch_of(&mut self, service: usize, node: u32) -> Option<&mut Switch> {
        self.0[service].by.switch_of(node).filter(|switch| switch.stands_before_nodes())
    }

    /// A session has been served.
    pub(super) fn answered(&mut self, service: usize, node: u32, response: Time, now: Time) {
        if let Some(switch) = self.0[service].by.switch_of(node) {
            switch.answered(node, response, now);
        }
    }

    /// What is observed of DNS starts anew.
    pub(super) fn reset(&mut self, now: Time) {
        for reached in &mut self.0 {
            if let Balancer::Dns(dns) = &mut reached.by {
                dns.reset(now);
            }
        }
    }

    /// What was observed of DNS, by service.
    pub(super) fn observed(&mut self, now: Time) -> Vec<Option<DnsObserved>> {
        let of = |reached: &mut Reached| match &mut reached.by {
            Balancer::Dns(dns) => Some(dns.observed(now)),
            Balancer::One(_) | Balancer::Switch(_) | Balancer::Nlb(_) => None,
        };
        self.0.iter_mut().map(of).collect()
    }
}

impl Balancer {
    /// A balancer of these nodes.
    fn new(cluster: &Cluster, nodes: Vec<u32>, route: &Route) -> Balancer {
        match (nodes.as_slice(), route) {
            ([one], _) => Balancer::One(*one),
            (_, Route::Switch(design)) => Balancer::Switch(Box::new(Switch::new(cluster, nodes, design))),
            (_, Route::RoundRobinDns(zone)) => Balancer::Dns(Box::new(Dns::new(cluster, &nodes, zone))),
            (_, Route::Nlb(design)) => Balancer::Nlb(Box::new(Nlb::new(cluster, &nodes, design))),
        }
    }

    fn choose(&mut self, visitor: &Visitor, now: Time) -> Option<u32> {
        match self {
            Balancer::Dns(dns) => dns.choose(visitor, now),
            Balancer::One(_) | Balancer::Switch(_) | Balancer::Nlb(_) if visitor.tries > 0 => None,
            Balancer::One(node) => Some(*node),
            Balancer::Switch(switch) => switch.choose(visitor, now),
            Balancer::Nlb(nlb) => Some(nlb.choose(visitor)),
        }
    }

    fn again(&mut self, visitor: &Visitor, node: u32) -> u32 {
        match self {
            Balancer::One(_) => node,
            Balancer::Switch(switch) => switch.before(node).again(visitor, node),
            Balancer::Dns(dns) => dns.before(node).again(visitor, node),
            Balancer::Nlb(nlb) => nlb.choose(visitor),
        }
    }

    fn converge(&mut self, hosts: &[u32], members: &[u32]) {
        match self {
            Balancer::One(_) => {}
            Balancer::Switch(switch) => switch.targets().for_each(|within| within.converge(hosts, members)),
            Balancer::Dns(dns) => dns.each().for_each(|within| within.converge(hosts, members)),
            Balancer::Nlb(nlb) => nlb.converge(hosts, members),
        }
    }

    fn take_out(&mut self, node: u32, out: bool, now: Time) -> TakenOut {
        match self {
            Balancer::One(_) => TakenOut::Not,
            Balancer::Nlb(_) => TakenOut::Host,
            Balancer::Switch(switch) => match switch.before(node) {
                Balancer::One(_) => {
                    switch.take_out(node, out);
                    TakenOut::Pool
                }
                within => within.take_out(node, out, now),
            },
            Balancer::Dns(dns) => match dns.before(node) {
                Balancer::One(_) => dns.edit(node, out, now),
                within => within.take_out(node, out, now),
            },
        }
    }

    fn join_any(&mut self) -> u32 {
        match self {
            Balancer::One(node) => *node,
            Balancer::Switch(switch) => switch.join_any(),
            Balancer::Dns(dns) => dns.first().join_any(),
            Balancer::Nlb(nlb) => nlb.first(),
        }
    }

    /// The switch before a node.
    fn switch_of(&mut self, node: u32) -> Option<&mut Switch> {
        match self {
            Balancer::One(_) | Balancer::Nlb(_) => None,
            Balancer::Switch(switch) => Some(switch),
            Balancer::Dns(dns) => dns.before(node).switch_of(node),
        }
    }

    fn settle(&mut self) {
        match self {
            Balancer::One(_) | Balancer::Nlb(_) => {}
            Balancer::Switch(switch) => switch.settle(),
            Balancer::Dns(dns) => dns.each().for_each(Balancer::settle),
        }
    }
}
