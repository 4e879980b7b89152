//! The source addresses that client groups appear from.

use crate::random::{Key, Purpose};
use crate::scenario::Scenario;

/// The sub-key of a session that its address is drawn from.
const ADDRESS: u64 = 3;

/// The addresses of each client group: where they begin, and how many there are.
///
/// Assumptions: the addresses of a group follow one another, as a provider's do, and begin at a multiple of 256; every
/// session comes from any of them alike. Where they begin hangs on the name of the group and the seed, and is the same in
/// every replication: a cluster has its proxies once.
pub(in crate::cluster) struct Addresses(Vec<(u32, u64)>);

impl Addresses {
    pub(in crate::cluster) fn new(scenario: &Scenario) -> Addresses {
        let of = |group: &crate::scenario::ClientGroup| {
            let key = Key::new(scenario.seed, 0, Purpose::Routing, &format!("addresses of {}", group.name));
            ((key.stream().below(1 << 24) << 8) as u32, group.addresses)
        };
        Addresses(scenario.groups.iter().map(of).collect())
    }

    /// Where those of the group begin.
    pub(in crate::cluster) fn first(&self, group: usize) -> u32 {
        self.0[group].0
    }

    /// From where a session of the group comes.
    pub(in crate::cluster) fn of(&self, group: usize, session: Key) -> u32 {
        let (first, number) = self.0[group];
        first.wrapping_add(session.at(ADDRESS).stream().below(number) as u32)
    }
}

/// The address of a node of the cluster, when it calls another one.
pub(in crate::cluster) fn of_node(node: u32) -> u32 {
    const PRIVATE: u32 = 10 << 24;
    PRIVATE + node
}
