//! What became of each fault of the script.

use super::Record;
use crate::cluster::FailureObserved;
use crate::scenario::Scenario;
use crate::stats::{CONFIDENCE, Estimate, mean_interval};
use serde::Serialize;

/// A fault of the script. Times are seconds after the beginning of the window, on average over the replications in which it
/// came to that; absent where it did in none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FailureSummary {
    /// Its name.
    pub name: String,
    /// What failed.
    pub component: String,
    /// How.
    pub kind: &'static str,
    /// When, by the script.
    pub at_s: f64,
    /// When a check, the heartbeats or a second switch noticed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detected_s: Option<Estimate>,
    /// When the last of its services was kept from new sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_s: Option<Estimate>,
    /// When it was repaired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repaired_s: Option<Estimate>,
    /// When the last of its services got new sessions again; where nobody had kept them away, when it was repaired and its
    /// services, or those that wait for it, had started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovered_s: Option<Estimate>,
    /// When no more mail waited than before it, to the minute; where there is mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drained_s: Option<Estimate>,
    /// Sessions that it cut off, in all replications.
    pub sessions_lost: u64,
    /// Sessions that were sent there and met no answer or a refusal, or waited for an answer in vain, in all replications.
    pub sessions_unanswered: u64,
}

/// When no more mail waited after a repair than in the minute before the failure: with people, at servers, at the backup and
/// in queues of what is down. Seconds after the beginning of the window, at the end of a minute; none where there is no mail, or
/// where some waited to the end.
#[must_use]
pub fn drained_s(record: &Record, failure: &FailureObserved) -> Option<f64> {
    let (began, repaired) = (failure.began_ns?, failure.repaired_ns?);
    let (mut end, mut usual) = (0, 0);
    for minute in &record.observed.minutes {
        let mail = minute.mail?;
        end += minute.length_ns;
        let waiting = mail.at_people + mail.at_senders + mail.at_backups + mail.stranded;
        if end <= began {
            usual = waiting;
        } else if end >= repaired && waiting <= usual {
            return Some(end as f64 / 1e9);
        }
    }
    None
}

/// Those of the cluster, in the order of the script.
pub(super) fn summarise(scenario: &Scenario, records: &[Record]) -> Vec<FailureSummary> {
    let count = records.first().map_or(0, |record| record.observed.failures.len());
    (0..count).map(|index| one(scenario, records, index)).collect()
}

fn one(scenario: &Scenario, records: &[Record], index: usize) -> FailureSummary {
    let observed: Vec<&FailureObserved> = records.iter().map(|record| &record.observed.failures[index]).collect();
    let fault = &scenario.faults[observed[0].fault as usize];
    let time = |of: fn(&FailureObserved) -> Option<u64>| {
        let times: Vec<f64> = observed.iter().filter_map(|own| Some(of(own)? as f64 / 1e9)).collect();
        (!times.is_empty()).then(|| mean_interval(&times, CONFIDENCE))
    };
    FailureSummary {
        name: fault.name.clone(),
        component: fault.written.clone(),
        kind: fault.kind.name(),
        at_s: fault.span.begins.as_secs_f64(),
        detected_s: time(|own| own.found_ns),
        removed_s: time(|own| own.removed_ns),
        repaired_s: time(|own| own.repaired_ns),
        recovered_s: time(|own| own.recovered_ns),
        drained_s: {
            let times = records.iter().filter_map(|record| drained_s(record, &record.observed.failures[index]));
            let times: Vec<f64> = times.collect();
            (!times.is_empty()).then(|| mean_interval(&times, CONFIDENCE))
        },
        sessions_lost: observed.iter().map(|own| own.lost).sum(),
        sessions_unanswered: observed.iter().map(|own| own.unanswered).sum(),
    }
}
