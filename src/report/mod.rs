//! Results as tables for people, as JSON and CSV for programs.
//!
//! Nothing runs here and nothing is written here: functions from results to texts. [`number`] and [`table`] are how
//! figures look on a terminal, [`sheet`] how they look in a CSV file; beside them stands one file for each thing that
//! is reported.

pub mod charts;
pub mod check;
pub mod comparison;
pub mod cost;
pub mod effort;
pub mod failures;
pub mod hardware;
pub mod hours;
pub mod lab;
mod manifest;
pub mod measured;
pub mod nodes;
pub mod number;
pub mod plan;
pub mod replications;
pub mod run;
pub mod services;
pub mod shares;
pub mod sheet;
pub mod table;
pub mod theory;
pub mod timeline;
pub mod users;
pub mod utilisation;
mod warning;

pub use manifest::{Clock, Provenance, Read, Written, manifest};
pub use warning::{drift, warnings};

use serde::Serialize;

/// Pretty JSON with a newline at its end.
pub(crate) fn pretty<T: Serialize>(value: &T) -> String {
    let text = serde_json::to_string_pretty(value).expect("results are plain structs with text keys");
    text + "\n"
}
