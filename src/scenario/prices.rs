//! What a design costs beside its machines: switches, operating systems, licences. Data, like the hardware table.

use super::file::System;
use crate::units::Money;
use serde::Deserialize;

/// The built-in prices, each with its source.
const BUILT_IN: &str = include_str!("../../scenarios/hardware/prices.csv");

/// Prices, each of one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prices {
    /// A load-balancing switch.
    pub switch: Money,
    /// Windows 2000 in the edition for small servers.
    pub windows_2000: Money,
    /// The same in the edition that has Network Load Balancing.
    pub windows_2000_advanced: Money,
    /// Windows 2003; every edition has Network Load Balancing.
    pub windows_2003: Money,
    /// Windows XP.
    pub windows_xp: Money,
    /// Linux.
    pub linux: Money,
    /// The mail software, for each machine that runs it.
    pub mail_licence: Money,
    /// The database of a directory.
    pub database_licence: Money,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    item: String,
    price_usd: u64,
    #[expect(dead_code, reason = "for people who read the table")]
    source: String,
}

impl Prices {
    /// Those of the built-in table.
    #[must_use]
    pub fn built_in() -> Prices {
        let mut reader = csv::Reader::from_reader(BUILT_IN.as_bytes());
        let rows: Result<Vec<Row>, csv::Error> = reader.deserialize().collect();
        let rows = rows.expect("a test reads the built-in prices");
        let of = |item: &str| {
            let row = rows.iter().find(|row| row.item == item).expect("a test reads every item");
            Money(row.price_usd * 100)
        };
        Prices {
            switch: of("switch"),
            windows_2000: of("windows-2000"),
            windows_2000_advanced: of("windows-2000-advanced"),
            windows_2003: of("windows-2003"),
            windows_xp: of("windows-xp"),
            linux: of("linux"),
            mail_licence: of("mail-licence"),
            database_licence: of("database-licence"),
        }
    }

    /// The cheapest system of a machine that runs on these, with Network Load Balancing where it has to have that; none where
    /// none of them has it. A machine of which nobody says what it runs on comes with whatever it needs.
    #[must_use]
    pub fn system(&self, systems: &[System], balances: bool) -> Option<Money> {
        if systems.is_empty() {
            return Some(Money(0));
        }
        let price = |system: &System| match (system, balances) {
            (System::Windows2000, false) => Some(self.windows_2000),
            (System::Windows2000, true) => Some(self.windows_2000_advanced),
            (System::Windows2003, _) => Some(self.windows_2003),
            (System::WindowsXp, false) => Some(self.windows_xp),
            (System::Linux, false) => Some(self.linux),
            (System::WindowsXp | System::Linux, true) => None,
        };
        systems.iter().filter_map(price).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_system_is_taken_that_has_what_is_needed() {
        use System::{Linux, Windows2000, Windows2003, WindowsXp};
        let prices = Prices::built_in();
        let usd = |systems: &[System], balances| prices.system(systems, balances).map(|price| price.0 / 100);
        assert_eq!([usd(&[Windows2000], false), usd(&[Windows2000], true)], [Some(1_000), Some(4_000)]);
        assert_eq!(
            [usd(&[Windows2000, Windows2003, Linux], false), usd(&[Windows2000, Windows2003, Linux], true)],
            [Some(0), Some(1_000)]
        );
        assert_eq!(
            [usd(&[WindowsXp, Linux], true), usd(&[WindowsXp], false), usd(&[], true)],
            [None, Some(300), Some(0)]
        );
        assert_eq!(prices.switch, Money(1_655_000));
    }
}
