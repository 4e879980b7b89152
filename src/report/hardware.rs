//! The hardware table.

use super::number;
use super::sheet::Sheet;
use super::table::Columns;
use crate::scenario::Hardware;
use crate::scenario::hardware::Row;
use crate::units::Money;
use serde::Serialize;

/// Version of the layout of the JSON.
const FORMAT: u32 = 1;

/// The table for people; what it leaves out is in the other forms.
#[must_use]
pub fn text(hardware: &Hardware) -> String {
    let heads = [
        "tier",
        "cpu",
        "lifecycle",
        "year",
        "cores",
        "speed",
        "RAM",
        "disks",
        "IOPS",
        "MB/s",
        "space",
        "penalty",
        "network",
    ];
    let mut table = Columns::new(3, heads.into_iter().chain(["price"]));
    for row in &hardware.rows {
        table.row([
            row.tier.clone(),
            row.cpu.clone(),
            row.lifecycle.clone(),
            row.year.to_string(),
            row.cores.to_string(),
            number::plain(row.speed),
            row.ram().to_string(),
            row.disks.to_string(),
            number::plain(row.disk_iops),
            number::plain(row.disk_mb_s),
            format!("{} GB", row.disk_gb),
            row.raid_write_penalty.to_string(),
            row.tier().network.map_or_else(|| number::NOTHING.to_owned(), |network| network.to_string()),
            Money(row.price_usd * 100).to_string(),
        ]);
    }
    let legend = "speed: of one core; 1 = a Pentium III at 1000 MHz. IOPS: random operations per second of one disk. \
                  MB/s: what one disk reads or writes in a row.                   penalty: disk operations for each write.";
    format!("{} tiers, from {}\n\n{}\n{legend}\n", hardware.rows.len(), hardware.name, table.text())
}

/// Everything, as JSON.
#[must_use]
pub fn json(hardware: &Hardware) -> String {
    #[derive(Serialize)]
    struct Table<'a> {
        format: u32,
        name: &'a str,
        tiers: &'a [Row],
    }
    super::pretty(&Table { format: FORMAT, name: &hardware.name, tiers: &hardware.rows })
}

/// Everything, in the form in which `--hardware` takes it.
#[must_use]
pub fn csv(hardware: &Hardware) -> String {
    let rows = hardware.rows.iter().map(|row| {
        let value = serde_json::to_value(row).expect("a row is a plain struct");
        COLUMNS.map(|column| match &value[column] {
            serde_json::Value::String(text) => text.clone(),
            number => number.to_string(),
        })
    });
    let mut sheet = Sheet::new(COLUMNS);
    for row in rows {
        sheet.row(row);
    }
    sheet.text()
}

/// In the order of the table's file.
const COLUMNS: [&str; 20] = [
    "tier",
    "year",
    "cpu",
    "cores",
    "speed",
    "contention",
    "coherency",
    "ram_mb",
    "disks",
    "disk_iops",
    "disk_mb_s",
    "disk_gb",
    "raid_write_penalty",
    "network_mbit_s",
    "os",
    "edition",
    "price_usd",
    "lead_time_days",
    "lifecycle",
    "source",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::hardware::read;

    #[test]
    fn what_is_printed_as_csv_reads_as_the_same_table() {
        let built_in = Hardware::built_in();
        let rows = read("x.csv", &csv(&built_in)).unwrap();
        assert_eq!(json(&built_in), json(&Hardware { rows, ..built_in.clone() }));
    }
}
