//! The mail software, resolved: what belongs to the product and not to the machines.

use super::file::Edition;
use crate::units::{Bytes, Time};

/// The parameters of the mail software.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Which edition.
    pub edition: Edition,
    /// Periodic work for each mail domain on each primary, in time of the reference core.
    pub domain_cpu: Time,
    /// How often it is due for each of them.
    pub domain_period: Time,
    /// Memory of a node that operating system and program take.
    pub system_ram: Bytes,
    /// Memory for each mail domain on each primary.
    pub domain_ram: Bytes,
    /// Memory for each connection, where a service has no figure of its own.
    pub connection_ram: Bytes,
    /// Memory for each worker that is held, where a service has no figure of its own.
    pub worker_ram: Bytes,
    /// Page faults of a CPU burst on a node that uses twice the memory it has; in proportion to the excess.
    pub page_faults: f64,
    /// Memory in use over memory beyond which new connections are refused.
    pub ram_limit: f64,
}

/// Periodic work for each mail domain on each primary: every minute 20 ms of the reference core.
///
/// The white paper sees a processing limit near 3000 domains on some machines, whatever the users; 60 s / 20 ms =
/// 3000 fills the reference core. The pair is an assumption that reproduces that limit.
pub const DOMAIN_CPU: Time = Time::from_millis(20);
/// See [`DOMAIN_CPU`].
pub const DOMAIN_PERIOD: Time = Time::from_secs(60);

/// Operating system and program: half the memory of the smallest machine of the white paper (256 MB), so that it still has
/// room for files. Assumption.
pub const SYSTEM_RAM: Bytes = Bytes(128_000_000);
/// Settings and lists of a domain. Assumption: with it the 3000 domains that fill the reference core take 48 MB.
pub const DOMAIN_RAM: Bytes = Bytes(16_000);
/// An IMAP front end of Exchange 2003 took 221 MB for 15 000 connections, an idle connection of Dovecot takes 14 KB.
pub const CONNECTION_RAM: Bytes = Bytes(15_000);
/// The rule of 2004 for a connection that has a process of its own; Dovecot's take 1.5 to 5 MB today, threads less.
pub const WORKER_RAM: Bytes = Bytes(1_000_000);
/// Assumption: at a tenth too much, each burst waits for one page.
pub const PAGE_FAULTS: f64 = 10.0;
/// Assumption: half as much again as there is goes into a page file of the usual size, and no more.
pub const RAM_LIMIT: f64 = 1.5;
/// The most that any piece of memory is: a bound that keeps sums in range.
pub const LARGEST_PIECE: Bytes = Bytes(1_000_000_000_000);

impl Edition {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Edition::Plus => "plus",
            Edition::Pro => "pro",
        }
    }
}
