//! The table of exact values.

use std::collections::BTreeMap;

/// The table that comes with the program: each value with its formula and source.
const TABLE: &str = include_str!("../../../scenarios/theory/exact_values.csv");

/// An exact value.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its line in the table, the head being line 1.
    pub line: usize,
    /// The system, such as `MMc`.
    pub system: String,
    /// Its parameters, such as `c=4;offered_load=3.2;mu=1`.
    pub parameters: String,
    /// What the value is of.
    pub quantity: String,
    /// The value, in units of the mean service time where it is a time; none where it is no single number.
    pub value: Option<f64>,
}

/// All rows, in the order of the table.
#[must_use]
pub fn rows() -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(TABLE.as_bytes());
    let records = reader.records().map(|record| record.expect("the table comes with the program, and a test reads it"));
    let row = |(index, record): (usize, csv::StringRecord)| Row {
        line: index + 2,
        system: record[0].to_owned(),
        parameters: record[1].to_owned(),
        quantity: record[2].to_owned(),
        value: record[3].parse().ok(),
    };
    records.enumerate().map(row).collect()
}

/// The parameters by name: `lambda=0.8;mu=1` has two. Parts without `=` are left out.
pub(super) fn parameters(text: &str) -> BTreeMap<&str, &str> {
    text.split(';').filter_map(|part| part.split_once('=')).map(|(name, value)| (name.trim(), value.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_system_and_nearly_all_have_a_number() {
        let rows = rows();
        assert_eq!((rows.len(), rows[0].line, &*rows[0].system), (321, 2, "MM1"));
        // Words of a generator, and pairs of indices.
        assert_eq!(rows.iter().filter(|row| row.value.is_none()).count(), 5);
        assert_eq!(parameters("c=4 cores, equal share;offered_load=3.2")["offered_load"], "3.2");
    }
}
