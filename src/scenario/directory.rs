//! The directory of users, resolved: what a lookup costs, and where.

use super::Operation;
use super::file::DirectoryKind;
use crate::random::Law;
use crate::units::{Bytes, Time};

/// The directory of users.
#[derive(Debug, Clone, PartialEq)]
pub struct Directory {
    /// Where users are looked up.
    pub kind: DirectoryKind,
    /// CPU of a lookup at the node, in seconds of the reference core, whatever the number of accounts.
    pub lookup_s: f64,
    /// CPU of reading one account, in seconds of the reference core; a lookup reads half of them. Which half would make it
    /// vary from user to user; taken as constant.
    pub account_s: f64,
    /// CPU of a lookup at the database, in seconds of the reference core.
    pub database_cpu: Law,
    /// Network time of a lookup between a node and a database elsewhere.
    pub round_trip: Time,
    /// Memory on each primary for each account.
    pub account_ram: Bytes,
}

/// A file is read at 100 000 accounts per second of the reference core. Assumption, with [`DATABASE_CPU`]: at 3000
/// accounts both cost the same, and the white paper leaves the file between 2000 and 5000.
pub const CPU_PER_ACCOUNT: Time = Time(10_000);
/// What the node does to ask a database, and what the database does: together 15 ms, as much as a login takes without it.
/// A directory server doubled the cost of mail in a measurement of Postfix (5000 a minute with tables, 2500 with LDAP).
pub const ODBC_CPU: Time = Time::from_millis(5);
/// See [`ODBC_CPU`]; how the two share it is an assumption.
pub const DATABASE_CPU: Time = Time::from_millis(10);
/// A local network of 2003. Assumption.
pub const ROUND_TRIP: Time = Time(500_000);
/// Name, password, mailbox, forwarding. Assumption.
pub const RAM_PER_ACCOUNT: Bytes = Bytes(1_000);

impl DirectoryKind {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DirectoryKind::File => "file",
            DirectoryKind::MemoryMapped => "memory-mapped",
            DirectoryKind::Odbc => "odbc",
        }
    }
}

impl Directory {
    /// CPU of an execution's lookups at the node among so many accounts, in seconds of the reference core.
    #[must_use]
    pub fn node_s(&self, operation: &Operation, accounts: u64) -> f64 {
        f64::from(operation.lookups) * (self.lookup_s + self.account_s * accounts as f64 / 2.0)
    }

    /// Memory on each primary for so many accounts.
    #[must_use]
    pub fn ram(&self, accounts: u64) -> Bytes {
        Bytes(self.account_ram.0.saturating_mul(accounts))
    }

    /// How often an execution asks a database.
    #[must_use]
    pub fn queries(&self, operation: &Operation) -> u32 {
        if self.kind == DirectoryKind::Odbc { operation.lookups } else { 0 }
    }
}
