//! A design in figures: what is bought, how it does in each state, and what breaks first.

use super::curve::Supported;
use super::judged::{Judged, Test};
use super::limits::{Limit, limits};
use super::price::{PriceInUsd, not_in_cost};
use super::state::{Bench, State};
use super::study::Study;
use super::trial::Trial;
use super::usage::{Use, uses};
use crate::analytic::Bound;
use crate::experiment::LevelSummary;
use crate::scenario::{Plan, Scenario};
use crate::stats::Estimate;
use serde::Serialize;
use std::collections::BTreeMap;

/// A design that was chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Design {
    /// Its name in `candidates.csv`.
    pub candidate: String,
    /// Which of the white paper's configurations.
    pub configuration: &'static str,
    /// Every machine.
    pub nodes: Vec<DesignNode>,
    /// What the primaries are.
    pub tier: String,
    /// How many there are.
    pub primaries: u32,
    /// How many of them take mail, where services are split.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_primaries: Option<u32>,
    /// What the data server is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_tier: Option<String>,
    /// What the backup is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_tier: Option<String>,
    /// What distributes the sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balancer: Option<&'static str>,
    /// How it chooses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// Where users are looked up.
    pub directory: &'static str,
    /// Price of the machines and the switch.
    pub cost_usd: f64,
    /// What it is made of.
    pub price: PriceInUsd,
    /// What the price leaves out.
    pub not_in_cost: Vec<&'static str>,
    /// Points of complexity.
    pub complexity: u32,
    /// With every node up.
    pub normal: StateFigures,
    /// With one primary down; absent where nothing is left then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_primary_down: Option<StateFigures>,
    /// With one primary down that takes mail, where services are split and another one is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_mail_primary_down: Option<StateFigures>,
    /// The resource that reaches its limit first when the number of people grows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding: Option<Binding>,
    /// The one after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding_next: Option<Binding>,
    /// The most people for whom all of it holds, simulated; absent where nothing grows with them, or the search was stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supported: Option<Supported>,
    /// What one scripted failure of each of its parts does, the worst first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<Trial>,
    /// What stops the mail when it fails. No state of `survive` covers the data server or the switch.
    pub single_points_of_failure: Vec<String>,
}

/// A machine.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DesignNode {
    /// Its name.
    pub name: String,
    /// What it is there for.
    pub role: &'static str,
    /// What it is.
    pub tier: String,
}

/// How a design does in a state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StateFigures {
    /// The service levels at the plan's margin, simulated; absent where a resource can't keep up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelSummary>,
    /// By service, simulated.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub services: BTreeMap<String, Percentile>,
    /// By role and resource.
    pub utilisation: Vec<Utilisation>,
}

/// 95 % are below.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Percentile {
    /// As the client sees it, its own line included.
    pub response_p95_s: Estimate,
    /// The part of it at the cluster.
    pub server_p95_s: Estimate,
}

/// Offered load over capacity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Utilisation {
    /// Which nodes.
    pub role: &'static str,
    /// Which of their resources.
    pub resource: &'static str,
    /// How far it is used.
    pub utilisation_ratio: f64,
    /// Whether a simulation comes to this; otherwise it is an upper bound.
    pub exact: bool,
    /// And which way it may differ.
    #[serde(skip)]
    pub bound: Bound,
}

/// A resource that reaches its limit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Binding {
    /// Which nodes.
    pub role: &'static str,
    /// Which of their resources.
    pub resource: &'static str,
    /// When.
    pub state: State,
    /// How far it is used today.
    pub utilisation_ratio: f64,
    /// How far it may be used.
    pub limit_ratio: f64,
    /// The part of what it may be used that is left.
    pub residual_capacity_ratio: f64,
    /// How many times today's sessions bring it to the limit.
    pub growth_factor: f64,
    /// The people at that point; absent where there are only bare streams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users_supported: Option<u64>,
}

/// The figures of a candidate that was simulated.
pub(super) fn design(scenario: &Scenario, plan: &Plan, judged: &Judged, study: Option<&Study>) -> Design {
    let candidate = &judged.candidate;
    let cluster = candidate.cluster();
    let mut bench = Bench::new(scenario, plan);
    let mut used = |state| bench.put(candidate, state).map(|scenario| uses(scenario, state));
    let [normal, down, mail_down] = State::ALL.map(&mut used);
    let normal = normal.unwrap_or_default();
    let figures = |state, used: &[Use]| figures(judged.tests.iter().find(|test| test.state == state), used);
    let limits = limits(scenario, plan, candidate);
    let mut bound = limits.iter().filter(|limit| limit.growth_factor.is_finite());
    let binding = bound.next();
    // The same resource in another state would say nothing new.
    let next = binding.and_then(|first| bound.find(|next| (next.role, next.resource) != (first.role, first.resource)));
    let binding_of = |limit: &Limit| self::binding(scenario, limit);
    let points = cluster.single_points_of_failure().into_iter();
    // A second switch takes over.
    let stays = |point: &&str| !(candidate.pair && *point == "switch");
    Design {
        candidate: candidate.id.clone(),
        configuration: candidate.configuration.name(),
        nodes: cluster
            .nodes
            .iter()
            .map(|node| DesignNode { name: node.name.clone(), role: node.role.name(), tier: node.tier.name.clone() })
            .collect(),
        tier: candidate.tier.name.clone(),
        primaries: candidate.primaries,
        mail_primaries: candidate.for_mail.as_ref().map(|own| own.primaries),
        data_tier: candidate.data_tier.as_ref().map(|tier| tier.name.clone()),
        backup_tier: candidate.backup_tier.as_ref().map(|tier| tier.name.clone()),
        balancer: candidate.balancer(),
        algorithm: candidate.algorithm(scenario),
        directory: candidate.directory.kind.name(),
        cost_usd: candidate.cost.0 as f64 / 100.0,
        price: candidate.price.in_usd(),
        not_in_cost: not_in_cost(&scenario.prices),
        complexity: candidate.complexity,
        normal: figures(State::Normal, &normal),
        one_primary_down: down.as_ref().map(|down| figures(State::OnePrimaryDown, down)),
        one_mail_primary_down: mail_down.as_ref().map(|down| figures(State::OneMailPrimaryDown, down)),
        binding: binding.map(binding_of),
        binding_next: next.map(binding_of),
        supported: study.and_then(|study| study.curve.as_ref()).map(|curve| curve.supported.clone()),
        failures: study.map(|study| study.trials.clone()).unwrap_or_default(),
        single_points_of_failure: points.filter(stays).map(str::to_owned).collect(),
    }
}

fn figures(test: Option<&Test>, used: &[Use]) -> StateFigures {
    let services = test.iter().flat_map(|test| &test.summary.services);
    StateFigures {
        levels: test.map(|test| test.summary.levels.clone()).unwrap_or_default(),
        services: services
            .map(|(name, service)| {
                let (response_p95_s, server_p95_s) = (service.response_s.p95, service.server_s.p95);
                (name.clone(), Percentile { response_p95_s, server_p95_s })
            })
            .collect(),
        utilisation: used
            .iter()
            .map(|used| Utilisation {
                role: used.role,
                resource: used.resource.name(),
                utilisation_ratio: used.utilisation,
                exact: used.bound.is_exact(),
                bound: used.bound,
            })
            .collect(),
    }
}

fn binding(scenario: &Scenario, limit: &Limit) -> Binding {
    let Limit { role, resource, state, utilisation, limit, growth_factor } = *limit;
    Binding {
        role,
        resource,
        state,
        utilisation_ratio: utilisation,
        limit_ratio: limit,
        residual_capacity_ratio: 1.0 - 1.0 / growth_factor,
        growth_factor,
        users_supported: (scenario.users > 0).then_some((scenario.users as f64 * growth_factor) as u64),
    }
}
