//! Results by hour of the window, for loads that change over the day.
//!
//! What is estimated is the hour: each replication is one observation of it, and hours of one replication, which are not
//! independent of each other, are never put together.

use super::fold;
use super::record::Record;
use crate::cluster::{HourObserved, ServiceHour};
use crate::scenario::Scenario;
use crate::stats::{CONFIDENCE, Estimate, Histogram, ratio_interval, section_interval, share_interval};
use serde::Serialize;
use std::collections::BTreeMap;

/// An hour of the window over all replications.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HourSummary {
    /// Its number, from 0 at the beginning of the window.
    pub hour: usize,
    /// Its length; the last one may be shorter.
    pub length_s: f64,
    /// By service.
    pub services: BTreeMap<String, ServiceHourSummary>,
    /// The share in time of each level.
    pub in_time_ratio: BTreeMap<String, Estimate>,
}

/// The sessions of a service in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ServiceHourSummary {
    /// Sessions that began, in all replications.
    pub offered: u64,
    /// Sessions that ended well.
    pub served: u64,
    /// Mean response time of those.
    pub mean_response_s: Estimate,
    /// 95 % of them are below.
    pub p95_response_s: Estimate,
}

/// By hour; empty in a window that is looked at as a whole.
pub(super) fn summarise(scenario: &Scenario, records: &[Record]) -> Vec<HourSummary> {
    let hours = records.first().map_or(0, |record| record.observed.hours.len());
    (0..hours).map(|hour| of_hour(scenario, records, hour)).collect()
}

fn of_hour(scenario: &Scenario, records: &[Record], hour: usize) -> HourSummary {
    let observed: Vec<&HourObserved> = records.iter().map(|record| &record.observed.hours[hour]).collect();
    let services = scenario.services.iter().enumerate().map(|(index, service)| {
        let parts: Vec<&ServiceHour> = observed.iter().map(|hour| &hour.services[index]).collect();
        (service.name.clone(), of_service(&parts))
    });
    let levels = scenario.levels.iter().enumerate().map(|(index, level)| {
        let shares = observed.iter().map(|hour| fold::in_time(&hour.levels[index]));
        (level.name.clone(), share_interval(&shares.collect::<Vec<_>>(), CONFIDENCE))
    });
    HourSummary {
        hour,
        length_s: observed[0].length_ns as f64 / 1e9,
        services: services.collect(),
        in_time_ratio: levels.collect(),
    }
}

fn of_service(parts: &[&ServiceHour]) -> ServiceHourSummary {
    let pairs: Vec<(f64, f64)> = parts.iter().map(|part| (part.response_ns as f64 / 1e9, part.ended as f64)).collect();
    let histograms: Vec<&Histogram> = parts.iter().map(|part| &part.response_histogram).collect();
    ServiceHourSummary {
        offered: parts.iter().map(|part| part.began).sum(),
        served: parts.iter().map(|part| part.ended).sum(),
        mean_response_s: ratio_interval(&pairs, CONFIDENCE),
        p95_response_s: fold::pooled(&histograms)
            .map_or(Estimate::NONE, |all| section_interval(&all, &histograms, 0.95, CONFIDENCE)),
    }
}
