//! What a reader wants to know of a run, in the layout of `summary.json`.
//!
//! Counts are integer sums over the measured windows of all replications; rates, shares and times are estimates with
//! their interval; peaks are maxima.

use super::balance::BalanceSummary;
use super::dns::DnsSummary;
use super::failures::FailureSummary;
use super::hours::HourSummary;
use super::mail::{MailSummary, StreamSummary};
use super::mailboxes::MailboxSummary;
use super::monitor::MonitorSummary;
use super::switch::SwitchSummary;
use crate::cluster::{MOST_SESSIONS, MOST_WAITING};
use crate::stats::Estimate;
use serde::Serialize;
use std::collections::BTreeMap;

/// Version of the layout of `summary.json`.
pub(super) const FORMAT: u32 = 1;

/// A whole run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Version of the layout.
    pub format: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// Master seed.
    pub seed: u64,
    /// How many.
    pub replications: u64,
    /// Why no more.
    pub stop_reason: &'static str,
    /// Of every interval.
    pub confidence: f64,
    /// Measured time of all replications.
    pub simulated_s: f64,
    /// Warm-up of each replication.
    pub warm_up_s: f64,
    /// Events handled in all replications.
    pub events: u64,
    /// Resources whose offered load is above their capacity: their figures grow with the window.
    pub unstable: Vec<Exceeded>,
    /// The replication that held too much, if one did: then there are no more, and no level counts as met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overfull: Option<CrowdSummary>,
    /// By service.
    pub services: BTreeMap<String, ServiceSummary>,
    /// By node.
    pub nodes: BTreeMap<String, NodeSummary>,
    /// How evenly sessions fall on nodes, by service; where something distributes them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub balance: BTreeMap<String, BalanceSummary>,
    /// What DNS has done; where a service is found by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns: Option<DnsSummary>,
    /// How far the switch is used; where it has limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switch: Option<SwitchSummary>,
    /// The ledger of mail; where sessions carry mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailSummary>,
    /// Sessions by kind: of each kind of session of a population, and of each bare stream.
    pub streams: BTreeMap<String, StreamSummary>,
    /// What the external monitor has done; where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monitor: Option<MonitorSummary>,
    /// What visits find, by population and pool; where there are pools.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub mailboxes: BTreeMap<String, MailboxSummary>,
    /// What became of each fault of the script, in its order; where there is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<FailureSummary>,
    /// Hour by hour, in a window of at least two.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<HourSummary>,
    /// In the order of their names.
    pub levels: Vec<LevelSummary>,
    /// Whether the levels hold.
    pub verdict: Verdict,
}

/// A replication that held more than one can, as the cluster can't keep up.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrowdSummary {
    /// Its index.
    pub replication: u64,
    /// When it ended, after the beginning of its warm-up.
    pub at_s: f64,
    /// Sessions under way then, of which a replication holds [`MOST_SESSIONS`].
    pub sessions: u64,
    /// Messages in queues, of which it holds [`MOST_WAITING`].
    pub messages: u64,
    /// Pieces of work at processors, disks and links, of which it holds as many.
    pub work: u64,
    /// The node where most of it was.
    pub node: String,
}

impl CrowdSummary {
    /// What there was too much of, and how much.
    #[must_use]
    pub fn most(&self) -> (&'static str, u64) {
        if self.sessions > MOST_SESSIONS {
            ("sessions", self.sessions)
        } else if self.messages > MOST_WAITING {
            ("messages", self.messages)
        } else {
            ("pieces of work", self.work)
        }
    }
}

/// A resource that can't keep up.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exceeded {
    /// The node.
    pub node: String,
    /// Its resource.
    pub resource: &'static str,
    /// Offered load over capacity.
    pub offered_ratio: f64,
}

/// The answer to the question whether the service levels hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The interval of every level lies on the good side.
    Met,
    /// At least one does not.
    Missed,
    /// No level was asked for.
    NoLevels,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServiceSummary {
    /// Sessions that began.
    pub offered: u64,
    /// Sessions that ended well.
    pub served: u64,
    /// Sessions that found no room at a node or the switch, or their mailbox locked.
    pub refused: u64,
    /// Sessions whose client gave up, as nobody answered.
    pub timed_out: u64,
    /// Sessions that a failure cut off.
    pub lost: u64,
    /// Sessions that were tried again, by their client's habit or from a server's queue.
    pub retried: u64,
    /// Of the refused sessions the ones that found their mailbox locked; where mailboxes are locked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked: Option<u64>,
    /// Logins again at nodes that did not know the session; where a service takes a connection for each page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relogins: Option<u64>,
    /// Sessions that a filter turned away.
    pub rejected: u64,
    /// Sessions that a greylist turned away for now; they are served, and neither failed nor late. Where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferred: Option<u64>,
    /// Of the sessions offered those that came back from there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<u64>,
    /// Messages that a filter took out.
    pub filtered: u64,
    /// Changes of the configuration that undid an earlier one; where the service changes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_changes: Option<u64>,
    /// Mean number of connections that stand open; where the service has such.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<Estimate>,
    /// Sessions under way when the windows began.
    pub present_at_start: u64,
    /// Sessions under way when they ended.
    pub present_at_end: u64,
    /// Sessions ended per second.
    pub throughput_per_s: Estimate,
    /// Mean number of sessions under way.
    pub concurrency: Estimate,
    /// From the intended arrival to the end.
    pub response_s: Response,
    /// The part of it at the cluster.
    pub server_s: Response,
    /// The part of it on the client's own line.
    pub link_s: Response,
    /// By operation.
    pub operations: BTreeMap<String, OperationSummary>,
}

/// An operation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OperationSummary {
    /// Executions that ended.
    pub done: u64,
    /// Whether the client waits for it.
    pub client_waits: bool,
    /// From the start of an execution to its end.
    pub response_s: Response,
}

/// A distribution of times in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Response {
    /// Mean.
    pub mean: Estimate,
    /// Median.
    pub p50: Estimate,
    /// 95 % are below.
    pub p95: Estimate,
    /// 99 % are below.
    pub p99: Estimate,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NodeSummary {
    /// What it is there for.
    pub role: &'static str,
    /// What it is.
    pub tier: String,
    /// Utilisation of the processors.
    pub cpu_ratio: Estimate,
    /// Utilisation of the disks.
    pub disk_ratio: Estimate,
    /// Utilisation of the busier direction of the link.
    pub link_ratio: Estimate,
    /// The most memory in use, files not counted, in millions of bytes; where memory has a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ram_peak_mb: Option<f64>,
    /// Share of the store's reads that found their data in memory; where the store is, if the mailboxes are of known size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_hit_ratio: Option<Estimate>,
    /// Pages read from the disk because memory in use did not fit; where that happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_faults: Option<u64>,
    /// The part of its workers that is held, by service; where their number is limited.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub workers_ratio: BTreeMap<String, Estimate>,
    /// The most sessions at one time.
    pub connections_peak: u64,
    /// Sessions that were sent to it and met no answer or a refusal, as the machine or the service was down; where
    /// something fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<u64>,
    /// Pieces of work after replies that were gone with its disk; where that happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_work: Option<u64>,
    /// Its share of all sessions.
    pub share_ratio: Estimate,
}

/// A service level.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelSummary {
    /// Its name.
    pub name: String,
    /// What was asked for, in words.
    pub limit: String,
    /// The share in time.
    pub estimate: Estimate,
    /// Whether the lower end of its interval is at least the share that was asked for.
    pub met: bool,
    /// The part of the allowed lateness that is left; negative when the level is missed.
    pub margin_ratio: Option<f64>,
}
