//! What is compared: figures that a measured run and a simulation both have, by the names of `summary.json`.

use super::figures::{Measured, MeasuredFailure, MeasuredService};
use crate::experiment::{FailureSummary, ServiceSummary, Summary};
use crate::scenario::FaultKind;
use serde::Serialize;

/// What all faults or all mail of a run together are called where a service or node would be.
pub(super) const ALL_TOGETHER: &str = "all";

/// A figure of every service, of every node, or of all faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// Sessions that came.
    Offered,
    /// Sessions that were served.
    Served,
    /// Mean response time.
    Mean,
    /// Its median.
    P50,
    /// 95 % took no longer.
    P95,
    /// 99 % took no longer.
    P99,
    /// Sessions of a service at the node that gets most, over those at a node on average.
    Unevenness,
    /// The same in intervals, on average over them.
    IntervalUnevenness,
    /// Utilisation of a node's CPU.
    Utilisation,
    /// Share of the served sessions at a node.
    Share,
    /// From a fault until the switch first holds something of the node to be down, on average.
    Detection,
    /// From its end until the switch sends sessions to all services of the node again, on average.
    Recovery,
    /// Sessions of the window that were not served, where something fails.
    Failed,
    /// From when a server elsewhere had a message until the cluster took it, on average.
    Acceptance,
    /// 95 % took no longer.
    AcceptanceP95,
    /// From when it was to be sent until it was in a mailbox, on average.
    Arrival,
    /// Attempts for messages that had been put off before.
    Repeated,
}

impl Quantity {
    /// All of them, those of services first.
    pub const ALL: [Quantity; 17] = [
        Quantity::Offered,
        Quantity::Served,
        Quantity::Mean,
        Quantity::P50,
        Quantity::P95,
        Quantity::P99,
        Quantity::Unevenness,
        Quantity::IntervalUnevenness,
        Quantity::Utilisation,
        Quantity::Share,
        Quantity::Detection,
        Quantity::Recovery,
        Quantity::Failed,
        Quantity::Acceptance,
        Quantity::AcceptanceP95,
        Quantity::Arrival,
        Quantity::Repeated,
    ];

    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Quantity::Offered => "sessions offered",
            Quantity::Served => "sessions served",
            Quantity::Mean => "mean response",
            Quantity::P50 => "median response",
            Quantity::P95 => "p95 response",
            Quantity::P99 => "p99 response",
            Quantity::Unevenness => "most over mean",
            Quantity::IntervalUnevenness => "the same in intervals",
            Quantity::Utilisation => "utilisation",
            Quantity::Share => "share of sessions",
            Quantity::Detection => "time to detection",
            Quantity::Recovery => "time to recovery",
            Quantity::Failed => "sessions failed",
            Quantity::Acceptance => "mail until taken",
            Quantity::AcceptanceP95 => "its p95",
            Quantity::Arrival => "mail until in mailbox",
            Quantity::Repeated => "further attempts",
        }
    }

    /// Whether services have it, and not nodes or faults.
    #[must_use]
    pub fn is_of_services(self) -> bool {
        self <= Quantity::IntervalUnevenness
    }

    /// Whether its error is a plain difference, and not a part of what was measured.
    #[must_use]
    pub fn differs_plainly(self) -> bool {
        matches!(self, Quantity::Share | Quantity::Detection | Quantity::Recovery)
    }

    /// Its place in `summary.json`, of a service or node; what is derived from several has a name like one.
    #[must_use]
    pub fn figure(self, owner: &str) -> String {
        match self {
            Quantity::Offered => format!("services.{owner}.offered"),
            Quantity::Served => format!("services.{owner}.served"),
            Quantity::Mean => format!("services.{owner}.response_s.mean"),
            Quantity::P50 => format!("services.{owner}.response_s.p50"),
            Quantity::P95 => format!("services.{owner}.response_s.p95"),
            Quantity::P99 => format!("services.{owner}.response_s.p99"),
            Quantity::Unevenness => format!("balance.{owner}.max_over_mean"),
            Quantity::IntervalUnevenness => format!("balance.{owner}.interval_max_over_mean"),
            Quantity::Utilisation => format!("nodes.{owner}.cpu_ratio"),
            Quantity::Share => format!("nodes.{owner}.share_ratio"),
            Quantity::Detection => format!("failures.{owner}.detection_s"),
            Quantity::Recovery => format!("failures.{owner}.recovery_s"),
            Quantity::Failed => format!("failures.{owner}.sessions_failed"),
            Quantity::Acceptance => "mail.accept_delay_s.mean".to_owned(),
            Quantity::AcceptanceP95 => "mail.accept_delay_s.p95".to_owned(),
            Quantity::Arrival => "mail.delivery_delay_s.mean".to_owned(),
            Quantity::Repeated => "mail.repeated".to_owned(),
        }
    }

    /// The services or nodes of a measured run.
    #[must_use]
    pub fn owners(self, measured: &Measured) -> Vec<&str> {
        match self {
            Quantity::Utilisation | Quantity::Share => measured.nodes.keys().map(String::as_str).collect(),
            Quantity::Detection | Quantity::Recovery | Quantity::Failed if measured.failures.is_empty() => Vec::new(),
            // While a node fails, a simulation counts whom it was to serve, and a lab whom it served.
            Quantity::Unevenness | Quantity::IntervalUnevenness if !measured.failures.is_empty() => Vec::new(),
            // Sessions of servers elsewhere come again, and nobody sees them.
            Quantity::Failed if measured.outside.is_some() => Vec::new(),
            Quantity::Detection | Quantity::Recovery | Quantity::Failed => vec![ALL_TOGETHER],
            Quantity::Acceptance | Quantity::AcceptanceP95 | Quantity::Arrival | Quantity::Repeated => {
                measured.outside.iter().map(|_| ALL_TOGETHER).collect()
            }
            _ => measured.services.keys().map(String::as_str).collect(),
        }
    }

    /// What was measured.
    #[must_use]
    pub fn measured(self, measured: &Measured, owner: &str) -> Option<f64> {
        let service = || measured.services.get(owner);
        match self {
            Quantity::Offered => service().map(|service| service.offered as f64),
            Quantity::Served => service().map(|service| service.served as f64),
            Quantity::Mean => service()?.response_s.mean,
            Quantity::P50 => service()?.response_s.p50,
            Quantity::P95 => service()?.response_s.p95,
            Quantity::P99 => service()?.response_s.p99,
            Quantity::Unevenness => service()?.max_over_mean,
            Quantity::IntervalUnevenness => service()?.interval_max_over_mean,
            Quantity::Utilisation => measured.nodes.get(owner).map(|node| node.cpu_ratio),
            Quantity::Share => {
                let here = |service: &MeasuredService| Some(service.share_ratio.get(owner)? * service.served as f64);
                let here = measured.services.values().filter_map(here).reduce(|all, next| all + next)?;
                Some(here / measured.services.values().map(|service| service.served as f64).sum::<f64>())
            }
            Quantity::Detection => mean(measured.failures.values(), |one| Some(one.detected_s? - one.at_s?)),
            Quantity::Recovery => mean(measured.failures.values(), MeasuredFailure::recovery_s),
            Quantity::Acceptance => measured.outside.as_ref()?.accept_s.mean,
            Quantity::AcceptanceP95 => measured.outside.as_ref()?.accept_s.p95,
            Quantity::Arrival => measured.outside.as_ref()?.delivered_s.mean,
            Quantity::Repeated => Some(measured.outside.as_ref()?.repeated as f64),
            Quantity::Failed => {
                Some(measured.services.values().map(|service| (service.offered - service.served) as f64).sum())
            }
        }
    }

    /// What a simulation says.
    #[must_use]
    pub fn simulated(self, summary: &Summary, owner: &str) -> Option<f64> {
        let service = || summary.services.get(owner);
        let node = || summary.nodes.get(owner);
        match self {
            Quantity::Offered => service().map(|service| service.offered as f64),
            Quantity::Served => service().map(|service| service.served as f64),
            Quantity::Mean => service()?.response_s.mean.estimate,
            Quantity::P50 => service()?.response_s.p50.estimate,
            Quantity::P95 => service()?.response_s.p95.estimate,
            Quantity::P99 => service()?.response_s.p99.estimate,
            Quantity::Unevenness => summary.balance.get(owner)?.max_over_mean.estimate,
            Quantity::IntervalUnevenness => summary.balance.get(owner)?.interval_max_over_mean.estimate,
            Quantity::Utilisation => node()?.cpu_ratio.estimate,
            Quantity::Share => node()?.share_ratio.estimate,
            Quantity::Detection => mean(failures(summary), |one| Some(one.detected_s?.estimate? - one.at_s)),
            Quantity::Recovery => {
                mean(failures(summary), |one| Some(one.recovered_s?.estimate? - one.repaired_s?.estimate?))
            }
            Quantity::Acceptance => summary.mail.as_ref()?.accept_delay_s.mean.estimate,
            Quantity::AcceptanceP95 => summary.mail.as_ref()?.accept_delay_s.p95.estimate,
            Quantity::Arrival => summary.mail.as_ref()?.delivery_delay_s.mean.estimate,
            Quantity::Repeated => Some(summary.mail.as_ref()?.repeated as f64),
            Quantity::Failed => {
                // Who waits for what hangs has not failed yet when the window ends, and never is served.
                let of = |of: &ServiceSummary| of.offered as f64 - of.served as f64;
                Some(summary.services.values().map(of).sum::<f64>().max(0.0))
            }
        }
    }
}

/// What a switch could notice: not that a node is slow.
fn failures(summary: &Summary) -> impl Iterator<Item = &FailureSummary> {
    summary.failures.iter().filter(|failure| failure.kind != FaultKind::Slow.name())
}

/// The mean over those that have it; none where nobody has.
fn mean<T>(all: impl Iterator<Item = T>, of: impl Fn(T) -> Option<f64>) -> Option<f64> {
    let values: Vec<f64> = all.filter_map(of).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
