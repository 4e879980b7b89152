//! Tables in files: CSV whose column heads are the names in `summary.json`.
//!
//! A head is the path to the value below the thing that the row is about, with dots: `response_s.mean` in a row of a
//! service, `services.pop3.offered` in a row of a replication. An estimate takes three columns, `x`, `x_low` and
//! `x_high`; what is absent is empty.

use crate::stats::Estimate;

/// A CSV file under construction.
#[derive(Debug)]
pub struct Sheet(csv::Writer<Vec<u8>>);

impl Sheet {
    /// A file with these column heads.
    #[must_use]
    pub fn new<T: AsRef<[u8]>>(heads: impl IntoIterator<Item = T>) -> Sheet {
        let mut sheet = Sheet(csv::Writer::from_writer(Vec::new()));
        sheet.row(heads);
        sheet
    }

    /// Adds a row with a cell for each head.
    pub fn row<T: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.0.write_record(cells).expect("a row has a cell for each head, and memory takes it");
    }

    /// The text of the file.
    #[must_use]
    pub fn text(self) -> String {
        let bytes = self.0.into_inner().expect("memory takes what is left to write");
        String::from_utf8(bytes).expect("every cell is text")
    }
}

/// The heads of an estimate's columns.
#[must_use]
pub fn estimate_heads(name: &str) -> [String; 3] {
    [name.to_owned(), format!("{name}_low"), format!("{name}_high")]
}

/// The cells of an estimate.
#[must_use]
pub fn estimate_cells(estimate: &Estimate) -> [String; 3] {
    [optional(estimate.estimate), optional(estimate.low), optional(estimate.high)]
}

/// A cell that may be empty.
#[must_use]
pub fn optional<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_takes_three_columns_and_what_is_absent_is_empty() {
        let mut sheet = Sheet::new(estimate_heads("mean"));
        sheet.row(estimate_cells(&Estimate::around(2.0, 0.5)));
        sheet.row(estimate_cells(&Estimate::point(2.0)));
        assert_eq!(sheet.text(), "mean,mean_low,mean_high\n2,1.5,2.5\n2,,\n");
    }
}
