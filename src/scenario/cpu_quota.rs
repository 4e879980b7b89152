//! A part of a machine: full speed, and a budget of core time in each period.

use crate::units::Time;

/// How much core time a CPU may use. When a period's budget is used up, everything stops until the next period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CpuQuota {
    /// Core time over time: how many cores the budget is worth; above 0 and at most the tier's cores.
    pub cores: f64,
    /// For how long a budget has to last.
    pub period: Time,
    /// Core time that is kept at most where it was not used.
    pub burst: Time,
}
