//! What the lab is to do, as data: hosts, servers, and who comes when. The confined part of the program reads it and knows
//! no scenario.

use crate::deployment::port;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use std::time::Duration;

/// The domain of the lab's mailboxes; reserved for such use by RFC 2606.
pub const DOMAIN: &str = "lab.test";
/// Everything that the lab writes while it runs: a file system in memory that only its own processes see.
pub const HOME: &str = "/run/mxplan";
/// Where the mailboxes are that all nodes share.
pub const STORE: &str = "/run/mxplan/store";

/// Where the switch says what it holds of its nodes.
pub const SWITCH_LOG: &str = "/run/mxplan/switch.log";

/// Everything that the confined part needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Part of the name of every CPU group that it makes.
    pub id: u32,
    /// The nodes.
    pub hosts: Vec<Host>,
    /// The configuration of the switch, where there is one.
    pub haproxy: Option<String>,
    /// Processors of the load and the switch.
    pub load_cpus: Vec<u32>,
    /// Source addresses that sessions come from.
    pub sources: u32,
    /// Mailboxes that POP3 and IMAP sessions read: for each protocol the sizes of the messages in each of its mailboxes.
    pub mailboxes: Vec<Shelf>,
    /// The sessions, in the order in which they come.
    pub orders: Vec<Order>,
    /// What is done to the nodes meanwhile.
    pub strikes: Vec<Strike>,
    /// Whether mail that is taken stays in the queue.
    pub holds: bool,
    /// How long clients wait for an answer.
    pub timeout: Duration,
    /// When the window begins and ends, from the first moment of the load.
    pub window: (Duration, Duration),
}

/// A node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Its name, as in the scenario.
    pub name: String,
    /// Its address on the lab's bridge.
    pub address: Ipv4Addr,
    /// Processors that it may use.
    pub cpus: Vec<u32>,
    /// Its share of them, where it is not all.
    pub quota: Option<Quota>,
    /// What Postfix reads, where there is one.
    pub postfix: Option<Texts>,
    /// What Dovecot reads.
    pub dovecot: String,
    /// Ports on which it is to answer before anything begins.
    pub ports: Vec<u16>,
}

/// The files of Postfix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Texts {
    /// `main.cf`
    pub main_cf: String,
    /// `master.cf`
    pub master_cf: String,
}

/// Something that is done to a node, and undone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Strike {
    /// The fault of the scenario.
    pub fault: String,
    /// The place of the host.
    pub host: usize,
    /// What is done.
    pub way: Way,
    /// When, from the first moment of the load.
    pub at: Duration,
    /// When it is undone.
    pub until: Duration,
}

/// What is done to a node.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Way {
    /// All its processes are killed, and its servers are started again.
    Kill,
    /// Its processes do not run; the kernel still takes connections.
    Freeze,
    /// Its link is down.
    Unplug,
    /// Its budget of core time is this part of what it was.
    Slow(f64),
}

/// Core time in each period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quota {
    /// Core time, in microseconds.
    pub us: u64,
    /// The period, in microseconds.
    pub period_us: u64,
    /// What is kept of it at most where it was not used, beyond what Linux itself leaves at a processor.
    pub burst_us: u64,
}

impl Quota {
    /// A part of it.
    #[must_use]
    pub fn times(self, part: f64) -> Quota {
        Quota { us: ((self.us as f64 * part).round() as u64).max(1_000), ..self }
    }
}

impl Host {
    /// Its budget of core time; where it has none, all of its processors in periods of 10 ms.
    #[must_use]
    pub fn budget(&self) -> Quota {
        let period_us = 10_000;
        self.quota.unwrap_or(Quota { us: period_us * self.cpus.len().max(1) as u64, period_us, burst_us: 0 })
    }

    /// How many cores its budget is worth.
    #[must_use]
    pub fn capacity_cores(&self) -> f64 {
        self.quota.map_or(self.cpus.len() as f64, |quota| quota.us as f64 / quota.period_us as f64)
    }
}

/// What clients talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// Mail comes in.
    Smtp,
    /// Mail is fetched.
    Pop3,
    /// Mail is read where it is.
    Imap,
}

impl Protocol {
    /// All of them.
    pub const ALL: [Protocol; 3] = [Protocol::Smtp, Protocol::Pop3, Protocol::Imap];

    /// The name of the service.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Smtp => "smtp",
            Protocol::Pop3 => "pop3",
            Protocol::Imap => "imap",
        }
    }

    /// The protocol of a service by its name.
    #[must_use]
    pub fn of(service: &str) -> Option<Protocol> {
        Protocol::ALL.into_iter().find(|protocol| protocol.name() == service)
    }

    /// Its well-known port.
    #[must_use]
    pub fn port(self) -> u16 {
        port(self.name()).expect("a protocol of mail has one")
    }

    /// The name of a mailbox that the lab's sessions deliver to or read.
    #[must_use]
    pub fn mailbox(self, number: u32) -> String {
        match self {
            Protocol::Smtp => format!("in-{number}"),
            Protocol::Pop3 | Protocol::Imap => format!("{}-{number}", self.name()),
        }
    }
}

/// The mailboxes that sessions of one protocol read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shelf {
    /// Who reads them.
    pub protocol: Protocol,
    /// For each mailbox, the bytes of its messages.
    pub sizes: Vec<Vec<u64>>,
}

/// A session that is to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// When, in nanoseconds from the first moment of the load.
    pub at_ns: u64,
    /// What it talks.
    pub protocol: Protocol,
    /// The address that it goes to.
    pub target: Ipv4Addr,
    /// Number of the source address.
    pub source: u32,
    /// Number of the mailbox.
    pub mailbox: u32,
    /// SMTP: bytes and recipients of each message. Others read as many as there are.
    pub messages: Vec<(u64, u32)>,
}
