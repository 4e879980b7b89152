//! Network Load Balancing: which host keeps a client's packets. All of them compute the same, so nobody has to ask.

use super::Visitor;
use super::hashing::bucket;
use crate::scenario::buckets::dealt;
use crate::scenario::{Affinity, Cluster, Nlb as Design};

/// The buckets of one service in one cluster, and who has them.
pub(super) struct Nlb {
    affinity: Affinity,
    hosts: Vec<u32>,
    /// By host: what it takes in proportion to.
    weights: Vec<u32>,
    /// By bucket: the node.
    owners: Vec<u32>,
}

impl Nlb {
    pub(super) fn new(cluster: &Cluster, hosts: &[u32], design: &Design) -> Nlb {
        let weights: Vec<u32> = hosts.iter().map(|host| design.weight(&cluster.nodes[*host as usize])).collect();
        let counts = dealt(design.buckets, &weights);
        let own = hosts.iter().zip(counts).flat_map(|(host, count)| std::iter::repeat_n(*host, count as usize));
        Nlb { affinity: design.affinity, owners: own.collect(), hosts: hosts.to_vec(), weights }
    }

    /// Any of its hosts.
    pub(super) fn first(&self) -> u32 {
        self.hosts[0]
    }

    /// The host that has the visitor's bucket.
    pub(super) fn choose(&self, visitor: &Visitor) -> u32 {
        let (address, port) = match self.affinity {
            Affinity::None => (visitor.address, visitor.port),
            Affinity::Single => (visitor.address, 0),
            Affinity::ClassC => (visitor.address & 0xffff_ff00, 0),
        };
        self.owners[bucket(address, port, self.owners.len())]
    }

    /// The members of a cluster have agreed anew, if it is this one. No more buckets move than have to: who has too many
    /// gives some up, and they and those of who has left go to who has too few. Where nobody is left who takes any, they stay.
    pub(super) fn converge(&mut self, cluster: &[u32], members: &[u32]) {
        if !cluster.contains(&self.hosts[0]) {
            return;
        }
        let weight = |(host, weight): (&u32, &u32)| if members.contains(host) { *weight } else { 0 };
        let weights: Vec<u32> = self.hosts.iter().zip(&self.weights).map(weight).collect();
        let mut due = dealt(self.owners.len() as u32, &weights);
        if due.iter().all(|due| *due == 0) {
            return;
        }
        let place = |owner: u32| self.hosts.iter().position(|host| *host == owner);
        let mut free = Vec::new();
        for (bucket, owner) in self.owners.iter().enumerate() {
            match place(*owner).filter(|host| due[*host] > 0) {
                Some(host) => due[host] -= 1,
                None => free.push(bucket),
            }
        }
        let lacking = due.iter().zip(&self.hosts).flat_map(|(due, host)| std::iter::repeat_n(*host, *due as usize));
        free.into_iter().zip(lacking).for_each(|(bucket, host)| self.owners[bucket] = host);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::nlb::Terms;
    use crate::scenario::{Configuration, Hardware};
    use crate::units::{Bytes, Time};
    use std::collections::BTreeMap;
    use std::sync::Arc;

    fn design(affinity: Affinity) -> Design {
        let terms = Terms {
            heartbeat: Time::from_secs(1),
            heartbeats_missed: 5,
            convergence: Time::from_secs(3),
            filter_cpu: Time::ZERO,
            packet: Bytes(1_460),
        };
        Design { affinity, buckets: 60, weights: BTreeMap::new(), even: false, terms }
    }

    fn of(hosts: u32, affinity: Affinity) -> Nlb {
        let tier = Arc::new(Hardware::built_in().tier("piii-1000").unwrap());
        let cluster = Cluster::of(Configuration::MultiplePrimaries, &tier, hosts, Some(&tier), None);
        Nlb::new(&cluster, &(0..hosts).collect::<Vec<_>>(), &design(affinity))
    }

    fn from(address: u32, port: u16) -> Visitor {
        Visitor { chance: 0.5, address, port, domain: 0, tries: 0, group: None, sends_mail: false, answer: None }
    }

    #[test]
    fn affinity_says_what_of_a_client_counts() {
        let differs = |affinity: Affinity, a: Visitor, b: Visitor| {
            let nlb = of(8, affinity);
            // One pair may fall on the same host by chance, a hundred cannot.
            (0..100).any(|i| {
                let moved = |v: Visitor| Visitor { address: v.address.wrapping_add(i << 8), ..v };
                nlb.choose(&moved(a)) != nlb.choose(&moved(b))
            })
        };
        let (port, address, network) = (from(256, 2_000), from(257, 1_024), from(512, 1_024));
        let base = from(256, 1_024);
        for (affinity, by) in [
            (Affinity::None, [true, true, true]),
            (Affinity::Single, [false, true, true]),
            (Affinity::ClassC, [false, false, true]),
        ] {
            let found = [port, address, network].map(|other| differs(affinity, base, other));
            assert_eq!(found, by, "{}", affinity.name());
        }
    }

    #[test]
    fn no_more_buckets_move_than_have_to() {
        let mut nlb = of(8, Affinity::Single);
        let all: Vec<u32> = (0..8).collect();
        let before = nlb.owners.clone();
        let counts =
            |nlb: &Nlb| all.iter().map(|host| nlb.owners.iter().filter(|o| *o == host).count()).collect::<Vec<_>>();
        nlb.converge(&[20, 21], &[20]);
        assert_eq!(nlb.owners, before, "another cluster");
        nlb.converge(&all, &[0, 1, 2, 4, 5, 6, 7]);
        assert_eq!(counts(&nlb), [9, 9, 9, 0, 9, 8, 8, 8]);
        let moved = |a: &[u32], b: &[u32]| a.iter().zip(b).filter(|(a, b)| a != b).count();
        assert_eq!(moved(&before, &nlb.owners), 8, "those of the one that has left");
        let without = nlb.owners.clone();
        nlb.converge(&all, &all);
        assert_eq!(counts(&nlb), [8, 8, 8, 8, 7, 7, 7, 7]);
        assert_eq!(moved(&without, &nlb.owners), 8, "as many come back");
        nlb.converge(&all, &[]);
        assert_eq!(counts(&nlb), [8, 8, 8, 8, 7, 7, 7, 7], "nobody is left to take them");
    }

    #[test]
    fn sources_fall_on_hosts_as_the_buckets_do() {
        let nlb = of(8, Affinity::Single);
        let mut counts = [0_u32; 8];
        (0..600_000).for_each(|address| counts[nlb.choose(&from(0x0a00_0000 + address, 0)) as usize] += 1);
        for (host, count) in counts.iter().enumerate() {
            let due = if host < 4 { 80_000.0 } else { 70_000.0 };
            // A binomial number: a standard deviation of 263.
            assert!((f64::from(*count) - due).abs() < 4.0 * 263.0, "{host}: {count}");
        }
    }
}
