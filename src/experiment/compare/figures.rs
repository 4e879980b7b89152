//! What is compared of a service: the figures, under the names that files and `--fail-if` know them by.

use super::Compared;
use crate::cluster::ServiceObserved;
use crate::experiment::Record;
use crate::scenario::Scenario;
use crate::stats::{Histogram, Sighting, Tally};
use serde::Serialize;
use std::collections::BTreeMap;

/// The figures of a service, each as a `T`: what a design has, or by how much two differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures<T> {
    /// Mean response time of the sessions served.
    pub mean_s: T,
    /// Their median.
    pub p50_s: T,
    /// 95 % are below.
    pub p95_s: T,
    /// 99 % are below.
    pub p99_s: T,
    /// Mean of the part of it at the cluster, without the client's own line.
    pub server_mean_s: T,
    /// 95 % of these parts are below.
    pub server_p95_s: T,
    /// Share that was late, failed or not, by level; where there are levels.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub late_ratio: BTreeMap<String, T>,
    /// Share of the sessions that came to an end which found no room, or their mailbox locked.
    pub refused_ratio: T,
    /// Share of them whose client gave up.
    pub timed_out_ratio: T,
    /// Share of them that was cut off.
    pub lost_ratio: T,
    /// Sessions served per second.
    pub throughput_per_s: T,
}

/// What a figure is about, and with that in which unit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A time in seconds: less is better.
    Time,
    /// A share of what fails or is late: less is better.
    Share,
    /// Things per second; neither, as it is the people who decide on it.
    Rate,
}

/// The names of the figures, as they stand in files; those of levels have the level's name behind a dot.
pub(super) const NAMES: [(&str, Kind); 11] = [
    ("mean_s", Kind::Time),
    ("p50_s", Kind::Time),
    ("p95_s", Kind::Time),
    ("p99_s", Kind::Time),
    ("server_mean_s", Kind::Time),
    ("server_p95_s", Kind::Time),
    (LATE, Kind::Share),
    ("refused_ratio", Kind::Share),
    ("timed_out_ratio", Kind::Share),
    ("lost_ratio", Kind::Share),
    ("throughput_per_s", Kind::Rate),
];

/// The one that there is for each level.
pub(super) const LATE: &str = "late_ratio";

impl<T> Figures<T> {
    /// Every figure with its name and kind, in the order of [`Figures`].
    #[must_use]
    pub fn list(&self) -> Vec<(String, Kind, &T)> {
        let [mean, p50, p95, p99, server_mean, server_p95, late, refused, timed_out, lost, throughput] = NAMES;
        let times = [(mean, &self.mean_s), (p50, &self.p50_s), (p95, &self.p95_s), (p99, &self.p99_s)];
        let server = [(server_mean, &self.server_mean_s), (server_p95, &self.server_p95_s)];
        let ends = [(refused, &self.refused_ratio), (timed_out, &self.timed_out_ratio), (lost, &self.lost_ratio)];
        let levels = self.late_ratio.iter().map(|(level, figure)| (format!("{}.{level}", late.0), late.1, figure));
        let ends = ends.into_iter().chain([(throughput, &self.throughput_per_s)]);
        let named = |((name, kind), figure): ((&str, Kind), _)| (name.to_owned(), kind, figure);
        times.into_iter().chain(server).map(named).chain(levels).chain(ends.map(named)).collect()
    }

    /// The same figures of two designs, put together one by one. Both have the same levels.
    pub(super) fn with<U>(&self, other: &Figures<T>, join: impl Fn(Kind, &T, &T) -> U) -> Figures<U> {
        let levels = self.late_ratio.iter().filter_map(|(level, figure)| {
            Some((level.clone(), join(Kind::Share, figure, other.late_ratio.get(level)?)))
        });
        Figures {
            mean_s: join(Kind::Time, &self.mean_s, &other.mean_s),
            p50_s: join(Kind::Time, &self.p50_s, &other.p50_s),
            p95_s: join(Kind::Time, &self.p95_s, &other.p95_s),
            p99_s: join(Kind::Time, &self.p99_s, &other.p99_s),
            server_mean_s: join(Kind::Time, &self.server_mean_s, &other.server_mean_s),
            server_p95_s: join(Kind::Time, &self.server_p95_s, &other.server_p95_s),
            late_ratio: levels.collect(),
            refused_ratio: join(Kind::Share, &self.refused_ratio, &other.refused_ratio),
            timed_out_ratio: join(Kind::Share, &self.timed_out_ratio, &other.timed_out_ratio),
            lost_ratio: join(Kind::Share, &self.lost_ratio, &other.lost_ratio),
            throughput_per_s: join(Kind::Rate, &self.throughput_per_s, &other.throughput_per_s),
        }
    }
}

/// The histograms of all replications, one by one and together.
struct Parts<'a> {
    parts: Vec<&'a Histogram>,
    pooled: Histogram,
}

impl<'a> Parts<'a> {
    /// `empty` has the layout of the parts.
    fn new(parts: impl Iterator<Item = &'a Histogram>, empty: Histogram) -> Parts<'a> {
        let (parts, mut pooled): (Vec<&Histogram>, _) = (parts.collect(), empty);
        parts.iter().for_each(|part| pooled.merge(part));
        Parts { parts, pooled }
    }

    fn quantile(&self, p: f64) -> Sighting {
        Sighting::of_quantile(&self.pooled, &self.parts, p)
    }
}

/// The figures of a service as the replications of a design saw them.
pub(super) fn sight(scenario: &Scenario, records: &[Record], service: &Compared) -> Option<Figures<Sighting>> {
    let index = scenario.service(&service.name)?;
    let observed: Vec<&ServiceObserved> = records.iter().map(|record| &record.observed.services[index]).collect();
    let mean = |of: fn(&ServiceObserved) -> &Tally| {
        let tallies = observed.iter().map(|service| of(service));
        let pairs: Vec<(f64, f64)> = tallies.map(|t| (t.sum_ns() as f64 / 1e9, t.count() as f64)).collect();
        Sighting::of_ratio(&pairs)
    };
    let responses = Parts::new(observed.iter().map(|service| &service.response_histogram), Histogram::headline());
    let servers = Parts::new(observed.iter().map(|service| &service.server_histogram), Histogram::detail());
    // Whatever ended in the window, well or not: what is still under way is neither.
    let ends = |count: fn(&ServiceObserved) -> u64| {
        let all = |service: &ServiceObserved| (service.flow.ended + service.flow.refused) as f64;
        let pairs: Vec<(f64, f64)> = observed.iter().map(|service| (count(service) as f64, all(service))).collect();
        Sighting::of_share(&pairs)
    };
    let late = |level: &String| {
        let index = scenario.levels.iter().position(|other| other.name == *level)?;
        let counts = records.iter().map(|record| record.observed.levels[index]);
        let pairs: Vec<(f64, f64)> = counts.map(|level| (level.late as f64, level.total as f64)).collect();
        Some((level.clone(), Sighting::of_share(&pairs)))
    };
    let served = records
        .iter()
        .zip(&observed)
        .map(|(record, service)| service.flow.ended as f64 * 1e9 / record.observed.window_ns as f64);
    Some(Figures {
        mean_s: mean(|service| &service.response),
        p50_s: responses.quantile(0.50),
        p95_s: responses.quantile(0.95),
        p99_s: responses.quantile(0.99),
        server_mean_s: mean(|service| &service.server),
        server_p95_s: servers.quantile(0.95),
        late_ratio: service.levels.iter().filter_map(late).collect(),
        refused_ratio: ends(|service| service.flow.refused - service.timed_out - service.lost),
        timed_out_ratio: ends(|service| service.timed_out),
        lost_ratio: ends(|service| service.lost),
        throughput_per_s: Sighting::of_means(&served.collect::<Vec<f64>>()),
    })
}
