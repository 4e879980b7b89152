//! How a session finds its node.

mod addresses;
mod domains;
mod fastest;
mod hashing;
mod in_turn;
mod nlb;
mod ports;
mod ranking;
mod remembered;
mod smooth;
mod switch;

pub(super) use addresses::{Addresses, of_node};
pub(super) use domains::Domains;
pub(super) use in_turn::InTurn;
pub(super) use ports::port;

use crate::scenario::{Cluster, Route};
use crate::units::Time;
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
    /// They themselves.
    Nlb(Box<Nlb>),
}

impl Balancers {
    pub(super) fn new(cluster: &Cluster, services: usize) -> Balancers {
        let of = |service: usize| {
            let nodes: Vec<u32> = cluster.servers(service).map(|node| node as u32).collect();
            let route = cluster.routing.as_ref().and_then(|routing| routing.get(service));
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

    /// The node for a session of the service, which has a connection there from now on; none when there is no other
    /// address than those that have failed.
    pub(super) fn choose(&mut self, service: usize, visitor: &Visitor, now: Time) -> Option<u32> {
        if visitor.tries > 0 {
            return None;
        }
        Some(self.0[service].by.choose(visitor, now))
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
        match &mut self.0[service].by {
            Balancer::One(_) | Balancer::Nlb(_) => {}
            Balancer::Switch(switch) => switch.join(node),
        }
    }

    /// A connection is closed.
    pub(super) fn leave(&mut self, service: usize, node: u32) {
        match &mut self.0[service].by {
            Balancer::One(_) | Balancer::Nlb(_) => {}
            Balancer::Switch(switch) => switch.leave(node),
        }
    }

    /// A session has been served.
    pub(super) fn answered(&mut self, service: usize, node: u32, response: Time, now: Time) {
        match &mut self.0[service].by {
            Balancer::One(_) | Balancer::Nlb(_) => {}
            Balancer::Switch(switch) => switch.answered(node, response, now),
        }
    }
}

impl Balancer {
    /// A balancer of these nodes.
    fn new(cluster: &Cluster, nodes: Vec<u32>, route: &Route) -> Balancer {
        match (nodes.as_slice(), route) {
            ([one], _) => Balancer::One(*one),
            (_, Route::Switch(design)) => Balancer::Switch(Box::new(Switch::new(cluster, nodes, design))),
            (_, Route::Nlb(design)) => Balancer::Nlb(Box::new(Nlb::new(cluster, &nodes, design))),
        }
    }

    fn choose(&mut self, visitor: &Visitor, now: Time) -> u32 {
        match self {
            Balancer::One(node) => *node,
            Balancer::Switch(switch) => switch.choose(visitor, now),
            Balancer::Nlb(nlb) => nlb.choose(visitor),
        }
    }

    fn again(&mut self, visitor: &Visitor, node: u32) -> u32 {
        match self {
            Balancer::One(_) => node,
            Balancer::Switch(switch) => switch.before(node).again(visitor, node),
            Balancer::Nlb(nlb) => nlb.choose(visitor),
        }
    }

    fn converge(&mut self, hosts: &[u32], members: &[u32]) {
        match self {
            Balancer::One(_) => {}
            Balancer::Switch(switch) => switch.targets().for_each(|within| within.converge(hosts, members)),
            Balancer::Nlb(nlb) => nlb.converge(hosts, members),
        }
    }
}
