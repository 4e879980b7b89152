//! The hardware table: which machines can be bought, as data that the user can replace.

use super::cpu_quota::CpuQuota;
use super::file::{Discipline, System};
pub use super::table::read;
use crate::random::Law;
use crate::units::{Bandwidth, Bytes, Money};
use serde::{Deserialize, Serialize};

/// The built-in table: the white paper's rows, servers of 1999-2006, cloud shapes and servers of today, each with its
/// source.
pub const BUILT_IN: &str = include_str!("../../scenarios/hardware/tiers.csv");

/// The name of the built-in table in messages.
pub const BUILT_IN_NAME: &str = "the built-in hardware table";

/// A kind of machine, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Tier {
    /// Its name.
    pub name: String,
    /// Cores, at least 1.
    pub cores: u32,
    /// Speed of one core relative to the reference core (Pentium III, 1000 MHz).
    pub speed: f64,
    /// In which order the CPU works.
    pub discipline: Discipline,
    /// σ of the scaling law, at least 0.
    pub contention: f64,
    /// κ of the scaling law, at least 0.
    pub coherency: f64,
    /// The part of its core time that the CPU may use; none = all of it.
    pub cpu_quota: Option<CpuQuota>,
    /// Memory; none = it costs nothing.
    pub ram: Option<Bytes>,
    /// Disk channels; 0 = no disk, and nothing may ask for one.
    pub disks: u32,
    /// Time of one random disk operation in seconds.
    pub disk_service: Law,
    /// Bytes that all disks together have room for; none = they cost nothing.
    pub disk_space: Option<Bytes>,
    /// Bytes that one disk moves per second once it is there; none = they cost nothing.
    pub disk_transfer: Option<Bandwidth>,
    /// Disk operations for each write.
    pub raid_write_penalty: u32,
    /// Disk operations that a battery-backed cache holds for writers who do not wait; none = no such cache.
    pub write_back: Option<u32>,
    /// Whether one flush serves all fsyncs that wait when it starts.
    pub group_commit: bool,
    /// The link, each way; none = it costs nothing.
    pub network: Option<Bandwidth>,
    /// The systems that it runs on; empty where nobody says.
    pub systems: Vec<System>,
    /// Price of one machine.
    pub price: Money,
}

impl Tier {
    /// The work that the whole CPU does in a second, in seconds of the reference core, with every core busy:
    /// `speed · c / (1 + σ(c−1) + κc(c−1))`; with a quota that part of it which the budget covers.
    #[must_use]
    pub fn cpu_capacity(&self) -> f64 {
        let c = f64::from(self.cores);
        let whole = self.speed * c / (1.0 + self.contention * (c - 1.0) + self.coherency * c * (c - 1.0));
        self.cpu_quota.map_or(whole, |quota| whole * quota.cores / c)
    }

    /// Seconds that a disk takes to move a byte.
    #[must_use]
    pub fn disk_s_per_byte(&self) -> f64 {
        self.disk_transfer.map_or(0.0, |transfer| 1.0 / transfer.0)
    }
}

/// A row of the table, with what people want to know besides what the model needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the columns are described in scenarios/hardware/README.md")]
pub struct Row {
    pub tier: String,
    pub year: u32,
    pub cpu: String,
    pub cores: u32,
    pub speed: f64,
    pub contention: f64,
    pub coherency: f64,
    pub ram_mb: u32,
    pub disks: u32,
    pub disk_iops: f64,
    pub disk_mb_s: f64,
    pub disk_gb: u64,
    pub raid_write_penalty: u32,
    pub network_mbit_s: f64,
    pub os: String,
    pub edition: String,
    pub price_usd: u64,
    pub lead_time_days: u32,
    pub lifecycle: String,
    pub source: String,
}

impl Row {
    /// Installed memory.
    #[must_use]
    pub fn ram(&self) -> Bytes {
        Bytes(u64::from(self.ram_mb) * 1_000_000)
    }

    /// The row of a machine like this one of which a campaign found the speed.
    #[must_use]
    pub fn measured(&self, speed: f64, campaign: &str) -> Row {
        let source =
            format!("speed: measured in the campaign '{campaign}'; the rest as {}: {}", self.tier, self.source);
        Row { tier: format!("{}-measured", self.tier), speed, source, ..self.clone() }
    }

    /// The tier that the model uses.
    #[must_use]
    pub fn tier(&self) -> Tier {
        Tier {
            name: self.tier.clone(),
            cores: self.cores,
            speed: self.speed,
            discipline: Discipline::ProcessorSharing,
            contention: self.contention,
            coherency: self.coherency,
            cpu_quota: None,
            ram: Some(self.ram()),
            disks: self.disks,
            disk_service: random_access(self.disk_iops),
            disk_space: Some(Bytes(self.disk_gb * 1_000_000_000)),
            disk_transfer: Some(Bandwidth(self.disk_mb_s * 1e6)),
            raid_write_penalty: self.raid_write_penalty,
            write_back: None,
            group_commit: false,
            network: Some(Bandwidth(self.network_mbit_s * 1e6 / 8.0)),
            systems: self.os.split_whitespace().filter_map(System::of).collect(),
            price: Money(self.price_usd * 100),
        }
    }
}

/// The time of a random disk operation on a disk that does `iops` of them a second.
///
/// Seek distance and rotational delay are each close to uniform, so the sum is taken as uniform between half and one
/// and a half of the mean (coefficient of variation 0.29). Assumption; `disk_service` of a tier overrides it.
#[must_use]
pub fn random_access(iops: f64) -> Law {
    let mean = 1.0 / iops;
    Law::uniform(0.5 * mean, 1.5 * mean).expect("the table's disk rates are checked to be above zero")
}

/// The rows of the built-in table.
#[must_use]
pub fn built_in() -> Vec<Row> {
    read(BUILT_IN_NAME, BUILT_IN).expect("a test reads the built-in table")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Time;

    #[test]
    fn the_built_in_table_reads_and_holds_the_reference_machine() {
        let rows = read(BUILT_IN_NAME, BUILT_IN).unwrap();
        let reference = rows.iter().find(|row| row.tier == "piii-1000").unwrap().tier();
        assert_eq!((reference.cores, reference.speed), (1, 1.0));
        assert_eq!(reference.cpu_capacity(), 1.0);
        assert!(rows.iter().all(|row| !row.source.is_empty()));
        // Today's machines stand beside the old ones.
        let current: Vec<&Row> = rows.iter().filter(|row| row.lifecycle == "current").collect();
        assert!(current.len() >= 12 && current.iter().all(|row| row.speed > 4.0 && row.price_usd > 1_000));
        assert!(rows.iter().all(|row| ["retired", "current"].contains(&row.lifecycle.as_str())));
    }

    #[test]
    fn the_scaling_law_bends_the_capacity() {
        let mut tier = built_in()[0].tier();
        (tier.cores, tier.speed, tier.contention, tier.coherency) = (4, 2.0, 0.1, 0.01);
        assert!((tier.cpu_capacity() - 2.0 * 4.0 / (1.0 + 0.3 + 0.12)).abs() < 1e-12);
        let (period, none) = (Time::from_millis(100), Time::ZERO);
        tier.cpu_quota = Some(CpuQuota { cores: 1.0, period, burst: none, resume: none, cold: none });
        assert!((tier.cpu_capacity() - 2.0 / (1.0 + 0.3 + 0.12)).abs() < 1e-12);
    }
}
