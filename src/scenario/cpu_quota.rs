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
    /// What a busy core loses after a stop, in its own time.
    pub resume: Time,
    /// For how long of its running it does: at least `resume`, and more than that or than what it has in a period.
    pub cold: Time,
}

impl CpuQuota {
    /// What each core has in a period.
    #[must_use]
    pub fn per_core(&self, cores: u32) -> Time {
        Time::from_secs_f64(self.cores / f64::from(cores) * self.period.as_secs_f64())
    }

    /// The part of `resume` that is lost after a stop by whoever uses up the next budget too.
    #[must_use]
    pub fn resumed(&self, cores: u32) -> f64 {
        if self.cold == Time::ZERO {
            return 0.0;
        }
        (self.per_core(cores).as_secs_f64() / self.cold.as_secs_f64()).min(1.0)
    }
}
