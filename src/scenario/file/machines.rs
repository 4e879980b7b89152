//! What there is to do it: machines and their roles.

use super::DirectoryKind;
use crate::scenario::law::Written;
use crate::units::{Bandwidth, Bytes, Money, Rate, Time};
use serde::Deserialize;
use std::net::Ipv4Addr;
use toml::Spanned;

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
    /// Core time that the CPU has on average, as a number of cores, above 0 to `cores`; default all of them.
    pub cpu_quota: Option<f64>,
    /// For how long a budget of `cpu_quota` has to last, 1 ms to 1 s; default 100 ms.
    pub cpu_period: Option<Time>,
    /// Core time of a budget that was not used and is there in later periods, at most, up to 1 s (`cpu.max.burst` of Linux); default
    /// none. Linux itself leaves about 1 ms at a processor.
    pub cpu_burst: Option<Time>,
    /// Time that each busy core loses when it goes on after its budget was used up, as others have filled its caches: it is busy,
    /// uses up its budget and gets nothing done. In its own time, and less than its budget of a period; default none. Measured on a
    /// virtual machine: about half a millisecond (`scenarios/measured/one-core-2026`).
    pub cpu_resume: Option<Time>,
    /// Time of running after such a stop over which `cpu_resume` is lost evenly, as it takes caches so long to fill again; default:
    /// at once, in `cpu_resume`.
    pub cpu_cold: Option<Time>,
    /// Memory; default: it costs nothing. It takes `disks`, for what does not fit.
    pub ram: Option<Bytes>,
    /// Disk channels; default none.
    pub disks: Option<u32>,
    /// Random operations per second of one disk.
    pub disk_iops: Option<Rate>,
    /// Time of one random operation, instead of `disk_iops`.
    pub disk_service: Option<Written<Time>>,
    /// Bytes that all disks together have room for; default: they cost nothing.
    pub disk_space: Option<Bytes>,
    /// Bytes that one disk reads or writes per second once it is there; default: they cost nothing.
    pub disk_transfer: Option<Bandwidth>,
    /// Disk operations for each write, 1 to 16; default 1.
    pub raid_write_penalty: Option<u32>,
    /// Whether writes and flushes are over once they are in a battery-backed cache; default no.
    pub write_back: Option<bool>,
    /// Disk operations that the cache holds, `raid_write_penalty` to a million; further writers wait. Default 1000.
    pub write_back_limit: Option<u32>,
    /// Whether one flush serves all fsyncs that wait when it starts; default no: each is a disk operation of its own. Not
    /// with `write_back`.
    pub group_commit: Option<bool>,
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
    /// Where users are looked up; default in a file.
    pub directory: Option<Spanned<DirectoryKind>>,
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
    /// The place where they stand, which can fail as a whole; default a place without a name, the same for all.
    pub site: Option<Spanned<String>>,
    /// The services that they run, in configuration 6.
    pub services: Option<Vec<Spanned<String>>>,
    /// What a weighted algorithm of the switch gives each of them in proportion to, and Network Load Balancing on the ports that
    /// have no weights of their own, 1 to 256; default 1. The others take no notice of it.
    pub weight: Option<Spanned<u32>>,
    /// The address of a primary that is reached by DNS, and of the first of several, which the others follow: clients that
    /// sort addresses look at it. Default 192.0.2.1 and so on, all in one network.
    pub address: Option<Spanned<Ipv4Addr>>,
    /// Whether the switch sends sessions there only when no other primary of the service is up; default no.
    pub backup: Option<Spanned<bool>>,
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
    /// Filters mail for the primaries.
    Filter,
    /// Answers the lookups of a directory that is a database; default the node that holds the mail store does.
    Database,
    /// Answers the resolvers of the clients about the zone; default a server elsewhere does.
    NameServer,
}
