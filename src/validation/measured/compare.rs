//! A measured run beside a simulation of the very same sessions.

use super::figures::{Measured, MeasuredService, MeasuredTimes};
use crate::experiment::{Response, Summary};
use serde::Serialize;

/// A figure by its name in `summary.json`, measured and simulated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// The name, such as `services.pop3.response_s.mean`.
    pub figure: String,
    /// What was measured.
    pub measured: f64,
    /// What the simulation says.
    pub simulated: f64,
    /// How much more the simulation says, as a share of what was measured.
    pub relative_error: f64,
}

/// All figures that both have.
#[must_use]
pub fn compare(measured: &Measured, simulated: &Summary) -> Vec<Compared> {
    let mut all = Vec::new();
    let mut add = |figure: String, measured: Option<f64>, simulated: Option<f64>| {
        if let (Some(measured), Some(simulated)) = (measured, simulated) {
            all.push(Compared { figure, measured, simulated, relative_error: simulated / measured - 1.0 });
        }
    };
    for (name, service) in &measured.services {
        let Some(other) = simulated.services.get(name) else { continue };
        let figure = |figure: &str| format!("services.{name}.{figure}");
        add(figure("offered"), Some(service.offered as f64), Some(other.offered as f64));
        add(figure("served"), Some(service.served as f64), Some(other.served as f64));
        for (quantile, of, by) in QUANTILES {
            add(figure(&format!("response_s.{quantile}")), of(&service.response_s), by(&other.response_s));
        }
    }
    for (name, node) in &measured.nodes {
        let Some(other) = simulated.nodes.get(name) else { continue };
        add(format!("nodes.{name}.cpu_ratio"), Some(node.cpu_ratio), other.cpu_ratio.estimate);
        let served: u64 = measured.services.values().map(|service| service.served).sum();
        let here = |service: &MeasuredService| {
            service.share_ratio.get(name).map(|share| (share * service.served as f64).round())
        };
        let here: Option<f64> = measured.services.values().filter_map(here).reduce(|all, next| all + next);
        let share = here.map(|here| here / served as f64);
        add(format!("nodes.{name}.share_ratio"), share, other.share_ratio.estimate);
    }
    all
}

/// The name of a figure, and where both have it.
type Quantile = (&'static str, fn(&MeasuredTimes) -> Option<f64>, fn(&Response) -> Option<f64>);

const QUANTILES: [Quantile; 4] = [
    ("mean", |times| times.mean, |response| response.mean.estimate),
    ("p50", |times| times.p50, |response| response.p50.estimate),
    ("p95", |times| times.p95, |response| response.p95.estimate),
    ("p99", |times| times.p99, |response| response.p99.estimate),
];
