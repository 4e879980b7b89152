//! The designs to choose from: configurations × tiers × counts × tiers of data server and backup, each with its price and
//! complexity.

use super::complexity::{Beside, Complexity};
use super::price::{Price, price};
use super::way::Way;
use crate::analytic::{Resource, offered};
use crate::scenario::{
    Cluster, Configuration, Directory, DirectoryKind, Node, Plan, Prefer, Prices, Role, Route, Scenario, Split, Tier,
};
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
    /// How many of them take mail and serve nobody who reads it, where services are split.
    pub for_mail: Option<ForMail>,
    /// What the data server is, where the configuration has one.
    pub data_tier: Option<Arc<Tier>>,
    /// What the backup is, where the configuration has one.
    pub backup_tier: Option<Arc<Tier>>,
    /// For each service, how its sessions find a node; none where there is no choice.
    pub routing: Option<Vec<Route>>,
    /// Whether a second switch stands by.
    pub pair: bool,
    /// Where users are looked up.
    pub directory: Arc<Directory>,
    /// Machines beside those, which the search leaves as the scenario has them: those that filter, and the database.
    pub others: Arc<[Node]>,
    /// What it costs, by its parts.
    pub price: Price,
    /// All of that.
    pub cost: Money,
    /// Points of complexity.
    pub complexity: u32,
}

/// The primaries that take mail, where services are split.
#[derive(Debug, Clone, PartialEq)]
pub struct ForMail {
    /// How many; at least one primary is left for those who read.
    pub primaries: u32,
    /// Which services run where.
    pub split: Arc<Split>,
}

impl Candidate {
    fn new(
        (configuration, tier, primaries): (Configuration, &Arc<Tier>, u32),
        for_mail: Option<ForMail>,
        (data_tier, backup_tier): (Option<&Arc<Tier>>, Option<&Arc<Tier>>),
        (way, others): &(Way, Arc<[Node]>),
        prices: &Prices,
    ) -> Candidate {
        let mut candidate = Candidate {
            id: String::new(),
            configuration,
            tier: Arc::clone(tier),
            primaries,
            for_mail,
            data_tier: data_tier.cloned(),
            backup_tier: backup_tier.cloned(),
            routing: way.routing.clone(),
            pair: way.pair,
            directory: Arc::clone(&way.directory),
            others: Arc::clone(others),
            price: Price::default(),
            cost: Money(0),
            complexity: 0,
        };
        candidate.id = candidate.name() + &way.name;
        let cluster = candidate.cluster();
        candidate.price = price(&cluster, candidate.beside(), prices);
        candidate.cost = candidate.price.total();
        candidate.complexity = Complexity::of(&cluster, candidate.beside()).total();
        candidate
    }

    /// What it has that no node shows.
    fn beside(&self) -> Beside {
        Beside { pair: self.pair, database: self.directory.kind == DirectoryKind::Odbc }
    }

    /// What its machines are, in a name.
    fn name(&self) -> String {
        let count = match &self.for_mail {
            None => self.primaries.to_string(),
            Some(own) => format!("{}+{}", own.primaries, self.primaries - own.primaries),
        };
        let mut name = format!("{}/{count}x {}", self.configuration.name(), self.tier.name);
        for (role, tier) in [("data", &self.data_tier), ("backup", &self.backup_tier)] {
            if let Some(tier) = tier {
                name += &format!("/{role} {}", tier.name);
            }
        }
        name
    }

    /// The cluster with every node up.
    #[must_use]
    pub fn cluster(&self) -> Cluster {
        let routing = self.routing.clone();
        let data = self.data_tier.as_ref();
        let mut cluster = match (&self.for_mail, data) {
            (Some(own), Some(data)) => {
                let sides = (own.primaries, self.primaries - own.primaries);
                Cluster::split(&own.split, &self.tier, sides, data, routing)
            }
            (Some(_), None) | (None, _) => Cluster::of(self.configuration, &self.tier, self.primaries, data, routing),
        };
        if let Some(tier) = &self.backup_tier {
            cluster = cluster.with_backup(tier);
        }
        cluster.nodes.extend(self.others.iter().cloned());
        cluster
    }

    /// The people and the mail of a scenario on it.
    #[must_use]
    pub fn of(&self, scenario: &Scenario) -> Scenario {
        Scenario {
            switch_pair: self.pair.then(|| scenario.switch_pair.unwrap_or_default()),
            directory: (*self.directory).clone(),
            ..scenario.on(self.cluster())
        }
    }

    /// Machines, with the data server, the backup, and those that the search leaves as they are.
    #[must_use]
    pub fn nodes(&self) -> u32 {
        let beside = u32::from(self.data_tier.is_some()) + u32::from(self.backup_tier.is_some());
        self.primaries + beside + self.others.len() as u32
    }

    /// What distributes the sessions, if anything does.
    #[must_use]
    pub fn balancer(&self) -> Option<&'static str> {
        let cluster = self.cluster();
        match (cluster.has_dns(), cluster.has_switch(), cluster.has_nlb()) {
            (false, false, false) => None,
            (false, true, false) if self.pair => Some("switch-pair"),
            (false, true, false) => Some("switch"),
            (false, false, true) => Some("nlb"),
            (false, true, true) if self.pair => Some("switch-pair, nlb"),
            (false, true, true) => Some("switch, nlb"),
            (true, false, false) => Some("round-robin-dns"),
            (true, true, _) if self.pair => Some("round-robin-dns, switch-pair"),
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
#[must_use]
pub fn enumerate(scenario: &Scenario, plan: &Plan) -> Vec<Candidate> {
    let (balanced, alone) = (Way::all(scenario, plan, true), Way::all(scenario, plan, false));
    let part = plan.split.as_ref().map(|split| (mail_part(scenario, plan, split), Arc::new(split.clone())));
    let mut candidates = Vec::new();
    for configuration in &plan.configurations {
        let data_tiers = either(configuration.has_data_server(), &plan.data_tiers);
        let backup_tiers = either(configuration.needs_backup(), &plan.backup_tiers);
        for tier in &plan.tiers {
            for primaries in counts(*configuration, plan.most_primaries) {
                let for_mail = part.as_ref().filter(|_| *configuration == Configuration::ServiceSpecific);
                let for_mail = for_mail.map(|(part, split)| ForMail {
                    primaries: on_the_side(*part, primaries),
                    split: Arc::clone(split),
                });
                // Two servers that serve different people leave nobody a choice.
                let has_choice = if for_mail.is_some() { primaries > 2 } else { configuration.is_balanced() };
                let what = (*configuration, tier, primaries);
                for beside in data_tiers.iter().flat_map(|data| backup_tiers.iter().map(|backup| (*data, *backup))) {
                    let ways = if has_choice { &balanced } else { &alone };
                    let with = |way| Candidate::new(what, for_mail.clone(), beside, way, &scenario.prices);
                    candidates.extend(ways.iter().map(with));
                }
            }
        }
    }
    candidates
}

/// Each of them where there is such a machine, else once none.
fn either(is_there: bool, tiers: &[Arc<Tier>]) -> Vec<Option<&Arc<Tier>>> {
    if is_there { tiers.iter().map(Some).collect() } else { vec![None] }
}

/// Numbers of primaries that make sense: one alone, two where the configuration has two, or at least two to share the load.
fn counts(configuration: Configuration, most: u32) -> RangeInclusive<u32> {
    match configuration {
        Configuration::StandAlone | Configuration::PrimaryWithBackup | Configuration::PrimaryWithDataAndBackup => 1..=1,
        Configuration::DualPrimaries => 2..=most.min(2),
        Configuration::MultiplePrimaries | Configuration::ServiceSpecific => 2..=most,
    }
}

/// The part of the primaries' CPU work that taking mail is; half of it where there is none.
///
/// The primaries of configuration 6 are of one tier, and their number is split in proportion to the work: any other split
/// of the same number has a busier side.
fn mail_part(scenario: &Scenario, plan: &Plan, split: &Split) -> f64 {
    let (Some(tier), Some(data)) = (plan.tiers.first(), plan.data_tiers.first()) else { return 0.5 };
    let mut cluster = Cluster::split(split, tier, (1, 1), data, None);
    cluster.nodes.extend(scenario.cluster.of_role(Role::Filter).map(|index| scenario.cluster.nodes[index].clone()));
    let load = offered(&scenario.on(cluster));
    let work = |node| load.station(node, Resource::Cpu).map_or(0.0, |station| station.by_sessions);
    let (mail, all) = (work(0), work(0) + work(1));
    if all > 0.0 { mail / all } else { 0.5 }
}

/// So many of these primaries, at least one on each side.
fn on_the_side(part: f64, primaries: u32) -> u32 {
    ((part * f64::from(primaries)).round() as u32).clamp(1, primaries - 1)
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
        // 8 tiers alone, with a backup, and as a pair; with 3 data servers; and of these 2 to 12, balanced and split.
        assert_eq!(candidates.len(), 3 * 8 + 8 * 3 + 2 * 8 * 11 * 3);
        let named = |id: &str| candidates.iter().any(|candidate| candidate.id == id);
        assert!(named("primary-with-backup/1x piii-600/backup piii-300"));
        assert!(named("primary-with-data-and-backup/1x piii-600/data piii-1000-raid/backup piii-300"));
        assert!(named("dual-primaries/2x piii-600"));
        let id = "multiple-primaries/3x dual-piii-1000/data dual-piii-1000-raid";
        let one = candidates.iter().find(|candidate| candidate.id == id).unwrap();
        assert_eq!(one.cost, Money((3 * 3_500 + 9_500) * 100 + Prices::built_in().switch.0));
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
            // How many take mail depends on what the filter costs.
            if before.for_mail.is_none() {
                assert_eq!(before.id, after.id);
            }
            assert_eq!(before.nodes() + 3, after.nodes());
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
