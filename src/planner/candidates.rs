//! The designs to choose from: configurations × tiers × counts × data tiers, each with its price and complexity.

use super::complexity::Complexity;
use super::price::price;
use crate::scenario::{Cluster, Configuration, Node, Plan, Prefer, Role, Route, Scenario, Tier};
use crate::units::Money;
use std::cmp::Ordering;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// A cluster that could be bought.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Stable name, such as `multiple-primaries/3x dual-piii-1000/data dual-piii-1000-raid`.
    pub id: String,
    /// Which of the white paper's configurations.
    pub configuration: Configuration,
    /// What the primaries are.
    pub tier: Arc<Tier>,
    /// How many there are.
    pub primaries: u32,
    /// What the data server is, where the configuration has one.
    pub data_tier: Option<Arc<Tier>>,
    /// For each service, how its sessions find a node; none where there is no choice.
    pub routing: Option<Vec<Route>>,
    /// Machines beside those, which the search leaves as the scenario has them: those that filter, and the database.
    pub others: Arc<[Node]>,
    /// Price of the machines and the switch.
    pub cost: Money,
    /// Points of complexity.
    pub complexity: u32,
}

impl Candidate {
    fn new(
        configuration: Configuration,
        tier: &Arc<Tier>,
        primaries: u32,
        data_tier: Option<&Arc<Tier>>,
        routing: Option<Vec<Route>>,
        others: &Arc<[Node]>,
    ) -> Candidate {
        let data = data_tier.map_or_else(String::new, |tier| format!("/data {}", tier.name));
        let mut candidate = Candidate {
            id: format!("{}/{primaries}x {}{data}", configuration.name(), tier.name),
            configuration,
            tier: Arc::clone(tier),
            primaries,
            data_tier: data_tier.cloned(),
            routing,
            others: Arc::clone(others),
            cost: Money(0),
            complexity: 0,
        };
        let cluster = candidate.cluster();
        candidate.cost = price(&cluster);
        candidate.complexity = Complexity::of(&cluster).total();
        candidate
    }

    /// The cluster with every node up.
    #[must_use]
    pub fn cluster(&self) -> Cluster {
        let routing = self.routing.clone();
        let mut cluster = Cluster::of(self.configuration, &self.tier, self.primaries, self.data_tier.as_ref(), routing);
        cluster.nodes.extend(self.others.iter().cloned());
        cluster
    }

    /// Machines, with the data server and those that the search leaves as they are.
    #[must_use]
    pub fn nodes(&self) -> u32 {
        self.primaries + u32::from(self.data_tier.is_some()) + self.others.len() as u32
    }

    /// What distributes the sessions, if anything does.
    #[must_use]
    pub fn balancer(&self) -> Option<&'static str> {
        let cluster = self.cluster();
        match (cluster.has_dns(), cluster.has_switch(), cluster.has_nlb()) {
            (false, false, false) => None,
            (false, true, false) => Some("switch"),
            (false, false, true) => Some("nlb"),
            (false, true, true) => Some("switch, nlb"),
            (true, false, false) => Some("round-robin-dns"),
            (true, true, _) => Some("round-robin-dns, switch"),
            (true, false, true) => Some("round-robin-dns, nlb"),
        }
    }

    /// How it chooses: one name, or one for each service where they differ.
    #[must_use]
    pub fn algorithm(&self, scenario: &Scenario) -> Option<String> {
        let routing = self.routing.as_ref()?;
        let first = routing.first()?;
        if routing.iter().all(|route| route.name() == first.name()) {
            return Some(first.name().to_owned());
        }
        let each = scenario.services.iter().zip(routing);
        Some(each.map(|(service, own)| format!("{} {}", service.name, own.name())).collect::<Vec<_>>().join(", "))
    }
}

/// Every candidate of a plan.
///
/// The switch chooses as the scenario's own routing says, or in turn where the scenario has none.
#[must_use]
pub fn enumerate(scenario: &Scenario, plan: &Plan) -> Vec<Candidate> {
    let in_turn = || vec![Route::IN_TURN; scenario.services.len()];
    let stays = |node: &&Node| matches!(node.role, Role::Filter | Role::Database | Role::NameServer);
    let others = scenario.cluster.nodes.iter().filter(stays);
    let others: Arc<[Node]> = others.cloned().collect();
    let mut candidates = Vec::new();
    for configuration in &plan.configurations {
        let routing = configuration.is_balanced().then(|| scenario.cluster.routing.clone().unwrap_or_else(in_turn));
        let data_tiers: Vec<Option<&Arc<Tier>>> = match configuration.has_data_server() {
            true => plan.data_tiers.iter().map(Some).collect(),
            false => vec![None],
        };
        for tier in &plan.tiers {
            for primaries in counts(*configuration, plan.most_primaries) {
                let with = |data: &Option<&Arc<Tier>>| {
                    Candidate::new(*configuration, tier, primaries, *data, routing.clone(), &others)
                };
                candidates.extend(data_tiers.iter().map(with));
            }
        }
    }
    candidates
}

/// Numbers of primaries that make sense: one alone, or at least two to share the load.
fn counts(configuration: Configuration, most: u32) -> RangeInclusive<u32> {
    if configuration.is_balanced() { 2..=most } else { 1..=1 }
}

/// The order in which candidates are preferred by what they cost and ask of people.
pub(super) fn ahead(prefer: Prefer) -> impl Fn(&Candidate, &Candidate) -> Ordering {
    move |a, b| {
        let (complexity, cost) = (a.complexity.cmp(&b.complexity), a.cost.cmp(&b.cost));
        match prefer {
            Prefer::Simplest => complexity.then(cost),
            Prefer::Cheapest => cost.then(complexity),
        }
    }
}

/// The same, and then by name, so that no two are equal.
pub fn in_order_of(prefer: Prefer) -> impl Fn(&Candidate, &Candidate) -> Ordering {
    let ahead = ahead(prefer);
    move |a, b| ahead(a, b).then_with(|| a.id.cmp(&b.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planner::SWITCH;
    use crate::scenario::{Hardware, load};

    const REGIONAL: &str = include_str!("../../scenarios/regional-isp.toml");

    fn regional(options: &[&str]) -> Scenario {
        let options: Vec<_> = options.iter().map(|option| option.parse().unwrap()).collect();
        load("regional-isp.toml", REGIONAL, &options, &Hardware::built_in()).unwrap()
    }

    #[test]
    fn names_prices_and_numbers_are_those_of_the_plan() {
        let scenario = regional(&[]);
        let candidates = enumerate(&scenario, scenario.plan.as_ref().unwrap());
        // 8 alone; 8 tiers × 2 to 12 primaries × 3 data tiers.
        assert_eq!(candidates.len(), 8 + 8 * 11 * 3);
        let id = "multiple-primaries/3x dual-piii-1000/data dual-piii-1000-raid";
        let one = candidates.iter().find(|candidate| candidate.id == id).unwrap();
        assert_eq!(one.cost, Money((3 * 3_500 + 9_500) * 100 + SWITCH.0));
        assert_eq!((one.nodes(), one.balancer()), (4, Some("switch")));
        assert_eq!(one.algorithm(&scenario).as_deref(), Some("round-robin"));
        let mut ids: Vec<&str> = candidates.iter().map(|candidate| candidate.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), candidates.len());
    }

    #[test]
    fn machines_that_filter_and_the_database_stay_as_they_are() {
        let plain = regional(&[]);
        let more = regional(&[
            "filter={ antivirus = { cpu = \"1 s\", place = \"filter-tier\" } }",
            "service={ pop3 = { operation = { login = { lookups = 1 } } } }",
            "cluster.directory=\"odbc\"",
            "node={ primary = { tier = \"piii-1000\" }, data = { tier = \"piii-1000-raid\" }, \
             filter = { tier = \"piii-1000\", count = 2 }, database = { tier = \"piii-600\" } }",
        ]);
        let (before, after) = [&plain, &more].map(|s| enumerate(s, s.plan.as_ref().unwrap())).into();
        assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            assert_eq!((&before.id, before.nodes() + 3), (&after.id, after.nodes()));
            assert_eq!(after.cost, Money(before.cost.0 + (2 * 2_500 + 1_500) * 100));
        }
    }

    #[test]
    fn services_with_algorithms_of_their_own_are_told_apart() {
        let scenario = regional(&["routing.smtp.switch.algorithm=\"random\""]);
        let candidates = enumerate(&scenario, scenario.plan.as_ref().unwrap());
        let algorithm = candidates.last().unwrap().algorithm(&scenario);
        assert_eq!(algorithm.as_deref(), Some("pop3 round-robin, smtp random"));
    }

    #[test]
    fn preference_orders_by_complexity_or_by_cost_and_never_leaves_two_equal() {
        let scenario = regional(&[]);
        let mut candidates = enumerate(&scenario, scenario.plan.as_ref().unwrap());
        for prefer in [Prefer::Simplest, Prefer::Cheapest] {
            candidates.sort_by(in_order_of(prefer));
            let key = |candidate: &Candidate| match prefer {
                Prefer::Simplest => (u64::from(candidate.complexity), candidate.cost.0),
                Prefer::Cheapest => (candidate.cost.0, u64::from(candidate.complexity)),
            };
            assert!(candidates.is_sorted_by(|a, b| (key(a), &a.id) < (key(b), &b.id)));
        }
    }
}
