//! A load-balancing switch: one virtual address, and an algorithm for each service.

use crate::scenario::Algorithm;

/// Chooses a primary for each new session.
pub(in crate::cluster) struct Switch {
    primaries: u32,
    /// For each service: the algorithm, and the primary whose turn it is.
    services: Vec<(Algorithm, u32)>,
}

impl Switch {
    pub(in crate::cluster) fn new(primaries: usize, algorithms: &[Algorithm]) -> Switch {
        Switch { primaries: primaries as u32, services: algorithms.iter().map(|algorithm| (*algorithm, 0)).collect() }
    }

    /// The node for a session of the service. `chance` is the session's own uniform number; not every algorithm uses it.
    pub(in crate::cluster) fn choose(&mut self, service: usize, chance: f64) -> u32 {
        let (algorithm, turn) = &mut self.services[service];
        match algorithm {
            Algorithm::RoundRobin => {
                let chosen = *turn;
                *turn = if chosen + 1 == self.primaries { 0 } else { chosen + 1 };
                chosen
            }
            Algorithm::Random => ((chance * f64::from(self.primaries)) as u32).min(self.primaries - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_robin_takes_turns_within_each_service() {
        let mut switch = Switch::new(3, &[Algorithm::RoundRobin, Algorithm::RoundRobin]);
        let first: Vec<u32> = (0..4).map(|_| switch.choose(0, 0.9)).collect();
        assert_eq!((first, switch.choose(1, 0.9)), (vec![0, 1, 2, 0], 0));
    }

    #[test]
    fn random_splits_the_unit_interval_evenly() {
        let mut switch = Switch::new(4, &[Algorithm::Random]);
        let chosen: Vec<u32> = [0.0, 0.24, 0.26, 0.74, 0.76, 1.0].iter().map(|u| switch.choose(0, *u)).collect();
        assert_eq!(chosen, [0, 0, 1, 2, 3, 3]);
    }
}
