//! How complex a design is, so that the simplest one that performs as well can be preferred.
//!
//! The white paper names four parts: implementation cost, reliance on standards, other systems affected, and operating
//! effort. Each element of a design gets points for each part; the points are judgement, not measurement, and only
//! their order matters: one server is simplest, a further machine is a smaller step than a further kind of thing.

use crate::scenario::{Cluster, Configuration, Node, Role};
use std::sync::Arc;

/// The points of a design, by the white paper's four parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Complexity {
    /// Effort to build it.
    pub implementation: u32,
    /// How much works only if several parties keep to a standard.
    pub standards: u32,
    /// Systems outside of it that must change or can break with it.
    pub other_systems: u32,
    /// Effort to keep it running.
    pub operation: u32,
}

/// A machine: to be installed once, and to be patched and watched for ever. Of machines that are alike only each doubling
/// counts as one more: what is done to one of them is done to all by the same hand, and a farm of 89 is not simpler to run by
/// five machines less.
const MACHINE: Complexity = Complexity { implementation: 1, standards: 0, other_systems: 0, operation: 1 };

/// A mail store on another machine: a share that the primaries mount, with the locks of a network file system, which
/// must be there before the services start.
const SHARE: Complexity = Complexity { implementation: 2, standards: 1, other_systems: 1, operation: 2 };

/// A load-balancing switch: a device of its own kind, a virtual address in the network, and health checks to tend.
const SWITCH: Complexity = Complexity { implementation: 2, standards: 1, other_systems: 1, operation: 2 };

/// Network Load Balancing: no device, but an adapter with a shared address on every host, port rules that must agree, and a
/// network that carries every inbound packet to all of them.
const NLB: Complexity = Complexity { implementation: 1, standards: 0, other_systems: 1, operation: 1 };

/// A switch that stands by: to be kept alike, and a protocol between the two by which one takes over (VRRP).
const PAIR: Complexity = Complexity { implementation: 1, standards: 1, other_systems: 0, operation: 1 };

/// A directory in a database: a server of another kind with its driver on every primary, and a schema that others change.
const DATABASE: Complexity = Complexity { implementation: 1, standards: 1, other_systems: 1, operation: 1 };

/// Addresses of one name that take turns: nothing to build but a few records, and every resolver and client between here
/// and the people must do what is expected with them.
const ROTATION: Complexity = Complexity { implementation: 1, standards: 1, other_systems: 1, operation: 1 };

/// A backup: a second MX record that senders must heed, a queue that must be told where mail goes, and spam that prefers it.
const BACKUP: Complexity = Complexity { implementation: 1, standards: 1, other_systems: 0, operation: 1 };

/// Services with servers of their own: a name and an address for each, in everybody's settings, and two kinds of server to
/// look after.
const SPLIT: Complexity = Complexity { implementation: 1, standards: 0, other_systems: 1, operation: 1 };

/// A further kind of machine: other drivers, images and spare parts.
const KIND: Complexity = Complexity { implementation: 0, standards: 0, other_systems: 0, operation: 1 };

/// What a design has that none of its nodes shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beside {
    /// A second switch that stands by.
    pub pair: bool,
    /// A directory in a database.
    pub database: bool,
}

impl Complexity {
    /// The complexity of a cluster, with what stands beside it.
    #[must_use]
    pub fn of(cluster: &Cluster, beside: Beside) -> Complexity {
        let machines = alike(cluster).into_iter().map(steps).sum();
        let shares = u32::from(cluster.shares_store());
        let (switches, nlb) = (u32::from(cluster.has_switch()), u32::from(cluster.has_nlb()));
        let splits = u32::from(cluster.configuration == Configuration::ServiceSpecific);
        let backups = cluster.of_role(Role::Backup).count() as u32;
        let parts = [
            (&MACHINE, machines),
            (&KIND, kinds(cluster) - 1),
            (&SHARE, shares),
            (&BACKUP, backups),
            (&SPLIT, splits),
            (&ROTATION, u32::from(cluster.has_dns())),
            (&SWITCH, switches),
            (&PAIR, switches * u32::from(beside.pair)),
            (&NLB, nlb),
            (&DATABASE, u32::from(beside.database)),
        ];
        let sum = |part: fn(&Complexity) -> u32| parts.iter().map(|(points, number)| part(points) * number).sum();
        Complexity {
            implementation: sum(|c| c.implementation),
            standards: sum(|c| c.standards),
            other_systems: sum(|c| c.other_systems),
            operation: sum(|c| c.operation),
        }
    }

    /// All points.
    #[must_use]
    pub fn total(self) -> u32 {
        self.implementation + self.standards + self.other_systems + self.operation
    }
}

/// How many machines there are of each kind that do the same.
fn alike(cluster: &Cluster) -> Vec<u32> {
    let mut groups: Vec<(&Node, u32)> = Vec::new();
    for node in &cluster.nodes {
        let same = |known: &Node| {
            (known.role, &known.services, &known.tier.name) == (node.role, &node.services, &node.tier.name)
        };
        match groups.iter_mut().find(|(known, _)| same(known)) {
            Some((_, number)) => *number += 1,
            None => groups.push((node, 1)),
        }
    }
    groups.into_iter().map(|(_, number)| number).collect()
}

/// 1, 2, 3, 3, 4, 4, 4, 4, 5 for one to nine machines: one, and one more for each doubling.
fn steps(machines: u32) -> u32 {
    1 + machines.next_power_of_two().trailing_zeros()
}

/// How many kinds of machine there are, at least one.
fn kinds(cluster: &Cluster) -> u32 {
    let is_first = |(index, node): &(usize, &Node)| {
        !cluster.nodes[..*index]
            .iter()
            .any(|known| Arc::ptr_eq(&known.tier, &node.tier) || known.tier.name == node.tier.name)
    };
    cluster.nodes.iter().enumerate().filter(is_first).count().max(1) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Hardware, Route};

    #[test]
    fn one_server_is_simplest_and_a_machine_is_a_smaller_step_than_a_further_kind_of_thing() {
        let tier = Arc::new(Hardware::built_in().tier("piii-1000").unwrap());
        let alone = Complexity::of(&Cluster::of(Configuration::StandAlone, &tier, 1, None, None), Beside::default());
        let of = |count| {
            let routing = Some(vec![Route::IN_TURN]);
            Complexity::of(
                &Cluster::of(Configuration::MultiplePrimaries, &tier, count, Some(&tier), routing),
                Beside::default(),
            )
        };
        assert_eq!([alone.total(), of(2).total(), of(3).total()], [2, 18, 20]);
        assert_eq!([of(4).total(), of(5).total(), of(84).total(), of(89).total()], [20, 22, 30, 30]);
        let with_backup = Cluster::of(Configuration::PrimaryWithBackup, &tier, 1, None, None).with_backup(&tier);
        assert_eq!(Complexity::of(&with_backup, Beside::default()).total(), 7, "two machines and a backup");
        assert_eq!(alone, MACHINE);
        assert_eq!(of(2), Complexity { implementation: 7, standards: 2, other_systems: 2, operation: 7 });
    }
}
