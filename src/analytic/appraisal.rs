//! What can be said about a scenario without simulating it: its load, how many users each resource could serve, and the
//! same with one primary down.

use super::effort::{Effort, effort};
use super::{Load, Settling, Station, offered, settling};
use crate::scenario::{Cluster, Scenario};

/// The analytic answer to a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Appraisal {
    /// With every node up.
    pub normal: Load,
    /// Without the last primary that can be missed; none when every one of them is needed.
    pub one_down: Option<OneDown>,
    /// The warm-up, and whether the window suffices.
    pub settling: Settling,
    /// How much there is to simulate.
    pub effort: Effort,
}

/// The cluster without the last primary that can be missed.
#[derive(Debug, Clone, PartialEq)]
pub struct OneDown {
    /// The name of the missing node.
    pub without: String,
    /// What is left.
    pub cluster: Cluster,
    /// The load on what is left.
    pub load: Load,
}

/// Appraises a scenario.
#[must_use]
pub fn appraise(scenario: &Scenario) -> Appraisal {
    let without = scenario.cluster.expendable().map(|index| scenario.cluster.nodes[index].name.clone());
    let one_down = scenario.cluster.one_primary_down().zip(without).map(|(cluster, without)| {
        let load = offered(&scenario.on(cluster.clone()));
        OneDown { without, cluster, load }
    });
    let settling = settling(scenario);
    Appraisal { normal: offered(scenario), one_down, effort: effort(scenario, &settling), settling }
}

impl Station {
    /// How many users would fill this resource, if `users` bring the load that it has now and every stream grew alike.
    /// Housekeeping stays what it is. None where the users bring it nothing. No fewer than this where the utilisation is an
    /// upper bound.
    #[must_use]
    pub fn supported_users(&self, users: u64) -> Option<u64> {
        if users == 0 || self.by_sessions <= 0.0 {
            return None;
        }
        let housekeeping = self.utilisation - self.by_sessions;
        Some((users as f64 * (1.0 - housekeeping).max(0.0) / self.by_sessions) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::Resource;
    use crate::scenario::{Hardware, load};

    const REGIONAL: &str = include_str!("../../scenarios/regional-isp.toml");

    #[test]
    fn as_many_users_as_are_supported_fill_the_resource() {
        let scenario = load("x.toml", REGIONAL, &[], &Hardware::built_in()).unwrap();
        let normal = appraise(&scenario).normal;
        let binding = normal.binding().unwrap();
        let users = binding.supported_users(scenario.users).unwrap();
        let option = format!("population.subscribers.users={users}").parse().unwrap();
        let full = load("x.toml", REGIONAL, &[option], &Hardware::built_in()).unwrap();
        let station = *appraise(&full).normal.station(binding.node, binding.resource).unwrap();
        assert!((0.999..=1.0).contains(&station.utilisation), "{}", station.utilisation);
    }

    #[test]
    fn housekeeping_leaves_less_room_for_users() {
        let station = Station {
            node: 0,
            resource: Resource::Cpu,
            jobs_per_s: 1.0,
            service_s: 0.5,
            cv2: 1.0,
            servers: 1,
            utilisation: 0.5,
            bound: crate::analytic::Bound::Exact,
            firm: 0.5,
            by_sessions: 0.25,
        };
        assert_eq!(station.supported_users(1_000), Some(3_000));
        assert_eq!(station.supported_users(0), None);
        assert_eq!(Station { utilisation: 1.5, ..station }.supported_users(1_000), Some(0));
        assert_eq!(Station { by_sessions: 0.0, ..station }.supported_users(1_000), None);
    }

    #[test]
    fn the_others_carry_the_load_of_the_one_that_is_down() {
        let scenario = load("x.toml", REGIONAL, &[], &Hardware::built_in()).unwrap();
        let appraisal = appraise(&scenario);
        let down = appraisal.one_down.unwrap();
        assert_eq!(down.without, "primary-3");
        let cpu = |load: &Load| load.station(0, Resource::Cpu).unwrap().by_sessions;
        assert!((cpu(&down.load) / cpu(&appraisal.normal) - 1.5).abs() < 1e-9);
    }
}
