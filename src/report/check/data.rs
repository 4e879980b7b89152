//! The analytic answer for programs.

use super::memory::{self, MemoryOut};
use super::space::{self, SpaceOut};
use crate::analytic::{Appraisal, Load};
use crate::deployment::{Deployment, deployment};
use crate::report::pretty;
use crate::report::sheet::{Sheet, optional};
use crate::scenario::{Cluster, Scenario};
use serde::Serialize;
use std::collections::BTreeMap;

/// Version of the layout of the JSON.
const FORMAT: u32 = 1;

/// A resolved key.
#[derive(Debug, Serialize)]
pub struct SettingOut<'a> {
    /// Dotted key.
    pub key: &'a str,
    /// The value, printed.
    pub value: &'a str,
    /// Where it is from.
    pub origin: String,
}

/// Every resolved key of a scenario.
#[must_use]
pub fn settings(scenario: &Scenario) -> Vec<SettingOut<'_>> {
    let of = |setting: &crate::scenario::Setting| setting.origin.to_string();
    scenario.settings.iter().map(|s| SettingOut { key: &s.key, value: &s.value, origin: of(s) }).collect()
}

#[derive(Serialize)]
struct Check<'a> {
    format: u32,
    scenario: &'a str,
    question: Option<&'a str>,
    seed: u64,
    users: u64,
    window_s: f64,
    warm_up_s: f64,
    /// Null when a resource can't keep up: it never settles.
    relaxation_s: Option<f64>,
    window_suffices: bool,
    /// Warm-up included.
    sessions_per_replication: f64,
    events_per_replication: f64,
    services: BTreeMap<&'a str, ServiceLoad<'a>>,
    normal: Loaded<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    one_primary_down: Option<Down<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    memory: Vec<MemoryOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    space: Option<SpaceOut<'a>>,
    deployment: Deployment,
    settings: Vec<SettingOut<'a>>,
}

#[derive(Serialize)]
struct ServiceLoad<'a> {
    sessions_per_s: f64,
    streams: BTreeMap<&'a str, f64>,
}

#[derive(Serialize)]
struct Down<'a> {
    without: &'a str,
    #[serde(flatten)]
    load: Loaded<'a>,
}

#[derive(Serialize)]
struct Loaded<'a> {
    stable: bool,
    exact: bool,
    binding: Option<Binding<'a>>,
    stations: Vec<StationOut<'a>>,
}

#[derive(Serialize)]
struct Binding<'a> {
    node: &'a str,
    resource: &'static str,
    utilisation_ratio: f64,
}

#[derive(Serialize)]
struct StationOut<'a> {
    node: &'a str,
    tier: &'a str,
    resource: &'static str,
    jobs_per_s: f64,
    service_s: f64,
    service_cv2: f64,
    servers: u32,
    utilisation_ratio: f64,
    /// Whether a simulation comes to it; otherwise it is an upper bound, or near.
    exact: bool,
    /// The part of it that does not limit itself.
    firm_ratio: f64,
    by_sessions_ratio: f64,
    /// Absent where no population brings it load.
    #[serde(skip_serializing_if = "Option::is_none")]
    supported_users: Option<u64>,
}

/// Everything, as JSON.
#[must_use]
pub fn json(scenario: &Scenario, appraisal: &Appraisal) -> String {
    let (settling, effort) = (&appraisal.settling, &appraisal.effort);
    let mut services: BTreeMap<&str, ServiceLoad> = BTreeMap::new();
    for stream in &scenario.streams {
        let name = scenario.services[stream.service].name.as_str();
        let service =
            services.entry(name).or_insert_with(|| ServiceLoad { sessions_per_s: 0.0, streams: BTreeMap::new() });
        service.sessions_per_s += stream.arrivals_per_s();
        service.streams.insert(&stream.name, stream.arrivals_per_s());
    }
    pretty(&Check {
        format: FORMAT,
        scenario: &scenario.name,
        question: scenario.question.as_deref(),
        seed: scenario.seed,
        users: scenario.users,
        window_s: scenario.window.as_secs_f64(),
        warm_up_s: settling.warm_up.as_secs_f64(),
        relaxation_s: Some(settling.relaxation_s).filter(|relaxation| relaxation.is_finite()),
        window_suffices: settling.window_suffices,
        sessions_per_replication: effort.sessions.round(),
        events_per_replication: effort.events.round(),
        services,
        normal: loaded(scenario, &scenario.cluster, &appraisal.normal),
        one_primary_down: appraisal
            .one_down
            .as_ref()
            .map(|down| Down { without: &down.without, load: loaded(scenario, &down.cluster, &down.load) }),
        memory: memory::data(scenario),
        space: space::data(scenario),
        deployment: deployment(scenario),
        settings: settings(scenario),
    })
}

fn loaded<'a>(scenario: &Scenario, cluster: &'a Cluster, load: &Load) -> Loaded<'a> {
    let tier = |node: usize| cluster.nodes.get(node).map_or("", |node| node.tier.name.as_str());
    Loaded {
        stable: load.is_stable(),
        exact: load.is_exact(),
        binding: load.binding().map(|station| Binding {
            node: station.owner(cluster),
            resource: station.resource.name(),
            utilisation_ratio: station.utilisation,
        }),
        stations: load
            .stations
            .iter()
            .map(|station| StationOut {
                node: station.owner(cluster),
                tier: tier(station.node),
                resource: station.resource.name(),
                jobs_per_s: station.jobs_per_s,
                service_s: station.service_s,
                service_cv2: station.cv2,
                servers: station.servers,
                utilisation_ratio: station.utilisation,
                exact: station.bound.is_exact(),
                firm_ratio: station.firm,
                by_sessions_ratio: station.by_sessions,
                supported_users: station.supported_users(scenario.users),
            })
            .collect(),
    }
}

const HEADS: [&str; 8] =
    ["without", "node", "tier", "resource", "utilisation_ratio", "by_sessions_ratio", "supported_users", "exact"];

/// The resources, with every node up (`without` is empty) and with one primary down.
#[must_use]
pub fn csv(scenario: &Scenario, appraisal: &Appraisal) -> String {
    let mut sheet = Sheet::new(HEADS);
    let down = appraisal.one_down.as_ref().map(|down| (down.without.as_str(), &down.cluster, &down.load));
    for (without, cluster, load) in [("", &scenario.cluster, &appraisal.normal)].into_iter().chain(down) {
        for station in loaded(scenario, cluster, load).stations {
            let names = [without, station.node, station.tier, station.resource].map(str::to_owned);
            let ratios = [station.utilisation_ratio, station.by_sessions_ratio].map(|ratio| ratio.to_string());
            let last = [optional(station.supported_users), station.exact.to_string()];
            sheet.row(names.into_iter().chain(ratios).chain(last));
        }
    }
    sheet.text()
}
