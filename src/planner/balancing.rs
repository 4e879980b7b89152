//! Is balancing warranted at all? By traffic volume, server delay, recovery time, reliability of connections and scalability,
//! each with its figures: a single server against servers that share the load.
//!
//! Volume and delay decide by themselves: what a single server can't carry must be shared. Recovery and reliability decide
//! where the plan asks that the loss of a machine be outlasted; else they are figures beside a price.

use super::candidates::Candidate;
use super::trial::Trial;
use crate::experiment::Summary;
use crate::scenario::Survive;
use crate::stats::Estimate;
use serde::Serialize;

/// The answer, and what it is from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Balancing {
    /// Whether servers that share the load are needed for what the scenario asks.
    pub warranted: bool,
    /// The first reason of these that makes it so; absent where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
    /// The single server.
    pub single: Side,
    /// The servers that share the load; absent where the plan has none that could hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balanced: Option<Side>,
    /// Whether each of the white paper's reasons speaks for balancing.
    pub reasons: Reasons,
}

/// What makes balancing necessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// No single server carries the traffic.
    Volume,
    /// A single server carries it, and people wait too long.
    Delay,
    /// The loss of a server must be outlasted.
    Recovery,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// Its name, as in `candidates.csv` if it is a candidate.
    pub candidate: String,
    /// Price of all of it.
    pub cost_usd: f64,
    /// The worst utilisation of any of its resources over what the plan allows, with every node up.
    pub fullness_ratio: f64,
    /// Whether the service levels hold with every node up, simulated; absent where it can't keep up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
    /// The slowest service: 95 % of its sessions take the servers no longer than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_p95_s: Option<Estimate>,
    /// How long nobody, or not everybody, is served after a server has failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub served_again_after_s: Option<Estimate>,
    /// The share of the window's sessions that fail then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_ratio: Option<Estimate>,
    /// The most of today's load that the roomiest design of its kind can carry, every node up.
    pub scales_to_factor: f64,
}

/// Whether they speak for balancing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reasons {
    /// The traffic exceeds a single server.
    pub volume: bool,
    /// A single server misses a service level that the others hold.
    pub delay: bool,
    /// People are served again earlier.
    pub recovery: bool,
    /// Fewer sessions fail, beyond chance.
    pub reliability: bool,
    /// The load can grow further.
    pub scalability: bool,
}

/// What is known of a design before the two are compared.
pub(super) struct Known<'a> {
    pub(super) candidate: &'a Candidate,
    pub(super) fullness: f64,
    /// With every node up; none where it can't keep up.
    pub(super) summary: Option<&'a Summary>,
    pub(super) holds: Option<bool>,
    /// The worst of its servers that fail.
    pub(super) trial: Option<&'a Trial>,
    pub(super) scales_to: f64,
}

impl Known<'_> {
    fn side(&self) -> Side {
        let slowest = self.summary.into_iter().flat_map(|summary| summary.services.values());
        let slowest = slowest.map(|service| service.server_s.p95).filter(|p95| p95.estimate.is_some());
        Side {
            candidate: self.candidate.id.clone(),
            cost_usd: self.candidate.cost.0 as f64 / 100.0,
            fullness_ratio: self.fullness,
            holds: self.holds,
            server_p95_s: slowest.reduce(|worst, next| if next.estimate > worst.estimate { next } else { worst }),
            served_again_after_s: self.trial.map(|trial| trial.served_again_after_s),
            failed_ratio: self.trial.map(|trial| trial.failed_ratio),
            scales_to_factor: self.scales_to,
        }
    }
}

/// Holds a single server against servers that share the load.
pub(super) fn balancing(single: &Known<'_>, balanced: Option<&Known<'_>>, survive: Survive) -> Balancing {
    let (single, balanced) = (single.side(), balanced.map(Known::side));
    let reasons = reasons(&single, balanced.as_ref());
    let outlast = survive == Survive::OneNode && reasons.recovery;
    let because = match (reasons.volume, reasons.delay, outlast) {
        (true, _, _) => Some(Because::Volume),
        (false, true, _) => Some(Because::Delay),
        (false, false, true) => Some(Because::Recovery),
        (false, false, false) => None,
    };
    Balancing { warranted: because.is_some(), because, single, balanced, reasons }
}

fn reasons(single: &Side, balanced: Option<&Side>) -> Reasons {
    let volume = single.fullness_ratio > 1.0;
    let other = |better: fn(&Side, &Side) -> bool| balanced.is_some_and(|balanced| better(balanced, single));
    Reasons {
        volume,
        delay: !volume && single.holds == Some(false) && other(|balanced, _| balanced.holds == Some(true)),
        recovery: other(|balanced, single| match (balanced.served_again_after_s, single.served_again_after_s) {
            (Some(balanced), Some(single)) => balanced.estimate < single.estimate,
            // What can't keep up is not back either.
            (Some(_), None) => true,
            (None, _) => false,
        }),
        reliability: other(|balanced, single| match (balanced.failed_ratio, single.failed_ratio) {
            (Some(balanced), Some(single)) => balanced.high.or(balanced.estimate) < single.low.or(single.estimate),
            (Some(_), None) => true,
            (None, _) => false,
        }),
        scalability: other(|balanced, single| balanced.scales_to_factor > single.scales_to_factor),
    }
}
