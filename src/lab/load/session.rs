//! What is known of a session when it is over.

use super::line::Broken;
use crate::lab::job::{Order, Protocol};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use std::time::Instant;

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything was done.
    Served,
    /// Nobody took the connection, or the server said no.
    Refused,
    /// An answer did not come in time.
    TimedOut,
    /// The connection broke.
    Lost,
}

impl Outcome {
    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Served => "served",
            Outcome::Refused => "refused",
            Outcome::TimedOut => "timed-out",
            Outcome::Lost => "lost",
        }
    }
}

/// A session that is over. Times are seconds; those of the parts add up to the response time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// What it talked.
    pub protocol: Protocol,
    /// When it was to begin, from the first moment of the load.
    pub intended_s: f64,
    /// By how much it began later.
    pub lag_s: f64,
    /// Number of its source address.
    pub source: u32,
    /// Whether it went to a server elsewhere, which sends the mail to the cluster.
    #[serde(default)]
    pub hands_over: bool,
    /// Until it knew where to go, where a name told it.
    #[serde(default)]
    pub lookup_s: Option<f64>,
    /// The address that it tried last.
    #[serde(default)]
    pub address: Option<Ipv4Addr>,
    /// The node that greeted it, or that its first page is from.
    pub node: Option<String>,
    /// From there until the greeting; in HTTP, where nobody greets, until the connection was there.
    pub connect_s: Option<f64>,
    /// From there until it was let in: SMTP after `EHLO`, POP3 after `STAT`, IMAP after `SELECT`, web mail
    /// with the list of the inbox.
    pub open_s: Option<f64>,
    /// From there until the last message was taken or given.
    pub work_s: Option<f64>,
    /// From its intended start until the last answer that its user waits for, where it was served.
    pub response_s: Option<f64>,
    /// Messages that were taken or given.
    pub messages: u32,
    /// Copies of them that are to be delivered: a message for each recipient.
    pub copies: u32,
    /// Their bytes.
    pub bytes: u64,
    /// How it ended.
    pub outcome: Outcome,
    #[serde(skip, default = "Instant::now")]
    began: Instant,
    #[serde(skip, default = "Instant::now")]
    since: Instant,
}

/// What a session has got through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Named,
    Greeted,
    Opened,
    Served,
}

impl Session {
    /// A session that begins now.
    pub(super) fn new(order: &Order, intended: Instant) -> Session {
        let now = Instant::now();
        Session {
            protocol: order.protocol,
            intended_s: order.at_ns as f64 / 1e9,
            lag_s: now.saturating_duration_since(intended).as_secs_f64(),
            source: order.source,
            hands_over: order.hands_over,
            lookup_s: None,
            address: None,
            node: None,
            connect_s: None,
            open_s: None,
            work_s: None,
            response_s: None,
            messages: 0,
            copies: 0,
            bytes: 0,
            outcome: Outcome::Lost,
            began: intended,
            since: intended,
        }
    }

    /// A stage is reached now.
    pub(super) fn reach(&mut self, stage: Stage) {
        let now = Instant::now();
        let took = Some((now - self.since).as_secs_f64());
        self.since = now;
        match stage {
            Stage::Named => self.lookup_s = took,
            Stage::Greeted => self.connect_s = took,
            Stage::Opened => self.open_s = took,
            Stage::Served => {
                self.work_s = took;
                self.response_s = Some((now - self.began).as_secs_f64());
            }
        }
    }

    /// A message was taken or given, for so many recipients.
    pub(super) fn moved(&mut self, bytes: u64, recipients: u32) {
        self.messages += 1;
        self.copies += recipients;
        self.bytes += bytes;
    }

    /// It is over; what breaks after the last answer breaks nothing.
    pub(super) fn end(&mut self, talked: Result<(), Broken>) {
        self.outcome = match talked {
            _ if self.response_s.is_some() => Outcome::Served,
            Ok(()) => Outcome::Served,
            Err(Broken::Refused) => Outcome::Refused,
            Err(Broken::Silent) => Outcome::TimedOut,
            Err(Broken::Lost) => Outcome::Lost,
        };
    }
}
