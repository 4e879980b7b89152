//! What DNS has done: lookups, and where the answers that resolvers keep send their clients first.

use super::Record;
use crate::cluster::DnsObserved;
use crate::scenario::{Cluster, Scenario};
use crate::stats::{CONFIDENCE, Estimate, jain, max_over_mean, mean_interval, share_interval};
use serde::Serialize;
use std::collections::BTreeMap;

/// All services that are found by DNS.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DnsSummary {
    /// Lookups for which the zone's server was asked.
    pub queries: u64,
    /// Lookups that a cache answered.
    pub hits: u64,
    /// By node, or by the first and the last node of a cluster that has one address: the part of the sessions that could
    /// come, each resolver by its clients, which gets this address first.
    pub first_address_ratio: BTreeMap<String, Estimate>,
    /// By service: how even these parts are within a replication. It is `balance` without the noise of the sessions that
    /// did come.
    pub hidden_load: BTreeMap<String, HiddenLoad>,
}

/// How even the parts of the addresses of a service are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HiddenLoad {
    /// The largest over the mean.
    pub max_over_mean: Estimate,
    /// Jain's index.
    pub jain: Estimate,
}

/// None where no service is found by DNS.
pub(super) fn summarise(scenario: &Scenario, records: &[Record]) -> Option<DnsSummary> {
    let services =
        (0..scenario.services.len()).filter_map(|service| Some((service, names(&scenario.cluster, service)?)));
    let services: Vec<(usize, Vec<String>)> = services.collect();
    if services.is_empty() {
        return None;
    }
    let observed = |record: &Record, service: usize| record.observed.services[service].dns.clone().unwrap_or_default();
    let total = |count: fn(&DnsObserved) -> u64| -> u64 {
        let counts = records.iter().flat_map(|r| services.iter().map(move |(service, _)| observed(r, *service)));
        counts.map(|dns| count(&dns)).sum()
    };
    // By address: of each replication the sessions that it gets first, and those of all.
    let mut first: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    let mut hidden_load = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        let directed = |service: usize| observed(record, service).directed_e6;
        let all: u64 = services.iter().map(|(service, _)| directed(*service).iter().sum::<u64>()).sum();
        for (service, names) in &services {
            for (name, directed) in names.iter().zip(directed(*service)) {
                let pairs = first.entry(name.clone()).or_default();
                pairs.resize(index + 1, (0.0, all as f64));
                pairs[index].0 += directed as f64;
            }
        }
    }
    for (service, _) in &services {
        let parts = |record: &Record| -> Vec<f64> {
            observed(record, *service).directed_e6.iter().map(|directed| *directed as f64).collect()
        };
        let over_records = |measure: fn(&[f64]) -> f64| {
            let parts = records.iter().map(parts).filter(|parts| parts.iter().sum::<f64>() > 0.0);
            mean_interval(&parts.map(|parts| measure(&parts)).collect::<Vec<_>>(), CONFIDENCE)
        };
        let summary = HiddenLoad { max_over_mean: over_records(max_over_mean), jain: over_records(jain) };
        hidden_load.insert(scenario.services[*service].name.clone(), summary);
    }
    Some(DnsSummary {
        queries: total(|dns| dns.queries),
        hits: total(|dns| dns.hits),
        first_address_ratio: first
            .into_iter()
            .map(|(name, pairs)| (name, share_interval(&pairs, CONFIDENCE)))
            .collect(),
        hidden_load,
    })
}

/// What the addresses of a service are called; none where it is not found by DNS.
fn names(cluster: &Cluster, service: usize) -> Option<Vec<String>> {
    let zone = cluster.zone(service)?;
    let nodes: Vec<&str> = cluster.servers(service).map(|node| cluster.nodes[node].name.as_str()).collect();
    let name = |part: Vec<&str>| match part.as_slice() {
        [first, .., last] => format!("{first}..{last}"),
        _ => part.concat(),
    };
    Some(zone.dealt(&nodes).into_iter().map(name).collect())
}
