//! What is compared: figures that a measured run and a simulation both have, by the names of `summary.json`.

use super::figures::{Measured, MeasuredFailure, MeasuredService};
use crate::experiment::{FailureSummary, ServiceSummary, Summary};
use crate::scenario::FaultKind;
use serde::Serialize;

/// What all faults of a run together are called where a service or node would be.
pub(super) const FAULTS: &str = "all";

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
}

impl Quantity {
    /// All of them, those of services first.
    pub const ALL: [Quantity; 11] = [
        Quantity::Offered,
        Quantity::Served,
        Quantity::Mean,
        Quantity::P50,
        Quantity::P95,
        Quantity::P99,
        Quantity::Utilisation,
        Quantity::Share,
        Quantity::Detection,
        Quantity::Recovery,
        Quantity::Failed,
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
            Quantity::Utilisation => "utilisation",
            Quantity::Share => "share of sessions",
            Quantity::Detection => "time to detection",
            Quantity::Recovery => "time to recovery",
            Quantity::Failed => "sessions failed",
        }
    }

    /// Whether services have it, and not nodes or faults.
    #[must_use]
    pub fn is_of_services(self) -> bool {
        !matches!(
            self,
            Quantity::Utilisation | Quantity::Share | Quantity::Detection | Quantity::Recovery | Quantity::Failed
        )
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
            Quantity::Utilisation => format!("nodes.{owner}.cpu_ratio"),
            Quantity::Share => format!("nodes.{owner}.share_ratio"),
            Quantity::Detection => format!("failures.{owner}.detection_s"),
            Quantity::Recovery => format!("failures.{owner}.recovery_s"),
            Quantity::Failed => format!("failures.{owner}.sessions_failed"),
        }
    }

    /// The services or nodes of a measured run.
    #[must_use]
    pub fn owners(self, measured: &Measured) -> Vec<&str> {
        match self {
            Quantity::Utilisation | Quantity::Share => measured.nodes.keys().map(String::as_str).collect(),
            Quantity::Detection | Quantity::Recovery | Quantity::Failed if measured.failures.is_empty() => Vec::new(),
            Quantity::Detection | Quantity::Recovery | Quantity::Failed => vec![FAULTS],
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
            Quantity::Utilisation => measured.nodes.get(owner).map(|node| node.cpu_ratio),
            Quantity::Share => {
                let here = |service: &MeasuredService| Some(service.share_ratio.get(owner)? * service.served as f64);
                let here = measured.services.values().filter_map(here).reduce(|all, next| all + next)?;
                Some(here / measured.services.values().map(|service| service.served as f64).sum::<f64>())
            }
            Quantity::Detection => mean(measured.failures.values(), |one| Some(one.detected_s? - one.at_s?)),
            Quantity::Recovery => mean(measured.failures.values(), MeasuredFailure::recovery_s),
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
            Quantity::Utilisation => node()?.cpu_ratio.estimate,
            Quantity::Share => node()?.share_ratio.estimate,
            Quantity::Detection => mean(failures(summary), |one| Some(one.detected_s?.estimate? - one.at_s)),
            Quantity::Recovery => {
                mean(failures(summary), |one| Some(one.recovered_s?.estimate? - one.repaired_s?.estimate?))
            }
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
