//! What the visits to the mailboxes of a pool found.

use super::Record;
use crate::cluster::PoolVisits;
use crate::scenario::Scenario;
use crate::stats::{CONFIDENCE, Estimate, ratio_interval, share_interval};
use serde::Serialize;
use std::collections::BTreeMap;

/// The mailboxes of a pool.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MailboxSummary {
    /// Sessions that opened one and were let in.
    pub visits: u64,
    /// Messages that a visit found, on average; with Poisson visits that is what lies in a mailbox at any moment.
    pub found: Estimate,
    /// Visits that found nothing.
    pub empty_ratio: Estimate,
}

/// Every pool by `<population>/<pool>`.
pub(super) fn summarise(scenario: &Scenario, records: &[Record]) -> BTreeMap<String, MailboxSummary> {
    let mut summaries = BTreeMap::new();
    for (index, mailboxes) in scenario.mailboxes.iter().enumerate() {
        for (place, pool) in mailboxes.pools.iter().enumerate() {
            let observed = || records.iter().map(|record| &record.observed.mailboxes[index][place]);
            let over_visits = |count: fn(&PoolVisits) -> u64| -> Vec<(f64, f64)> {
                observed().map(|pool| (count(pool) as f64, pool.visits as f64)).collect()
            };
            let summary = MailboxSummary {
                visits: observed().map(|pool| pool.visits).sum(),
                found: ratio_interval(&over_visits(|pool| pool.found), CONFIDENCE),
                empty_ratio: share_interval(&over_visits(|pool| pool.histogram[0]), CONFIDENCE),
            };
            summaries.insert(format!("{}/{}", mailboxes.population, pool.name), summary);
        }
    }
    summaries
}
