//! The shapes of a scenario file and of a profile, as written.
//!
//! Only structs and externally tagged enums, each refusing unknown keys: `flatten`, `untagged` and internal tags would
//! lose the position of a mistake. What the values mean, and every default, is [`super::resolve`]'s business.

use super::law::{Count, Written};
use crate::units::{Bandwidth, Bytes, Money, Rate, Share, Time};
use serde::{Deserialize, Serialize};
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
    /// The design.
    pub cluster: Cluster,
    /// The machines, by name.
    #[serde(default)]
    pub node: Named<Node>,
    /// How sessions find a node: `default`, or by service.
    #[serde(default)]
    pub routing: Named<Routing>,
    /// Service levels, by name.
    #[serde(default)]
    pub level: Named<Level>,
    /// What a search may vary.
    pub plan: Option<Plan>,
}

/// How long to look.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeTable {
    /// `"peak-hour"`, `"day"`, `"week"`, or a duration at the rates of the peak hour.
    pub window: Spanned<String>,
    /// Time that is simulated before the window; default: computed from the load.
    pub warm_up: Option<Time>,
}

/// The random numbers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RandomTable {
    /// Master seed; default 1.
    pub seed: Option<u64>,
}

/// People with like habits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Mailboxes, 1 to a billion.
    pub users: Spanned<u64>,
    /// Mail domains, 1 to ten million; default 1.
    pub domains: Option<Spanned<u64>>,
    /// A built-in profile, or a `.toml` file beside the scenario.
    pub profile: Spanned<String>,
    /// Whether a user who has a session begins no second one; default for up to 50 users.
    pub finite: Option<bool>,
    /// Share of spam among the sessions from outside; it comes on top of the profile's mail. Default none.
    pub spam: Option<Spanned<Share>>,
}

/// A part of the clients that reach the cluster alike.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientGroup {
    /// Share of all sessions.
    pub share: Share,
    /// Of the client's own line; default: unlimited.
    pub bandwidth: Option<Bandwidth>,
    /// Round-trip time to the cluster; default 0.
    pub rtt: Option<Time>,
}

/// A bare stream of sessions, instead of a population.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrivals {
    /// The service that the sessions are for.
    pub service: Spanned<String>,
    /// Sessions per second, Poisson; with `sources`, while none of them has a session.
    pub rate: Rate,
    /// Sources of which each has one session at a time, 1 to a billion; default: any number.
    pub sources: Option<Spanned<u64>>,
    /// The operations of a session in order; default: the only one of the service.
    pub operations: Option<Vec<Spanned<String>>>,
    /// Messages in a session; default 1.
    pub messages: Option<Written<Count>>,
    /// Bytes of a message; default 0.
    pub size: Option<Written<Bytes>>,
    /// Recipients of a message, at least 1; default 1.
    pub recipients: Option<Written<Count>>,
    /// Share of the messages that leave the cluster; default 0.
    pub remote: Option<Share>,
}

/// The operations of a service.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Sessions that a node holds at one time, 1 to a million; default: any number.
    pub connections: Option<u32>,
    /// Sessions that wait when a node holds all it can; further ones are refused. Default 100.
    pub backlog: Option<u32>,
    /// Sessions that a node works on at one time, 1 to a million; default: any number.
    pub workers: Option<u32>,
    /// Replied mail that a node works on at one time, 1 to a million; default: any number.
    pub queue_workers: Option<u32>,
    /// The operations, by name.
    #[serde(default)]
    pub operation: Named<Operation>,
}

/// What one operation asks of the machines.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// CPU at the node, on the reference core; default none.
    pub cpu: Option<Written<Time>>,
    /// CPU at the node for each KB (1000 bytes) of the message; default none.
    pub cpu_per_kb: Option<Time>,
    /// CPU at the data server, when the store is on one; default none.
    pub data_cpu: Option<Written<Time>>,
    /// Writes to the node's own disk; default 0.
    pub queue_writes: Option<u32>,
    /// Reads from the disk that holds the mail store; default 0.
    pub store_reads: Option<u32>,
    /// Writes to the disk that holds the mail store; default 0.
    pub store_writes: Option<u32>,
    /// Flushes of what was written to the node's own disk; default 0.
    pub queue_fsyncs: Option<u32>,
    /// Flushes of what was written to the disk that holds the mail store; default 0.
    pub store_fsyncs: Option<u32>,
    /// Whether the message crosses the client's line; default none.
    pub client_transfer: Option<ClientTransfer>,
    /// Whether the message crosses to or from the mail store; default none.
    pub store_transfer: Option<StoreTransfer>,
    /// Round trips between client and node; default 0.
    pub round_trips: Option<u32>,
    /// Whether the client's reply comes after the work or before; default after.
    pub reply: Option<Reply>,
    /// Executions at one node at one time, 1 to a million; default any number.
    pub concurrency: Option<u32>,
    /// How often in a session; default per message when one is moved, else once.
    pub times: Option<Times>,
    /// For which messages; default all.
    pub messages: Option<Messages>,
}

/// Whether the message crosses the client's line, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientTransfer {
    /// Nothing.
    None,
    /// From the client.
    Upload,
    /// To the client.
    Download,
}

/// Whether the message goes to the mail store or comes from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoreTransfer {
    /// Nothing.
    None,
    /// To the store.
    Save,
    /// From the store.
    Load,
}

/// Whether the client waits for the operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// The client waits until the work is done.
    After,
    /// The client has its reply before the work starts.
    Before,
}

/// How often an operation is done in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Times {
    /// Once in a session.
    Once,
    /// For each message.
    PerMessage,
    /// For each recipient of each message.
    PerRecipient,
}

/// Which messages of a session an operation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Messages {
    /// All of them.
    All,
    /// Those that stay in the cluster.
    Local,
    /// Those that leave it.
    Remote,
}

/// A filter that mail from outside has to pass.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// When it works; default on the content.
    pub stage: Option<Stage>,
    /// Filters of a stage work in this order, then in that of their names; default 0.
    pub order: Option<u32>,
    /// CPU at the node, on the reference core; default none.
    pub cpu: Option<Written<Time>>,
    /// CPU at the node for each KB (1000 bytes) of the message; default none.
    pub cpu_per_kb: Option<Time>,
    /// Messages or sessions at one node at one time, 1 to a million; default any number.
    pub concurrency: Option<u32>,
    /// Whether the client's reply comes after the work or before; default after for connections, before for contents.
    pub reply: Option<Reply>,
    /// Share of wanted mail that passes; default all.
    pub pass: Option<Share>,
    /// Share of spam that passes; default as for wanted mail.
    pub spam_pass: Option<Share>,
}

/// When a filter works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// On the connection, before the session's first operation; who does not pass is turned away.
    Connection,
    /// On each message, when it has been taken; what does not pass goes no further.
    Content,
}

/// A kind of machine.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Cores, 1 to 4096.
    pub cores: Spanned<u32>,
    /// Speed of one core; 1.0 = a Pentium III at 1000 MHz.
    pub speed: Spanned<f64>,
    /// In which order the CPU works; default processor sharing.
    pub discipline: Option<Discipline>,
    /// σ of the scaling law, 0 to 1; default 0.
    pub contention: Option<f64>,
    /// κ of the scaling law, 0 to 1; default 0.
    pub coherency: Option<f64>,
    /// Disk channels; default none.
    pub disks: Option<u32>,
    /// Random operations per second of one disk.
    pub disk_iops: Option<Rate>,
    /// Time of one random operation, instead of `disk_iops`.
    pub disk_service: Option<Written<Time>>,
    /// Bytes that one disk reads or writes per second once it is there; default: they cost nothing.
    pub disk_transfer: Option<Bandwidth>,
    /// Disk operations for each write, 1 to 16; default 1.
    pub raid_write_penalty: Option<u32>,
    /// Whether writes and flushes are over once they are in a battery-backed cache; default no.
    pub write_back: Option<bool>,
    /// Disk operations that the cache holds, `raid_write_penalty` to a million; further writers wait. Default 1000.
    pub write_back_limit: Option<u32>,
    /// The link, each way; default: it costs nothing.
    pub network: Option<Bandwidth>,
    /// Of one machine; default 0.
    pub price: Option<Money>,
}

/// In which order a CPU works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Discipline {
    /// All jobs at once, each with the same share of the cores.
    ProcessorSharing,
    /// One job per core, in the order of arrival.
    Fcfs,
}

/// The design of the cluster.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// Which of the white paper's configurations.
    pub configuration: Spanned<Configuration>,
    /// The primary that holds the mail store, in configuration 3; default the first one.
    pub store: Option<Spanned<String>>,
}

/// The white paper's configurations, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Configuration {
    /// Configuration 1: one server.
    StandAlone,
    /// Configuration 2: one server, and a backup that receives mail while it is down.
    PrimaryWithBackup,
    /// Configuration 3: two balanced primaries, the mail store on one of them.
    DualPrimaries,
    /// Configuration 4: one primary, a data server, and a backup.
    PrimaryWithDataAndBackup,
    /// Configuration 5: balanced primaries and a data server.
    MultiplePrimaries,
    /// Configuration 6: primaries for some services each, and a data server.
    ServiceSpecific,
}

/// Machines of one kind in one role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// A tier of the scenario or of the hardware table.
    pub tier: Spanned<String>,
    /// How many, 1 to 10 000; default 1.
    pub count: Option<Spanned<u32>>,
    /// What they are there for; default: primary where there are `services`, else the table's name.
    pub role: Option<Role>,
    /// The services that they run, in configuration 6.
    pub services: Option<Vec<Spanned<String>>>,
}

/// What a node is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Serves sessions.
    Primary,
    /// Holds the mail store for the primaries.
    Data,
    /// Receives mail while no primary can; idle until then.
    Backup,
}

/// How sessions find a node.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Routing {
    /// Behind a load-balancing switch.
    Switch(Switch),
}

/// A load-balancing switch.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// How it chooses; default round robin.
    pub algorithm: Algorithm,
}

/// How a switch chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// Each primary in turn, for each service.
    RoundRobin,
    /// Each primary with the same probability.
    Random,
}

/// A service level.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// The service that the level is about.
    pub service: Spanned<String>,
    /// The operation, when the level is not about whole sessions.
    pub operation: Option<Spanned<String>>,
    /// What share must be under the limit.
    pub share: Spanned<Share>,
    /// The limit: `"5 s"`, or `"5 s + size / 3000 B/s"`.
    pub under: Spanned<String>,
}

/// The open dimensions of a search.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Configurations to try; default all that a search knows.
    pub configurations: Option<Choice<Spanned<Configuration>>>,
    /// Tiers for the primaries; default all.
    pub tiers: Option<Choice<Spanned<String>>>,
    /// Tiers for the data server; default those for the primaries.
    pub data_tiers: Option<Choice<Spanned<String>>>,
    /// The most primaries to try, 1 to 1000; default 16.
    pub most_primaries: Option<Spanned<u32>>,
    /// What orders search and choice; default the simplest.
    pub prefer: Option<Prefer>,
    /// What the levels must outlast; default nothing.
    pub survive: Option<Survive>,
    /// Limits are tested at this share of their value; default 0.8.
    pub margin: Option<Spanned<Share>>,
}

/// What orders the search and the choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prefer {
    /// The least complex design, then the cheapest.
    Simplest,
    /// The cheapest design, then the least complex.
    Cheapest,
}

/// What the levels must outlast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Survive {
    /// Nothing.
    None,
    /// Any one primary down.
    OneNode,
}

/// `"all"`, or a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice<T> {
    /// All of them.
    All,
    /// The listed ones.
    These(Vec<T>),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Choice<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Union<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Union<T> {
            type Value = Choice<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("`\"all\"` or a list")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Choice<T>, E> {
                if text == "all" {
                    return Ok(Choice::All);
                }
                Err(E::custom(format!("`{text}` is neither `\"all\"` nor a list; write for example `[\"{text}\"]`")))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Choice<T>, A::Error> {
                let mut these = Vec::new();
                while let Some(item) = seq.next_element()? {
                    these.push(item);
                }
                if these.is_empty() {
                    return Err(serde::de::Error::custom("the list is empty; write `\"all\"` or name at least one"));
                }
                Ok(Choice::These(these))
            }
        }
        deserializer.deserialize_any(Union(std::marker::PhantomData))
    }
}

/// Habits: which sessions people hold, and what their operations cost.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Version of the format: 1.
    pub format: Spanned<u32>,
    /// What the profile is called.
    pub name: String,
    /// One line on where the numbers are from; printed, and part of the record of a run.
    pub source: String,
    /// Share of a day's sessions by hour, 24 of them, which add up to 1.
    pub day: Spanned<Vec<Share>>,
    /// A weekday's sessions, Monday first, relative to the average day that `per_user_per_day` is about; default 1.
    pub week: Option<Spanned<Vec<f64>>>,
    /// Bytes of a message.
    pub size: Written<Bytes>,
    /// Recipients of a message, at least 1.
    pub recipients: Written<Count>,
    /// Kinds of sessions, by name.
    pub session: Named<Session>,
    /// Their services with the operations.
    pub service: Named<Service>,
}

/// One kind of session that people, or the rest of the world on their behalf, hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// The service that it is for.
    pub service: Spanned<String>,
    /// Sessions per user and day, above zero.
    pub per_user_per_day: f64,
    /// Messages in a session; default none.
    pub messages: Option<Written<Count>>,
    /// Share of the messages that leave the cluster; default 0.
    pub remote: Option<Share>,
    /// Whether other servers hold these sessions: filters and spam are about them. Default no.
    pub from_outside: Option<bool>,
    /// The operations of a session in order.
    pub operations: Vec<Spanned<String>>,
}
