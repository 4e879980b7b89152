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
mod growth;
pub mod hardware;
pub mod law;
pub mod level;
pub mod mail;
pub mod mailboxes;
pub mod memory;
pub mod monitor;
pub mod nlb;
pub mod operation;
pub mod patience;
pub mod prices;
pub mod product;
pub mod profile;
pub mod resolve;
pub mod route;
pub mod site;
pub mod source;
pub mod split;
pub mod store_start;
pub mod stream;
pub mod switch;
pub mod switch_check;
pub mod switch_limits;
pub mod switch_pair;
pub mod table;
pub mod text;
pub mod topology;
pub mod trace;
pub mod within;
pub mod write;

pub use background::Background;
pub use burst::Burst;
pub use cpu_quota::CpuQuota;
pub use directory::Directory;
pub use disk::DiskWork;
pub use dns::{Resolvers, RoundRobinDns};
pub use domains::Domains;
pub use error::{Place, ScenarioError};
pub use fault::{Component, Fault, FaultKind};
pub use file::{
    AddressChoice, Affinity, Algorithm, ClientTransfer, Configuration, DirectoryKind, Discipline, Edition, Messages,
    Prefer, ResolverOrder, Role, Rotation, Stage, StoreTransfer, Survive, SwitchPairs, Times,
};
pub use hardware::Tier;
pub use level::{Level, Limit};
pub use mail::{Carried, Concurrency, Delivery, Exchange, Retry, Sender, Whose};
pub use mailboxes::{Mailboxes, Pool};
pub use memory::{Caches, Contents, Footprint, PAGE};
pub use monitor::Monitor;
pub use nlb::{Nlb, NlbCluster};
pub use operation::Operation;
pub use patience::Patience;
pub use prices::Prices;
pub use product::Product;
pub use resolve::{Hardware, Origin, Setting, load, load_beside};
pub use route::{Parts, Route};
pub use site::Site;
pub use source::Override;
pub use split::Split;
pub use store_start::StoreStart;
pub use stream::{Gate, Standing, Stream};
pub use switch::{Agent, Persistence, Switch};
pub use switch_check::{Check, CheckKind, Proxy};
pub use switch_limits::SwitchLimits;
pub use switch_pair::SwitchPair;
pub use topology::{Cluster, Node};
pub use trace::Trace;
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
    /// Whether the window begins at midnight, and its hours are those of the day.
    pub has_clock: bool,
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
    /// Who watches the services from outside and moves nodes in and out, if anybody does.
    pub monitor: Option<Monitor>,
    /// Whether a second switch stands by; none where there is one.
    pub switch_pair: Option<SwitchPair>,
    /// How services start again that use the mail store of another node; none where nothing of it takes time.
    pub store_start: Option<StoreStart>,
    /// What machines do beside the mail, in the order of the names.
    pub background: Vec<Background>,
    /// The servers that send mail from outside, in the order of the names; never empty, shares add up to 1.
    pub senders: Vec<Sender>,
    /// How a backup forwards what it has taken.
    pub backup: mail::Backup,
    /// The records by which mail is sent; none where senders know where it goes.
    pub exchange: Option<Exchange>,
    /// What fails by script, in the order of the names.
    pub faults: Vec<Fault>,
    /// The service levels, in the order of their names.
    pub levels: Vec<Level>,
    /// What a design costs beside its machines.
    pub prices: Prices,
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
    /// How often they try again when a session has failed, and after how many seconds each time.
    pub retries: u32,
    /// The law of these times.
    pub retry_interval: Law,
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
    /// Tiers for the backup.
    pub backup_tiers: Vec<Arc<Tier>>,
    /// Which services have primaries of their own in configuration 6; none where they can't be parted.
    pub split: Option<Split>,
    /// The most primaries to try.
    pub most_primaries: u32,
    /// For each way of balancing, how the sessions of each service find a node; none = as the scenario has it.
    pub ways: Option<Vec<Vec<Route>>>,
    /// Whether a second switch stands by.
    pub switch_pair: SwitchPairs,
    /// Directories to try, at least one.
    pub directories: Vec<Arc<Directory>>,
    /// What orders the search.
    pub prefer: Prefer,
    /// What the levels must outlast.
    pub survive: Survive,
    /// Limits are tested at this share of their value, above 0 and at most 1.
    pub margin: f64,
}

impl ClientGroup {
    /// Addresses of 32 bits.
    pub const MOST_ADDRESSES: u64 = 1 << 32;

    /// One address for each user of a group with this share; so many that hardly any comes twice where nobody says how many
    /// users there are.
    #[must_use]
    pub fn one_address_each(users: u64, share: f64) -> u64 {
        let most = ClientGroup::MOST_ADDRESSES;
        if users == 0 { most } else { ((users as f64 * share) as u64).clamp(1, most) }
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
