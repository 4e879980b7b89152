//! What is measured, and how far it can be trusted: counters in integers, intervals in floating point.
//!
//! Two kinds of things live here, and they never mix. The **accumulators** ([`Tally`], [`TimeAverage`], [`Histogram`])
//! run inside a simulation; they hold integers only, so that merging them is exact and independent of order, of threads
//! and of machines. The **estimators** ([`mean_interval`], [`ratio_interval`], [`section_interval`], [`Sighting`], …) read finished
//! replications in index order and answer with an [`Estimate`], which says "too few samples" instead of inventing a
//! number. At the end stand the small numerical tools that more than one room needs: normal quantiles and a root finder.

mod agreement;
mod estimate;
mod evenness;
mod histogram;
mod interval;
mod nnls;
mod normal;
#[cfg(test)]
pub(crate) mod oracle;
mod paired;
mod ratio;
mod root;
mod section;
mod stopping;
mod tally;
mod time_average;
mod warm_up;
pub mod wide;

pub use agreement::{Pair, mean_error, same_mean_and_spread};
pub use estimate::Estimate;
pub use evenness::{jain, max_over_mean};
pub use histogram::Histogram;
pub use interval::{CONFIDENCE, mean_interval, student_t};
pub use nnls::nnls;
pub use normal::normal_quantile;
pub use paired::{Contrast, Sighting};
pub use ratio::{ratio_interval, share_interval};
pub use root::falling_root;
pub use section::section_interval;
pub use stopping::{FIRST_LOOK, LOOK_EVERY, next_look, precise_enough};
pub use tally::Tally;
pub use time_average::TimeAverage;
pub use warm_up::mser5;
