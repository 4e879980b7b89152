//! The six configurations of the white paper: what each of them is made of.

use super::file::Configuration;
use std::ops::RangeInclusive;

/// Any number of machines that a scenario can have.
const ANY: u32 = u32::MAX;

impl Configuration {
    /// All of them, in the order of their numbers.
    pub const ALL: [Configuration; 6] = [
        Configuration::StandAlone,
        Configuration::PrimaryWithBackup,
        Configuration::DualPrimaries,
        Configuration::PrimaryWithDataAndBackup,
        Configuration::MultiplePrimaries,
        Configuration::ServiceSpecific,
    ];

    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Configuration::StandAlone => "stand-alone",
            Configuration::PrimaryWithBackup => "primary-with-backup",
            Configuration::DualPrimaries => "dual-primaries",
            Configuration::PrimaryWithDataAndBackup => "primary-with-data-and-backup",
            Configuration::MultiplePrimaries => "multiple-primaries",
            Configuration::ServiceSpecific => "service-specific",
        }
    }

    /// The number that the white paper gives it.
    #[must_use]
    pub fn number(self) -> u32 {
        self as u32 + 1
    }

    /// How many primaries it takes.
    #[must_use]
    pub fn primaries(self) -> RangeInclusive<u32> {
        match self {
            Configuration::StandAlone | Configuration::PrimaryWithBackup | Configuration::PrimaryWithDataAndBackup => {
                1..=1
            }
            Configuration::DualPrimaries => 2..=2,
            Configuration::MultiplePrimaries | Configuration::ServiceSpecific => 1..=ANY,
        }
    }

    /// How many backups it takes. The white paper draws none beside 3, 5 and 6, and one can be added to each of them; a
    /// stand-alone server with a backup is configuration 2.
    #[must_use]
    pub fn backups(self) -> RangeInclusive<u32> {
        match self {
            Configuration::StandAlone => 0..=0,
            Configuration::PrimaryWithBackup | Configuration::PrimaryWithDataAndBackup => 1..=1,
            Configuration::DualPrimaries | Configuration::MultiplePrimaries | Configuration::ServiceSpecific => 0..=1,
        }
    }

    /// Whether several primaries share every service.
    #[must_use]
    pub fn is_balanced(self) -> bool {
        matches!(self, Configuration::DualPrimaries | Configuration::MultiplePrimaries)
    }

    /// Whether it is drawn with a backup.
    #[must_use]
    pub fn needs_backup(self) -> bool {
        *self.backups().start() == 1
    }

    /// Whether the mail store is on a data server.
    #[must_use]
    pub fn has_data_server(self) -> bool {
        match self {
            Configuration::StandAlone | Configuration::PrimaryWithBackup | Configuration::DualPrimaries => false,
            Configuration::PrimaryWithDataAndBackup
            | Configuration::MultiplePrimaries
            | Configuration::ServiceSpecific => true,
        }
    }
}
