//! What a design costs beside its machines, as written.

use crate::units::Money;
use serde::Deserialize;
use toml::Spanned;

/// Prices of one piece; defaults are those of `scenarios/hardware/prices.csv`, with their sources.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// A load-balancing switch; default 16550 USD.
    pub switch: Option<Spanned<Money>>,
    /// Windows 2000, on a machine that does not balance by itself; default 1000 USD.
    pub windows_2000: Option<Spanned<Money>>,
    /// The same with Network Load Balancing; default 4000 USD.
    pub windows_2000_advanced: Option<Spanned<Money>>,
    /// Windows 2003; default 1000 USD.
    pub windows_2003: Option<Spanned<Money>>,
    /// Windows XP; default 300 USD.
    pub windows_xp: Option<Spanned<Money>>,
    /// Linux; default nothing.
    pub linux: Option<Spanned<Money>>,
    /// The mail software, for each primary and backup; default nothing, since no price is known.
    pub mail_licence: Option<Spanned<Money>>,
    /// The database of a directory of kind `odbc`; default nothing.
    pub database_licence: Option<Spanned<Money>>,
}

/// An operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Windows 2000; its Advanced Server has Network Load Balancing.
    Windows2000,
    /// Windows XP, which has none.
    WindowsXp,
    /// Windows 2003; every edition has it.
    Windows2003,
    /// Linux, which has none.
    Linux,
}

impl System {
    /// The system of this name in the hardware table.
    #[must_use]
    pub fn of(name: &str) -> Option<System> {
        match name {
            "windows-2000" => Some(System::Windows2000),
            "windows-xp" => Some(System::WindowsXp),
            "windows-2003" => Some(System::Windows2003),
            "linux" => Some(System::Linux),
            _ => None,
        }
    }
}
