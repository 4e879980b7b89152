//! A load-balancing switch: one virtual address, and an algorithm for each service.

use crate::scenario::{Algorithm, Cluster};

/// Chooses a primary for each new session; where a service has one node, there is no choice and no switch.
pub(in crate::cluster) struct Switch(Vec<Pool>);

/// The nodes of one service.
struct Pool {
    nodes: Vec<u32>,
    algorithm: Algorithm,
    /// Whose turn it is.
    turn: usize,
}

impl Switch {
    pub(in crate::cluster) fn new(cluster: &Cluster, services: usize) -> Switch {
        let algorithm = |service: usize| cluster.routing.as_ref().and_then(|routing| routing.get(service).copied());
        let pool = |service: usize| Pool {
            nodes: cluster.servers(service).map(|node| node as u32).collect(),
            algorithm: algorithm(service).unwrap_or(Algorithm::RoundRobin),
            turn: 0,
        };
        Switch((0..services).map(pool).collect())
    }

    /// The node for a session of the service. `chance` is the session's own uniform number; not every algorithm uses it.
    pub(in crate::cluster) fn choose(&mut self, service: usize, chance: f64) -> u32 {
        let Pool { nodes, algorithm, turn } = &mut self.0[service];
        let chosen = match algorithm {
            Algorithm::RoundRobin => {
                let chosen = *turn;
                *turn = if chosen + 1 == nodes.len() { 0 } else { chosen + 1 };
                chosen
            }
            Algorithm::Random => ((chance * nodes.len() as f64) as usize).min(nodes.len() - 1),
        };
        nodes[chosen]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Configuration, Hardware};
    use std::sync::Arc;

    fn cluster(primaries: u32, algorithms: &[Algorithm]) -> Cluster {
        let tier = Arc::new(Hardware::built_in().tier("piii-1000").unwrap());
        Cluster::of(Configuration::MultiplePrimaries, &tier, primaries, Some(&tier), Some(algorithms.to_vec()))
    }

    #[test]
    fn round_robin_takes_turns_within_each_service() {
        let mut switch = Switch::new(&cluster(3, &[Algorithm::RoundRobin, Algorithm::RoundRobin]), 2);
        let first: Vec<u32> = (0..4).map(|_| switch.choose(0, 0.9)).collect();
        assert_eq!((first, switch.choose(1, 0.9)), (vec![0, 1, 2, 0], 0));
    }

    #[test]
    fn random_splits_the_unit_interval_evenly() {
        let mut switch = Switch::new(&cluster(4, &[Algorithm::Random]), 1);
        let chosen: Vec<u32> = [0.0, 0.24, 0.26, 0.74, 0.76, 1.0].iter().map(|u| switch.choose(0, *u)).collect();
        assert_eq!(chosen, [0, 0, 1, 2, 3, 3]);
    }

    #[test]
    fn a_service_of_one_node_is_always_there_and_one_of_two_takes_turns_among_its_own() {
        let mut cluster = cluster(3, &[Algorithm::RoundRobin, Algorithm::RoundRobin]);
        for (node, services) in [vec![0], vec![1], vec![1]].into_iter().enumerate() {
            cluster.nodes[node].services = Some(services);
        }
        let mut switch = Switch::new(&cluster, 2);
        let chosen: Vec<u32> = [0, 1, 0, 1, 1].iter().map(|service| switch.choose(*service, 0.5)).collect();
        assert_eq!(chosen, [0, 1, 0, 2, 1]);
    }
}
