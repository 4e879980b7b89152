//! What the lab is to do, as data: hosts, servers, and who comes when. The confined part of the program reads it and knows
//! no scenario.

use super::ground::Ground;
use super::web::Gateway;
use crate::deployment::port;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;

/// The domain of the lab's mailboxes; reserved for such use by RFC 2606.
pub const DOMAIN: &str = "lab.test";
/// Everything that the lab writes while it runs: on a bridge a file system in memory that only its own processes see, on loopback ports
/// the directory of this name.
pub const HOME: &str = "/run/mxplan";
/// Where the mailboxes are that all nodes share.
pub const STORE: &str = "/run/mxplan/store";

/// The name of the host with the switch.
pub const SWITCH: &str = "switch";
/// Of that with the name servers.
pub const NAMES: &str = "names";
/// Of the server elsewhere that sends mail.
pub const WORLD: &str = "world";
/// Of that which does the same in every run.
pub const WITNESS: &str = "witness";

/// Where the switch says what it holds of its nodes.
pub const SWITCH_LOG: &str = "/run/mxplan/switch.log";

/// Everything that the confined part needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Part of the name of every CPU group that it makes, or of every mark.
    pub id: u32,
    /// What the hosts stand on.
    pub ground: Ground,
    /// The nodes.
    pub hosts: Vec<Host>,
    /// The configuration of the switch, where there is one.
    pub haproxy: Option<String>,
    /// The name servers, where there are any.
    pub names: Option<Names>,
    /// The hosts that share an address, where some do.
    pub shared: Option<Shared>,
    /// A server elsewhere that sends mail, where one does.
    pub world: Option<Host>,
    /// A host beside the nodes that does the same in every run, where there is one.
    pub witness: Option<Witness>,
    /// Processors of the load, the switch and the name servers.
    pub load_cpus: Vec<u32>,
    /// Source addresses that sessions come from.
    pub sources: u32,
    /// Mailboxes that POP3, IMAP and web mail sessions read: for each protocol the sizes of the messages in each of its mailboxes.
    pub mailboxes: Vec<Shelf>,
    /// The sessions, in the order in which they come.
    pub orders: Vec<Order>,
    /// What is done to the nodes meanwhile.
    pub strikes: Vec<Strike>,
    /// Whether mail that is taken stays in the queue.
    pub holds: bool,
    /// What clients do when nobody answers.
    pub patience: Patience,
    /// The nodes among which the sessions of a service are distributed.
    pub pools: Pools,
    /// When the window begins and ends, from the first moment of the load.
    pub window: (Duration, Duration),
}

impl Job {
    /// Whether sessions of a protocol go to this address.
    #[must_use]
    pub fn goes_to(&self, address: Ipv4Addr, protocol: Protocol) -> bool {
        self.orders.iter().any(|order| order.protocol == protocol && order.target == Target::Address(address))
    }

    /// Hosts beside the nodes that are built like them.
    pub fn beside_nodes(&self) -> impl Iterator<Item = &Host> {
        self.world.iter().chain(self.witness.iter().map(|witness| &witness.host))
    }

    /// The nodes, and who else has mail in a queue.
    pub fn with_queues(&self) -> impl Iterator<Item = &Host> {
        self.hosts.iter().chain(self.beside_nodes())
    }

    /// Whether sessions of a protocol ask for a name.
    #[must_use]
    pub fn is_named(&self, protocol: Protocol) -> bool {
        let asks = |order: &Order| matches!(order.target, Target::Name { .. });
        self.orders.iter().any(|order| order.protocol == protocol && asks(order))
    }
}

/// A node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Its name, as in the scenario.
    pub name: String,
    /// Its address.
    pub address: Ipv4Addr,
    /// Processors that it may use.
    pub cpus: Vec<u32>,
    /// Its share of them, where it is not all.
    pub quota: Option<Quota>,
    /// What Postfix reads, where there is one.
    pub postfix: Option<Texts>,
    /// What Dovecot reads, where there is one.
    pub dovecot: Option<String>,
    /// What its web mail knows, where there is some.
    pub web: Option<Gateway>,
    /// Ports on which it is to answer before anything begins.
    pub ports: Vec<u16>,
}

/// A host that does the same in every run, and what comes to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Witness {
    /// The host.
    pub host: Host,
    /// Its sessions, in the order in which they come; they are no part of the load.
    pub orders: Vec<Order>,
}

/// Hosts that share an address and filter for themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shared {
    /// The address.
    pub address: Ipv4Addr,
    /// The hosts: the place of each, and what it takes in proportion to.
    pub hosts: Vec<(usize, u32)>,
    /// How long after its start each of them does so for the first time.
    pub phases: Vec<Duration>,
    /// How often each tells the others that it lives.
    pub heartbeat: Duration,
    /// After how many of them that did not come one counts as dead.
    pub missed: u32,
    /// How long they take to agree on who has which clients.
    pub convergence: Duration,
}

/// The servers that sessions ask for names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Names {
    /// What BIND reads.
    pub named_conf: String,
    /// The zone that it serves.
    pub zone: String,
    /// The resolvers: where each is, and what Unbound reads.
    pub resolvers: Vec<(Ipv4Addr, String)>,
    /// The one of them that servers ask, where some do.
    pub of_servers: Option<Ipv4Addr>,
}

/// What clients do when nobody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patience {
    /// After so long without an answer to its first packet, a client gives an address up.
    pub connect_timeout: Duration,
    /// A client whose connection is open and who hears nothing gives up after so long.
    pub timeout: Duration,
    /// Whether it tries the next address when it has given one up, if it knows one.
    pub next_address: bool,
}

/// The nodes among which sessions are distributed, and the intervals in which it is looked at how evenly.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Pools {
    /// Length of an interval, in seconds.
    pub interval_s: f64,
    /// The nodes of each service that has several, by its name.
    pub nodes: BTreeMap<String, Vec<String>>,
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
    /// Mail is read in a browser.
    #[serde(rename = "webmail")]
    Web,
}

impl Protocol {
    /// How many there are.
    pub const COUNT: usize = 4;
    /// All of them.
    pub const ALL: [Protocol; Protocol::COUNT] = [Protocol::Smtp, Protocol::Pop3, Protocol::Imap, Protocol::Web];

    /// The name of the service.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Smtp => "smtp",
            Protocol::Pop3 => "pop3",
            Protocol::Imap => "imap",
            Protocol::Web => "webmail",
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

    /// The name by which its servers are found.
    #[must_use]
    pub fn host_name(self) -> String {
        format!("{}.{DOMAIN}", self.name())
    }

    /// The name of a mailbox that the lab's sessions deliver to or read.
    #[must_use]
    pub fn mailbox(self, number: u32) -> String {
        match self {
            Protocol::Smtp => format!("in-{number}"),
            Protocol::Pop3 | Protocol::Imap | Protocol::Web => format!("{}-{number}", self.name()),
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

/// Where a session goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// To this address.
    Address(Ipv4Addr),
    /// To the addresses that the name of its service has.
    Name {
        /// The resolver that it asks.
        resolver: Ipv4Addr,
        /// The number of its question.
        query: u16,
    },
}

/// A session that is to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// When, in nanoseconds from the first moment of the load.
    pub at_ns: u64,
    /// What it talks.
    pub protocol: Protocol,
    /// Where it goes.
    pub target: Target,
    /// Whether that is a server elsewhere, which sends the mail to the cluster.
    pub hands_over: bool,
    /// Number of the source address.
    pub source: u32,
    /// Number of the mailbox.
    pub mailbox: u32,
    /// SMTP: bytes and recipients of each message. Others read as many as there are.
    pub messages: Vec<(u64, u32)>,
}
