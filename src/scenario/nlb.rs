//! Network Load Balancing: hosts that share an address, and filter for themselves.

use super::buckets::dealt;
use super::file::Affinity;
use super::topology::{Cluster, Node};
use crate::units::{Bytes, Time};
use std::collections::BTreeMap;

/// The most hosts of one cluster (Microsoft, NLB key features).
pub const MOST_HOSTS: usize = 32;

/// Packets of a client that opens and closes a connection: SYN, ACK, FIN, ACK.
const CONNECTION: f64 = 4.0;

/// Filtering is brought to a CPU in lots of this much of the reference core, and not packet by packet: at 5 us each, 200
/// packets. What is lost is when exactly within that a packet was looked at, and nothing of the load.
pub const LOT: Time = Time::from_millis(1);

/// So many sources that the buckets' parts are those of the sessions: each host's differs by less than 0.3 % then, since a
/// part `p` of `n` sources has a relative standard deviation of `√((1/p − 1)/n)`, with 60 hosts at most 0.25 %.
const MANY_SOURCES: f64 = 1e7;

/// Ports that a client's system chooses from: all but those that are set aside (RFC 6335). Assumption: alike.
pub const PORTS: std::ops::Range<u64> = 1_024..65_536;

/// How the clients of a service are divided among the hosts, a port rule, and the terms of the cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Nlb {
    /// What of a client decides.
    pub affinity: Affinity,
    /// How many buckets there are.
    pub buckets: u32,
    /// The hosts whose weight on this port is not that of the node, by name.
    pub weights: BTreeMap<String, u32>,
    /// Whether so many sources come that the parts of the sessions are those of the buckets.
    pub even: bool,
    /// What all services of a cluster have in common.
    pub terms: Terms,
}

/// What the hosts of a cluster have agreed on, whatever the port.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// How often a host tells the others that it lives.
    pub heartbeat: Time,
    /// After how many that did not come it counts as dead.
    pub heartbeats_missed: u32,
    /// How long the hosts take to agree on who has which bucket.
    pub convergence: Time,
    /// What a host takes to look at a packet, on the reference core.
    pub filter_cpu: Time,
    /// Bytes of a message in one packet.
    pub packet: Bytes,
}

/// Hosts that share an address.
#[derive(Debug, Clone, PartialEq)]
pub struct NlbCluster {
    /// The nodes.
    pub hosts: Vec<usize>,
    /// What they have agreed on.
    pub terms: Terms,
}

impl Affinity {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Affinity::None => "none",
            Affinity::Single => "single",
            Affinity::ClassC => "class-c",
        }
    }

    /// How many different sources so many addresses are.
    fn sources(self, addresses: u64) -> f64 {
        match self {
            Affinity::None => addresses as f64 * (PORTS.end - PORTS.start) as f64,
            Affinity::Single => addresses as f64,
            Affinity::ClassC => addresses.div_ceil(256) as f64,
        }
    }

    /// Whether the sources of these parts of the sessions, each with its number of addresses, are many enough. Parts of few
    /// addresses count more by the square, as in the variance of the whole.
    #[must_use]
    pub fn is_even(self, groups: impl Iterator<Item = (f64, u64)>) -> bool {
        let variance: f64 = groups.map(|(share, addresses)| share * share / self.sources(addresses)).sum();
        variance <= 1.0 / MANY_SOURCES
    }
}

impl Nlb {
    /// What a host takes in proportion to.
    #[must_use]
    pub fn weight(&self, node: &Node) -> u32 {
        self.weights.get(&node.name).copied().unwrap_or(node.weight)
    }

    /// The part of the buckets that each of these hosts has.
    #[must_use]
    pub fn parts(&self, cluster: &Cluster, hosts: &[usize]) -> Vec<f64> {
        let weights: Vec<u32> = hosts.iter().map(|host| self.weight(&cluster.nodes[*host])).collect();
        dealt(self.buckets, &weights).iter().map(|count| f64::from(*count) / f64::from(self.buckets)).collect()
    }
}

/// Inbound packets, on average: as many as the bytes fill, and half a one for the last, which is not full. Linear in the
/// bytes, so that the mean is that of a message of mean size.
impl Terms {
    /// To open and to close a connection.
    #[must_use]
    pub fn packets_of_connection(&self) -> f64 {
        CONNECTION
    }

    /// Of a message that comes in.
    #[must_use]
    pub fn packets_in(&self, bytes: f64) -> f64 {
        bytes / self.packet.0 as f64 + 0.5
    }

    /// That acknowledge a message that goes out: one for two packets (RFC 1122, 4.2.3.2).
    #[must_use]
    pub fn packets_for(&self, bytes: f64) -> f64 {
        self.packets_in(bytes) / 2.0
    }
}

impl Cluster {
    /// Hosts that share an address, in the order of their first nodes. Services that share a host share the cluster: a host
    /// is in one. One node alone is none.
    #[must_use]
    pub fn nlb_clusters(&self) -> Vec<NlbCluster> {
        let mut clusters: Vec<NlbCluster> = Vec::new();
        for (service, route) in self.routing.iter().flatten().enumerate() {
            let Some(nlb) = route.nlb() else { continue };
            for mut hosts in route.groups(self.servers(service).collect()) {
                let shares = |cluster: &NlbCluster| cluster.hosts.iter().any(|host| hosts.contains(host));
                let (shared, apart): (Vec<_>, Vec<_>) = clusters.into_iter().partition(shares);
                hosts.extend(shared.into_iter().flat_map(|cluster| cluster.hosts));
                hosts.sort_unstable();
                hosts.dedup();
                clusters = apart;
                clusters.push(NlbCluster { hosts, terms: nlb.terms });
            }
        }
        clusters.retain(|cluster| cluster.hosts.len() > 1);
        clusters.sort_by_key(|cluster| cluster.hosts[0]);
        clusters
    }
}
