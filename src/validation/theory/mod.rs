//! Exact values against simulations of the same system.
//!
//! Data passes through the files in this order: [`rows`] (the table of exact values that comes with the program) → [`Case`]
//! (which of them the program can express, and the scenario that does) → [`validate`] (simulated and compared). A row holds when
//! the estimate is within the bound of chance, which is one false alarm in a million; how large a fault that bound would still
//! hide is printed beside it as its power.

mod cases;
mod check;
mod measure;
mod rows;

pub use cases::{Case, cases};
pub use check::{Checked, Theory, validate};
pub use measure::Measure;
pub use rows::{Row, rows};
