//! Experiments: a scenario simulated in replications, and what they amount to.
//!
//! A unit of work is (scenario, replication) → [`Record`]: integers and histograms only. Replications run in parallel;
//! their records are folded in index order into a [`Summary`], so neither threads nor their speed leave a trace.

mod balance;
pub mod compare;
mod control;
mod dns;
mod drift;
mod failures;
mod fold;
mod hours;
mod mail;
mod mailboxes;
mod monitor;
mod reach;
mod record;
mod replicate;
mod simulate;
mod summary;
mod switch;
mod visits;

pub use balance::BalanceSummary;
pub use control::Control;
pub use dns::{DnsSummary, HiddenLoad};
pub use drift::{Drift, drift};
pub use failures::{FailureSummary, drained_s};
pub use fold::summarise;
pub use hours::{HourSummary, ServiceHourSummary};
pub use mail::{MailSummary, StreamSummary};
pub use mailboxes::MailboxSummary;
pub use monitor::{FirstMoments, MonitorSummary};
pub use reach::{BeyondReach, beyond_reach};
pub use record::{RECORD_VERSION, Record};
pub use replicate::{
    Execution, MOST_REPLICATIONS, Overfull, REPLICATIONS, Rule, Run, Runs, StopReason, needed, replicate, replicate_all,
};
pub use simulate::{Failure, simulate, simulate_observed};
pub use summary::{
    CrowdSummary, Exceeded, LevelSummary, NodeSummary, OperationSummary, Response, ServiceSummary, Summary, Verdict,
};
pub use switch::SwitchSummary;
pub use visits::{Visit, VisitMessage, Visits, visits};
