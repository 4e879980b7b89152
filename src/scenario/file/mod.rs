//! The shapes of a scenario file and of a profile, as written.
//!
//! Only structs and externally tagged enums, each refusing unknown keys: `flatten`, `untagged` and internal tags would
//! lose the position of a mistake. What the values mean, and every default, is [`resolve`](super::resolve)'s business.

mod background;
mod cost;
mod directory;
mod dns;
mod fault;
mod goals;
mod machines;
mod mail;
mod monitor;
mod nlb;
mod people;
mod product;
mod routing;
mod store;
mod switch;
mod switch_check;
mod switch_limits;
mod within;
mod work;

pub use background::{Background, Direction};
pub use cost::{Cost, System};
pub use directory::{Directory, DirectoryKind};
pub use dns::{AddressChoice, NameServer, ResolverOrder, Rotation, RoundRobinDns};
pub use fault::{Fault, FaultKind};
pub use goals::{Balancer, Choice, Level, Plan, Prefer, Survive, SwitchPairs};
pub use machines::{Cluster, Configuration, Discipline, Node, Role, Tier};
pub use mail::{Backup, Delivery, Exchange, Sender};
pub use monitor::Monitor;
pub use nlb::{Affinity, Nlb};
pub use people::{Arrivals, Burst, ClientGroup, Pool, Population, Profile, Session, Visit};
pub use product::{Edition, Product};
pub use routing::Routing;
pub use store::StoreStart;
pub use switch::{Agent, Algorithm, Persistence, Switch};
pub use switch_check::{Check, CheckKind};
pub use switch_limits::SwitchLimits;
pub use within::Within;
pub use work::{
    ClientTransfer, Filter, FilterPlace, Messages, Operation, Reply, Service, Stage, State, StoreTransfer, Times,
    WorkerFor,
};

use crate::scenario::memory::Caches;
use crate::units::Time;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A table of things that the user names.
pub type Named<T> = BTreeMap<Spanned<String>, T>;

/// A whole scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Version of the scenario format: 1.
    pub format: Spanned<u32>,
    /// What the scenario is called.
    pub name: String,
    /// The question that it answers.
    pub question: Option<String>,
    /// How long to look.
    pub time: TimeTable,
    /// The random numbers.
    pub random: Option<RandomTable>,
    /// People, by name.
    #[serde(default)]
    pub population: Named<Population>,
    /// Times in which more sessions come, by name.
    #[serde(default)]
    pub burst: Named<Burst>,
    /// How clients reach the cluster, by name; the shares add up to 1.
    #[serde(default)]
    pub client_group: Named<ClientGroup>,
    /// Bare streams of sessions, by name.
    #[serde(default)]
    pub arrivals: Named<Arrivals>,
    /// Operations that override those of a profile, or that bare streams use.
    #[serde(default)]
    pub service: Named<Service>,
    /// What mail from outside has to pass, by name.
    #[serde(default)]
    pub filter: Named<Filter>,
    /// Machines of the scenario's own, by name; they come before those of the hardware table.
    #[serde(default)]
    pub tier: Named<Tier>,
    /// The mail software.
    pub product: Option<Product>,
    /// What the directory of users costs.
    pub directory: Option<Directory>,
    /// The design.
    pub cluster: Cluster,
    /// The machines, by name.
    #[serde(default)]
    pub node: Named<Node>,
    /// What machines do beside the mail, by name.
    #[serde(default)]
    pub background: Named<Background>,
    /// What a query costs a name server.
    pub dns: Option<NameServer>,
    /// How sessions find a node: `default`, or by service.
    #[serde(default)]
    pub routing: Named<Routing>,
    /// Servers elsewhere that send mail to this cluster, by kind; default such as Postfix.
    #[serde(default)]
    pub sender: Named<Sender>,
    /// How the backup forwards what it has taken.
    pub backup: Option<Spanned<Backup>>,
    /// The records by which mail is sent; default: senders know where it goes.
    pub mx: Option<Spanned<Exchange>>,
    /// What fails by script, by name.
    #[serde(default)]
    pub fault: Named<Fault>,
    /// Who watches the services from outside and moves nodes in and out; default nobody.
    pub monitor: Option<Spanned<Monitor>>,
    /// What the switch can bear; default anything.
    pub switch: Option<Spanned<SwitchLimits>>,
    /// How services start again that use the mail store of another node; default at once.
    pub store: Option<Spanned<StoreStart>>,
    /// Service levels, by name.
    #[serde(default)]
    pub level: Named<Level>,
    /// What a design costs beside its machines.
    pub cost: Option<Cost>,
    /// What a search may vary.
    pub plan: Option<Plan>,
}

/// How long to look.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeTable {
    /// `"peak-hour"`, `"day"`, `"week"`, or a duration at the rates of the peak hour.
    pub window: Spanned<String>,
    /// Time that is simulated before the window, at most a year; default: computed from the load.
    pub warm_up: Option<Spanned<Time>>,
    /// How full the file caches are when a replication begins, before its warm-up; default warm: as full as they get.
    pub caches: Option<Caches>,
    /// Sessions by node are counted in intervals of this length, for `shares.csv`, from a 10 000th of the window to all of it;
    /// default 1 min, or a 1440th of the window when that is longer.
    pub share_interval: Option<Spanned<Time>>,
}

/// The random numbers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RandomTable {
    /// Master seed; default 1.
    pub seed: Option<u64>,
}
