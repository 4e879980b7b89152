//! The exact values of `scenarios/theory/exact_values.csv`, for tests: theory is not typed in twice.

use std::collections::BTreeMap;

/// One exact value with its parameters.
#[derive(Debug)]
pub(crate) struct Row {
    params: BTreeMap<String, String>,
    pub(crate) quantity: String,
    value: String,
}

impl Row {
    /// The parameter `name` as text.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.params.get(name).map_or_else(|| panic!("no `{name}` in {self:?}"), String::as_str)
    }

    /// The parameter `name` as a number; what follows the number (`1000/s`) is ignored.
    pub(crate) fn number(&self, name: &str) -> f64 {
        let text = self.text(name);
        let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        text[..end].parse().unwrap_or_else(|_| panic!("`{name}` in {self:?}"))
    }

    /// Fails unless `computed` equals the value to `relative`.
    pub(crate) fn assert(&self, computed: f64, relative: f64) {
        let value: f64 = self.value.parse().unwrap();
        let error = ((computed - value) / value).abs();
        assert!(error <= relative, "{computed} is {error:e} off {self:?}");
    }
}

/// All rows called `name`; there is at least one.
pub(crate) fn rows(name: &str) -> Vec<Row> {
    let file = include_str!("../../scenarios/theory/exact_values.csv");
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let records = reader.records().map(|record| record.unwrap()).filter(|record| &record[0] == name);
    let row = |record: csv::StringRecord| Row {
        params: record[1]
            .split(';')
            .filter_map(|pair| pair.split_once('='))
            .map(|(k, v)| (k.into(), v.into()))
            .collect(),
        quantity: record[2].into(),
        value: record[3].into(),
    };
    let rows: Vec<Row> = records.map(row).collect();
    assert!(!rows.is_empty(), "no exact value is called `{name}`");
    rows
}
