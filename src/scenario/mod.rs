//! What the user wrote, and what it means.
//!
//! Data passes through here once, in one direction: text → [`source`] (the text with the `--set` options laid over it)
//! → [`file`](mod@file) (the shapes, as written) → [`resolve`] → [`Scenario`]. After that a scenario is valid and
//! complete, and nothing is checked again. Everything that was resolved, with its origin, is kept in
//! [`Scenario::settings`].

pub mod background;
pub mod buckets;
pub mod burst;
pub mod configuration;
pub mod cpu_quota;
pub mod directory;
pub mod disk;
pub mod dns;
pub mod domains;
pub mod error;
pub mod fault;
pub mod file;
pub mod greylist;
pub mod hardware;
pub mod law;
pub mod level;
pub mod mailboxes;
pub mod memory;
pub mod nlb;
pub mod patience;
pub mod product;
pub mod profile;
pub mod resolve;
pub mod route;
pub mod site;
pub mod source;
pub mod switch;
pub mod switch_check;
pub mod switch_limits;
pub mod topology;
pub mod within;

pub use background::Background;
pub use burst::Burst;
pub use cpu_quota::CpuQuota;
pub use directory::Directory;
pub use disk::DiskWork;
pub use dns::{Resolvers, RoundRobinDns};
pub use domains::Domains;
pub use error::{Place, ScenarioError};
pub use fault::{Fault, FaultKind};
pub use file::{
    AddressChoice, Affinity, Algorithm, ClientTransfer, Configuration, DirectoryKind, Discipline, Edition, Messages,
    Prefer, ResolverOrder, Role, Rotation, Stage, StoreTransfer, Survive, Times,
};
pub use hardware::Tier;
pub use level::{Level, Limit};
pub use mailboxes::{Mailboxes, Pool};
pub use memory::{Caches, Contents, Footprint, PAGE};
pub use nlb::{Nlb, NlbCluster};
pub use patience::Patience;
pub use product::Product;
pub use resolve::{Hardware, Origin, Setting, load};
pub use route::{Parts, Route};
pub use site::Site;
pub use source::Override;
pub use switch::{Agent, Persistence, Switch};
pub use switch_check::{Check, CheckKind, Proxy};
pub use switch_limits::SwitchLimits;
pub use topology::{Cluster, Node};
pub use within::Within;

use crate::random::Law;
use crate::units::Time;
use std::sync::Arc;

/// A scenario that is valid and complete.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// The user's name for it.
    pub name: String,
    /// The question that it answers.
    pub question: Option<String>,
    /// The measured time of one replication, after the warm-up.
    pub window: Time,
    /// The warm-up, when the user fixed it; otherwise it is computed from the load.
    pub warm_up: Option<Time>,
    /// Sessions by node are counted in intervals of this length.
    pub share_interval: Time,
    /// Master seed of all random numbers.
    pub seed: u64,
    /// The services, in the order of their names.
    pub services: Vec<Service>,
    /// All operations of all services.
    pub operations: Vec<Operation>,
    /// The arrival streams, in the order of their names.
    pub streams: Vec<Stream>,
    /// How many there are of the people who have one session at a time; streams refer to them by index.
    pub sources: Vec<u64>,
    /// The mailboxes of the populations that have pools; streams refer to them by index.
    pub mailboxes: Vec<Mailboxes>,
    /// The client groups; never empty.
    pub groups: Vec<ClientGroup>,
    /// Users of all populations; 0 where only bare streams arrive.
    pub users: u64,
    /// What their mailboxes hold, by population.
    pub contents: Vec<Contents>,
    /// How full the file caches are when a replication begins.
    pub caches: Caches,
    /// Mail domains that every primary is configured for.
    pub domains: u64,
    /// The directory of users.
    pub directory: Directory,
    /// CPU that a query takes at a name server of the cluster, in seconds of the reference core.
    pub query_cpu: Law,
    /// The mail software.
    pub product: Product,
    /// The cluster.
    pub cluster: Cluster,
    /// What the switch can bear, where there is one.
    pub switch: SwitchLimits,
    /// What machines do beside the mail, in the order of the names.
    pub background: Vec<Background>,
    /// What fails by script, in the order of the names.
    pub faults: Vec<Fault>,
    /// The service levels, in the order of their names.
    pub levels: Vec<Level>,
    /// What a search may vary, when the scenario leaves something open.
    pub plan: Option<Plan>,
    /// Every resolved key with its value and origin, in the order of the keys.
    pub settings: Vec<Setting>,
}

/// A service and its operations.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// `smtp`, `pop3`, …
    pub name: String,
    /// What a node has room for.
    pub limits: Limits,
    /// What its sessions keep in memory.
    pub footprint: Footprint,
    /// Indices into [`Scenario::operations`].
    pub operations: Vec<usize>,
    /// Index of the operation that a session does again at a node that does not know it. Such sessions have a connection for
    /// each operation that their clients think about.
    pub relogin: Option<usize>,
}

/// How much of a service a node takes on at one time; none = any number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Sessions, at least 1.
    pub connections: Option<u32>,
    /// Sessions that wait for a connection; further ones are refused.
    pub backlog: u32,
    /// Sessions that are worked on: a worker is held from the first operation of a session to its end, also while it waits
    /// for a disk, the data server or the client's line. At least 1.
    pub workers: Option<u32>,
    /// Work after replies. At least 1.
    pub queue_workers: Option<u32>,
    /// Whether a worker is given back after each operation, and not only at the end of the session.
    pub worker_per_operation: bool,
    /// Whether a mailbox has one session at a time (RFC 1939 for POP3); a further one is refused at once.
    pub mailbox_lock: bool,
}

/// What one operation asks of the machines, in reference units.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Its name within the service.
    pub name: String,
    /// Index of the service.
    pub service: usize,
    /// CPU at the node, in seconds of the reference core.
    pub cpu: Law,
    /// CPU at the node for each KB (1000 bytes) of the message, in seconds of the reference core.
    pub cpu_per_kb_s: f64,
    /// CPU at the data server, when the store is on one, in seconds of the reference core.
    pub data_cpu: Law,
    /// Users looked up in the directory.
    pub lookups: u32,
    /// Writes to the node's own disk.
    pub queue_writes: u32,
    /// Reads from the disk that holds the mail store.
    pub store_reads: u32,
    /// Writes to the disk that holds the mail store.
    pub store_writes: u32,
    /// Flushes of what was written to the node's own disk, each a disk operation like a write.
    pub queue_fsyncs: u32,
    /// Flushes of what was written to the disk that holds the mail store.
    pub store_fsyncs: u32,
    /// Whether the message crosses the client's line.
    pub client_transfer: ClientTransfer,
    /// Whether the message crosses to or from the mail store.
    pub store_transfer: StoreTransfer,
    /// Round trips between client and node.
    pub round_trips: u32,
    /// Seconds that the client takes before it asks for this.
    pub think: Law,
    /// Seconds that a server elsewhere takes for its part.
    pub remote_latency: Law,
    /// Seconds until those come back whom it turned away for now, as a greylist does.
    pub returns_after: Law,
    /// CPU at every primary for each mail domain, when it reloads the configuration that this has changed, in seconds of the
    /// reference core; 0 = it changes none.
    pub reload_per_domain_s: f64,
    /// Share of these changes before which the configuration was reloaded, so that they undo no other, 0 to 1.
    pub reload_first: f64,
    /// Which sessions do it: each has a uniform number, and those do whose number lies between these two.
    pub part: (f64, f64),
    /// Operations of other services that are done as a part of this one, in order: at the same node where that runs the
    /// service, else at one that does. Indices into [`Scenario::operations`]; none of them calls others itself.
    pub calls: Vec<usize>,
    /// Whether it is done by a node of role `filter`.
    pub at_filter_tier: bool,
    /// Whether the node that does it has what it stores on its own disk, and asks no other for it.
    pub local_state: bool,
    /// Whether the client waits for it.
    pub client_waits: bool,
    /// Executions at one node at one time; none = any number.
    pub concurrency: Option<u32>,
    /// How often it is done.
    pub times: Times,
    /// For which messages.
    pub messages: Messages,
    /// Whether each execution puts a message into a mailbox.
    pub delivers: bool,
}

impl Operation {
    /// Whether it works for another node or another service in sessions of this one, so that it has no client of its own.
    #[must_use]
    pub fn is_called_by(&self, service: usize) -> bool {
        self.at_filter_tier || self.service != service
    }

    /// Whether an execution takes CPU at the session's node, and at the node that holds the store when that is another.
    #[must_use]
    pub fn bursts(&self, directory: &Directory) -> (bool, bool) {
        let at_node = self.cpu.mean() > 0.0 || self.cpu_per_kb_s > 0.0 || directory.node_s(self) > 0.0;
        (at_node, self.data_cpu.mean() > 0.0)
    }

    /// Whether it touches the mail store at all.
    #[must_use]
    pub fn uses_store(&self) -> bool {
        self.store_reads > 0
            || self.store_writes > 0
            || self.store_fsyncs > 0
            || self.store_transfer != StoreTransfer::None
            || self.data_cpu.mean() > 0.0
    }
}

/// A Poisson stream of like sessions.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// Stable name: `<population>/<session>`, or the name of a bare stream.
    pub name: String,
    /// Index of the service.
    pub service: usize,
    /// The domains that its sessions are for; none for a bare stream.
    pub domains: Option<Domains>,
    /// Index of the finite source that its sessions come from, if they do; rates are then those while nobody has a session.
    pub source: Option<usize>,
    /// Sessions on an average day of the week.
    pub per_day: f64,
    /// Sessions per second in the busiest hour of the cluster, bursts included: a shorter burst counts by its mean over that
    /// hour, and what queues up within it only a simulation shows.
    pub rate_per_s: f64,
    /// Sessions per second over the whole window, bursts included.
    pub mean_per_s: f64,
    /// Times in which the rates below are multiplied.
    pub bursts: Vec<Burst>,
    /// Sessions per second by hour of the window; a single one when the rate does not change, and repeated when the window
    /// is longer.
    pub hours_per_s: Vec<f64>,
    /// The operations of a session, in order; indices into [`Scenario::operations`].
    pub operations: Vec<usize>,
    /// For each of them, the gate that it is, if it is a filter.
    pub gates: Vec<Option<Gate>>,
    /// The connections that its sessions leave open, if they do.
    pub standing: Option<Standing>,
    /// Whether its sessions come on such connections: they bring one along, and their rate follows from the number open.
    pub on_open_connections: bool,
    /// Messages in a session. Of a session that opens a mailbox: the law in the long run, while a simulation counts what was
    /// delivered.
    pub messages: Law,
    /// The mailboxes that its sessions deliver to.
    pub mailboxes: Option<usize>,
    /// The pool of those whose mailboxes its sessions open, if they open one.
    pub pool: Option<usize>,
    /// Bytes of a message.
    pub size: Law,
    /// Recipients of a message, at least 1.
    pub recipients: Law,
    /// Share of the messages that leave the cluster.
    pub remote: f64,
}

/// Connections that stay open while nothing happens on them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Mean number when the simulation begins.
    pub at_start: f64,
    /// How often one of them is closed, per second; the time that it stays is exponential.
    pub leaves_per_s: f64,
    /// How often something happens on one of them, per second; as a Poisson process.
    pub visits_per_s: f64,
    /// Index of the stream of what happens then.
    pub visits: Option<usize>,
    /// Those that break are opened again within this time, uniformly.
    pub reconnect: Time,
}

impl Standing {
    /// How often anything happens to one of them, per second.
    #[must_use]
    pub fn events_per_s(&self) -> f64 {
        self.leaves_per_s + self.visits_per_s
    }
}

/// What an operation that filters lets through.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gate {
    /// Number of the filter: its draws hang on this and not on its place among the operations.
    pub filter: u32,
    /// When it works.
    pub stage: Stage,
    /// Share of this stream's sessions or messages that passes, 0 to 1.
    pub pass: f64,
    /// Share of the sessions that pass which are turned away for now unless they come back, 0 to 1.
    pub defer: f64,
    /// Share of those that come back, 0 to 1.
    pub returns: f64,
}

/// Clients that reach the cluster alike.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientGroup {
    /// Its name.
    pub name: String,
    /// Its share of all sessions, 0 to 1.
    pub share: f64,
    /// Seconds that one byte takes on the client's line; 0 = no line worth counting.
    pub s_per_byte: f64,
    /// Round-trip time between client and cluster.
    pub rtt: Time,
    /// Source addresses that they come from, at least 1.
    pub addresses: u64,
    /// Whether each connection of a session comes from an address of its own.
    pub new_address_per_connection: bool,
    /// What they do when nobody answers.
    pub patience: Patience,
    /// Who looks names up for them; none where no service is reached by DNS.
    pub resolvers: Option<Resolvers>,
}

/// The open dimensions of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Configurations to try, simplest first.
    pub configurations: Vec<Configuration>,
    /// Tiers for the primaries.
    pub tiers: Vec<Arc<Tier>>,
    /// Tiers for the data server.
    pub data_tiers: Vec<Arc<Tier>>,
    /// The most primaries to try.
    pub most_primaries: u32,
    /// What orders the search.
    pub prefer: Prefer,
    /// What the levels must outlast.
    pub survive: Survive,
    /// Limits are tested at this share of their value, above 0 and at most 1.
    pub margin: f64,
}

impl Stream {
    /// How often a session does the operation at this place of its list, on average.
    #[must_use]
    pub fn executions(&self, place: usize, operation: &Operation) -> f64 {
        let chosen = match operation.messages {
            Messages::All => 1.0,
            Messages::Local => 1.0 - self.remote,
            Messages::Remote => self.remote,
        };
        self.arrivals_at(place)
            * (operation.part.1 - operation.part.0)
            * match operation.times {
                Times::Once => 1.0,
                Times::PerMessage => self.messages.mean() * chosen,
                Times::PerRecipient => self.messages.mean() * chosen * self.recipients.mean(),
            }
    }

    /// Sessions per second over the whole window.
    #[must_use]
    pub fn mean_rate_per_s(&self) -> f64 {
        self.mean_per_s
    }
}

impl Scenario {
    /// The index of a service by name.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<usize> {
        self.services.iter().position(|service| service.name == name)
    }

    /// The same people and mail on another cluster, as a search compares them.
    #[must_use]
    pub fn on(&self, cluster: Cluster) -> Scenario {
        Scenario { cluster, ..self.clone() }
    }

    /// A digest of everything that was resolved: two scenarios with the same digest give the same results.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for setting in &self.settings {
            for part in [&setting.key, "=", &setting.value, "\n"] {
                hasher.update(part.as_bytes());
            }
        }
        *hasher.finalize().as_bytes()
    }
}
