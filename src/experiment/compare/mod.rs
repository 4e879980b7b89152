//! Several designs met by the same people, and what they differ by.
//!
//! Data passes through the files in this order: `traffic` (do the same people come, and what do the scenarios have in
//! common?) → replications of each by the rule of a run, one after the other by index → `figures` (what one design does,
//! replication by replication) → `comparison` (each design against the first, by pairs of replications) → `condition`
//! (is a difference more than somebody allows?).
//!
//! Streams of random numbers are keyed by purpose and name and never by design, so the same sessions come at the same
//! times with the same work; chance that both share cancels in the difference. That holds within the window only if it
//! begins at the same time: all designs get the longest of their warm-ups.

mod comparison;
mod condition;
mod figures;
mod traffic;

pub use comparison::{Comparison, Difference, NodeUse, Outcome, Pair, Side, compare};
pub use condition::{Condition, ConditionError, Judged};
pub use figures::{Figures, Kind};
pub use traffic::{Common, Compared, Mismatch, common};

use crate::scenario::Scenario;
use crate::units::Money;

/// A design under comparison.
#[derive(Debug, Clone)]
pub struct Design {
    /// What the user calls it: the name of the file, without directory and ending.
    pub file: String,
    /// What it is.
    pub scenario: Scenario,
    /// What it costs to buy; none where a machine has no price.
    pub cost: Option<Money>,
}

/// The letter of a design by its index: the baseline is `A`.
#[must_use]
pub fn letter(index: usize) -> char {
    (b'A' + (index % 26) as u8) as char
}

/// The most designs at once, so that each has a letter.
pub const MOST_DESIGNS: usize = 26;
