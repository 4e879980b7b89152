//! What has become of the mail, and how long it took.

use super::Record;
use super::fold::response;
use super::summary::Response;
use crate::cluster::{MailBalance, MailObserved};
use crate::scenario::Scenario;
use crate::stats::{Histogram, Tally};
use serde::Serialize;
use std::collections::BTreeMap;

/// The ledger of mail at the end, by recipient copies, and how long mail took within the window. Counts are sums over all
/// replications from time zero on, so that they balance; peaks are maxima within the window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MailSummary {
    /// Copies that people and servers began to send.
    pub offered: u64,
    /// Notices to senders.
    pub generated: u64,
    /// Copies sent again though they had been taken.
    pub duplicated: u64,
    /// Copies in mailboxes, or handed over to other servers; notices that were read.
    pub delivered: u64,
    /// Copies in sessions.
    pub in_flight: u64,
    /// Copies in queues that are worked on: the four that follow.
    pub queued: u64,
    /// Copies with people whose software tries again.
    pub at_people: u64,
    /// Copies in the queues of servers that send.
    pub at_senders: u64,
    /// Copies in the queues of nodes.
    pub at_nodes: u64,
    /// Copies in the queue of the backup.
    pub at_backups: u64,
    /// Copies in queues of machines or services that are down.
    pub stranded: u64,
    /// Copies that went back to their senders.
    pub bounced: u64,
    /// Copies that were turned away for good.
    pub refused: u64,
    /// Copies that were taken and are gone.
    pub lost: u64,
    /// Attempts of servers within the windows for messages that had been put off before, be it untried.
    pub repeated: u64,
    /// From the moment that a message was to be sent until the cluster took it, by copy.
    pub accept_delay_s: Response,
    /// From the same moment until it was in a mailbox, by copy.
    pub delivery_delay_s: Response,
    /// The most copies at one time with people.
    pub people_peak: u64,
    /// At servers that send.
    pub senders_peak: u64,
    /// In the queues of nodes.
    pub nodes_peak: u64,
    /// In the queue of the backup.
    pub backup_peak: u64,
    /// In queues of what is down.
    pub stranded_peak: u64,
    /// Lookups of mail exchange records for which the zone was asked; where they are looked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mx_queries: Option<u64>,
    /// Those that a server knew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mx_hits: Option<u64>,
}

/// The sessions of a stream: of a population's kind of session. Those in which the backup forwards what it has taken count
/// with their service only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StreamSummary {
    /// Sessions that began, further attempts included.
    pub offered: u64,
    /// Of these the further attempts.
    pub retried: u64,
    /// Sessions that ended well.
    pub served: u64,
    /// Sessions that failed.
    pub failed: u64,
}

/// None where there is no mail.
pub(super) fn summarise(scenario: &Scenario, records: &[Record]) -> Option<MailSummary> {
    let observed: Vec<&MailObserved> = records.iter().filter_map(|record| record.observed.mail.as_ref()).collect();
    if observed.is_empty() {
        return None;
    }
    let total = |count: fn(&MailBalance) -> u64| observed.iter().map(|mail| count(&mail.end)).sum();
    let peak = |place: usize| observed.iter().map(|mail| mail.peaks[place]).max().unwrap_or(0);
    let delay = |tally: fn(&MailObserved) -> &Tally, histogram: fn(&MailObserved) -> &Histogram| {
        let tallies: Vec<&Tally> = observed.iter().map(|mail| tally(mail)).collect();
        let histograms: Vec<&Histogram> = observed.iter().map(|mail| histogram(mail)).collect();
        response(&tallies, &histograms)
    };
    let lookups = |count: fn(&MailObserved) -> u64| -> Option<u64> {
        scenario.exchange.map(|_| observed.iter().map(|mail| count(mail)).sum())
    };
    Some(MailSummary {
        offered: total(|mail| mail.offered),
        generated: total(|mail| mail.generated),
        duplicated: total(|mail| mail.duplicated),
        delivered: total(|mail| mail.delivered),
        in_flight: total(|mail| mail.in_flight),
        queued: total(MailBalance::queued),
        at_people: total(|mail| mail.at_people),
        at_senders: total(|mail| mail.at_senders),
        at_nodes: total(|mail| mail.at_nodes),
        at_backups: total(|mail| mail.at_backups),
        stranded: total(|mail| mail.stranded),
        bounced: total(|mail| mail.bounced),
        refused: total(|mail| mail.refused),
        lost: total(|mail| mail.lost),
        repeated: observed.iter().map(|mail| mail.repeated).sum(),
        accept_delay_s: delay(|mail| &mail.accept_delay, |mail| &mail.accept_histogram),
        delivery_delay_s: delay(|mail| &mail.delivery_delay, |mail| &mail.delivery_histogram),
        people_peak: peak(1),
        senders_peak: peak(2),
        nodes_peak: peak(3),
        backup_peak: peak(4),
        stranded_peak: peak(5),
        mx_queries: lookups(|mail| mail.queries),
        mx_hits: lookups(|mail| mail.hits),
    })
}

/// The sessions by stream.
pub(super) fn streams(scenario: &Scenario, records: &[Record]) -> BTreeMap<String, StreamSummary> {
    let of = |(index, stream): (usize, &crate::scenario::Stream)| {
        let observed = records.iter().map(|record| &record.observed.streams[index]);
        let mut sum = StreamSummary { offered: 0, retried: 0, served: 0, failed: 0 };
        for stream in observed {
            sum.offered += stream.began;
            sum.retried += stream.retried;
            sum.served += stream.ended;
            sum.failed += stream.failed;
        }
        (stream.name.clone(), sum)
    };
    scenario.streams.iter().enumerate().map(of).collect()
}
