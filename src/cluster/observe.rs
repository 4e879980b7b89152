//! What is measured: integers and fixed-layout histograms only, so that parts can be added in any grouping.
//!
//! Counts and integrals start anew at the end of the warm-up. Responses are counted where they end, so that the tail of a
//! window is not cut short; what is still under way at the end and already over its limit counts as late.

use super::desk::DeskObserved;
use super::device::SwitchObserved;
use super::dns::DnsObserved;
use super::failures::FailureObserved;
use super::greylist::GreylistObserved;
use super::hours::HourObserved;
use super::lanes::LaneObserved;
use super::mail::{MailBalance, MailObserved};
use super::mailboxes::PoolVisits;
use super::memory::MemoryObserved;
use super::monitor::MonitorObserved;
use super::shares::SharesObserved;
use super::utilisation::UtilisationObserved;
use crate::analytic::Resource;
use crate::stats::{Histogram, Tally, wide};
use serde::{Deserialize, Serialize};

/// One replication, as observed after the warm-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    /// Length of the measured window.
    pub window_ns: u64,
    /// By service.
    pub services: Vec<ServiceObserved>,
    /// By operation.
    pub operations: Vec<OperationObserved>,
    /// By level.
    pub levels: Vec<LevelObserved>,
    /// By node.
    pub nodes: Vec<NodeObserved>,
    /// Work after replies.
    pub background: Flow,
    /// The switch; none where it bears anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<SwitchObserved>,
    /// What the monitor has done; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitor: Option<MonitorObserved>,
    /// Minute by minute; the last one may be shorter.
    pub minutes: Vec<Minute>,
    /// Visits to mailboxes, by population that has pools and by pool.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mailboxes: Vec<Vec<PoolVisits>>,
    /// How sessions fall on nodes; none where nothing distributes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shares: Option<SharesObserved>,
    /// Hour by hour; empty in a window of less than two.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<HourObserved>,
    /// How busy the nodes are over time.
    pub utilisation: UtilisationObserved,
    /// Mail on its way; none where no session carries any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailObserved>,
    /// By stream.
    pub streams: Vec<StreamObserved>,
    /// What became of each scripted fault of the cluster, in the order of the script.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<FailureObserved>,
    /// How everything that failed was over time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lanes: Vec<LaneObserved>,
}

/// Things that come, go, and are present.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Present when the window began.
    pub present_at_start: u64,
    /// Began within it.
    pub began: u64,
    /// Turned away within it, or cut off.
    pub refused: u64,
    /// Ended within it.
    pub ended: u64,
    /// Present when it was over: counted one by one at that moment, not derived.
    pub present_at_end: u64,
}

/// The sessions of a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceObserved {
    /// Sessions.
    pub flow: Flow,
    /// Sessions that a filter turned away; they ended, and are not late.
    pub rejected: u64,
    /// Messages that a filter took out.
    pub filtered: u64,
    /// Of the refused sessions those whose mailbox was locked.
    #[serde(default)]
    pub locked: u64,
    /// Of the sessions turned away or cut off those whose client gave up, as nobody answered.
    #[serde(default)]
    pub timed_out: u64,
    /// Logins again at nodes that did not know the session.
    #[serde(default)]
    pub relogins: u64,
    /// And those that were cut off.
    #[serde(default)]
    pub lost: u64,
    /// Sessions that were turned away for now; none where no greylist does that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greylist: Option<GreylistObserved>,
    /// Lookups of its name; none where it is not found by DNS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns: Option<DnsObserved>,
    /// Changes of the configuration that wrote over an earlier one which they had not seen.
    pub lost_changes: u64,
    /// Connections that stood open; none where none do.
    pub standing: Option<StandingObserved>,
    /// Sessions × nanoseconds, by integrating the number present.
    #[serde(with = "wide")]
    pub number_ns: u128,
    /// The same by adding up each session's own stay within the window.
    #[serde(with = "wide")]
    pub stays_ns: u128,
    /// From the intended arrival to the end, without the time that the client took to think.
    pub response: Tally,
    /// The same as a histogram with three digits.
    pub response_histogram: Histogram,
    /// The part of it at the cluster.
    pub server: Tally,
    /// Two digits.
    pub server_histogram: Histogram,
    /// The part of it on the client's own line.
    pub link: Tally,
    /// Two digits.
    pub link_histogram: Histogram,
}

/// The sessions of a stream in the window, without those in which the backup forwards what it has taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamObserved {
    /// Began, those that were tried again included.
    pub began: u64,
    /// Of these the ones that were.
    pub retried: u64,
    /// Ended well.
    pub ended: u64,
    /// Failed.
    pub failed: u64,
}

/// Connections that stand open while nothing happens on them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingObserved {
    /// Opened, closed, present.
    pub flow: Flow,
    /// Connections × nanoseconds.
    #[serde(with = "wide")]
    pub number_ns: u128,
}

/// The executions of an operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperationObserved {
    /// From the start of an execution to its end.
    pub response: Tally,
    /// Two digits.
    pub response_histogram: Histogram,
}

/// A service level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelObserved {
    /// What was held against the limit.
    pub total: u64,
    /// What was over it.
    pub late: u64,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NodeObserved {
    /// Sessions that came to it.
    pub sessions: u64,
    /// The most sessions at one time.
    pub connections_peak: u64,
    /// Work after replies that was gone with its disk.
    #[serde(default)]
    pub lost_work: u64,
    /// Its pools, by service.
    pub desks: Vec<DeskObserved>,
    /// Its memory; none where it costs nothing.
    pub memory: Option<MemoryObserved>,
    /// Its stations, in the order of [`Resource::ALL`]; none where the resource costs nothing.
    pub stations: Vec<Option<StationObserved>>,
    /// Hour by hour; the last one may be shorter.
    pub hours: Vec<NodeHour>,
}

/// A resource of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StationObserved {
    /// Jobs.
    pub flow: Flow,
    /// Jobs × nanoseconds.
    #[serde(with = "wide")]
    pub number_ns: u128,
    /// Work done, in nanoseconds of one server.
    #[serde(with = "wide")]
    pub busy_ns: u128,
    /// Work brought, in nanoseconds of one server: the demands that were drawn.
    #[serde(with = "wide")]
    pub brought_ns: u128,
    /// What of it was taken away undone, with the sessions that were cut off.
    #[serde(with = "wide", default)]
    pub taken_away_ns: u128,
    /// Busy time in which it did nothing: the part of its speed that it lacked as it was slow, and what stops have cost.
    #[serde(with = "wide", default)]
    pub undone_ns: u128,
    /// Unfinished work when the window began.
    #[serde(with = "wide")]
    pub backlog_at_start_ns: u128,
    /// Unfinished work when it was over.
    #[serde(with = "wide")]
    pub backlog_at_end_ns: u128,
    /// Full rate in millionths of a server.
    pub capacity_ppm: u64,
}

/// One hour of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeHour {
    /// Length, normally 3600 s.
    pub length_ns: u64,
    /// Sessions that came.
    pub sessions: u64,
    /// Work done by each resource, in nanoseconds of one server.
    pub busy_ns: Vec<Option<u64>>,
}

/// One minute of the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minute {
    /// Length, normally 60 s.
    pub length_ns: u64,
    /// By service: sessions that began, sessions that ended, sessions × nanoseconds.
    pub services: Vec<(u64, u64, u64)>,
    /// The ledger of mail at its end, from time zero on; none where there is no mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailBalance>,
}

impl StationObserved {
    /// Work done over the work that could have been done in the window.
    #[must_use]
    pub fn utilisation(&self, window_ns: u64) -> f64 {
        self.busy_ns as f64 / (window_ns as f64 * self.capacity())
    }

    /// Full rate in servers.
    #[must_use]
    pub fn capacity(&self) -> f64 {
        self.capacity_ppm as f64 / 1e6
    }
}

impl Observed {
    /// Gives back the memory of what is empty: a run keeps the observations of all its replications.
    pub(super) fn pack(&mut self) {
        for service in &mut self.services {
            [&mut service.response_histogram, &mut service.server_histogram, &mut service.link_histogram]
                .into_iter()
                .for_each(Histogram::pack);
        }
        self.operations.iter_mut().for_each(|operation| operation.response_histogram.pack());
        if let Some(mail) = &mut self.mail {
            mail.accept_histogram.pack();
            mail.delivery_histogram.pack();
        }
        self.minutes.shrink_to_fit();
    }

    /// What contradicts itself in these observations: conservation of sessions and jobs, Little's law and the
    /// utilisation law, each side from its own observation. Empty unless the program is wrong.
    #[must_use]
    pub fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut balance = |what: &str, flow: &Flow| {
            if flow.present_at_start + flow.began != flow.ended + flow.refused + flow.present_at_end {
                found.push(format!("{what}: {flow:?} does not add up"));
            }
        };
        for (i, service) in self.services.iter().enumerate() {
            balance(&format!("sessions of service {i}"), &service.flow);
            if let Some(standing) = &service.standing {
                balance(&format!("open connections of service {i}"), &standing.flow);
            }
        }
        for (i, service) in self.services.iter().enumerate() {
            if let Some(greylist) = &service.greylist {
                balance(&format!("senders who will come back to service {i}"), &greylist.returning);
            }
        }
        balance("work after replies", &self.background);
        for (place, station) in self.stations() {
            balance(&format!("jobs at the {place}"), &station.flow);
        }
        if let Some(mail) = &self.mail {
            found.extend(mail.contradictions());
        }
        for (minute, mail) in self.minutes.iter().enumerate().filter_map(|(i, minute)| Some((i, minute.mail?))) {
            if !mail.adds_up() {
                found.push(format!("the ledger of mail does not add up in minute {minute}: {mail:?}"));
            }
        }
        for (i, service) in self.services.iter().enumerate() {
            if service.number_ns != service.stays_ns {
                let (number, stays) = (service.number_ns, service.stays_ns);
                found.push(format!("service {i}: {number} session-ns by the number present, {stays} by the stays"));
            }
        }
        for (i, greylist) in self.services.iter().enumerate().filter_map(|(i, s)| Some((i, s.greylist?))) {
            if greylist.deferred != greylist.given_up + greylist.returning.began {
                found.push(format!("service {i}: {greylist:?} loses sessions that were turned away for now"));
            }
        }
        for pool in self.mailboxes.iter().flatten() {
            let counted: u64 = pool.histogram.iter().sum();
            if counted != pool.visits {
                found.push(format!("{} visits to mailboxes and {counted} of them by what they found", pool.visits));
            }
        }
        for (node, intervals) in self.nodes.iter().zip(&self.utilisation.nodes) {
            for (station, intervals) in node.stations.iter().zip(intervals) {
                let sum = intervals.iter().flatten().map(|busy_ns| u128::from(*busy_ns)).sum::<u128>();
                let busy_ns = station.map_or(0, |station| station.busy_ns);
                if sum != busy_ns {
                    found.push(format!("{sum} ns of work in the intervals, {busy_ns} ns in the window"));
                }
            }
        }
        for (place, station) in self.stations() {
            let due = (station.backlog_at_start_ns + station.brought_ns + station.undone_ns) as f64;
            let done = (station.busy_ns + station.taken_away_ns + station.backlog_at_end_ns) as f64;
            // A job leaves on a whole nanosecond, so each may use up to one more than it asked for, times the servers.
            let rounding = (station.flow.ended + 2) as f64 * station.capacity().max(1.0) * 2.0 + due * 1e-9;
            if (due - done).abs() > rounding {
                found.push(format!("{place}: {due} ns of work were due and {done} ns were done or left"));
            }
        }
        found
    }

    /// Every station that there is, of the nodes and of the switch.
    fn stations(&self) -> impl Iterator<Item = (String, &StationObserved)> {
        let nodes = self.nodes.iter().enumerate().flat_map(|(n, node)| {
            let stations = Resource::ALL.iter().zip(&node.stations);
            stations.filter_map(move |(resource, station)| {
                Some((format!("{} of node {n}", resource.name()), station.as_ref()?))
            })
        });
        let switch = [Resource::SwitchConnections, Resource::SwitchThroughput];
        let switch =
            switch.into_iter().zip(self.switch.iter().flat_map(|switch| [&switch.connections, &switch.throughput]));
        let switch = switch
            .filter_map(|(resource, station)| Some((format!("{} of the switch", resource.name()), station.as_ref()?)));
        nodes.chain(switch)
    }
}
