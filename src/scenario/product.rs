//! The mail software, resolved: what belongs to the product and not to the machines.

use super::file::Edition;
use crate::units::Time;

/// The parameters of the mail software.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Which edition.
    pub edition: Edition,
    /// Periodic work for each mail domain on each primary, in time of the reference core.
    pub domain_cpu: Time,
    /// How often it is due for each of them.
    pub domain_period: Time,
}

/// Periodic work for each mail domain on each primary: every minute 20 ms of the reference core.
///
/// The white paper sees a processing limit near 3000 domains on some machines, whatever the users; 60 s / 20 ms =
/// 3000 fills the reference core. The pair is an assumption that reproduces that limit.
pub const DOMAIN_CPU: Time = Time::from_millis(20);
/// See [`DOMAIN_CPU`].
pub const DOMAIN_PERIOD: Time = Time::from_secs(60);

impl Edition {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Edition::Plus => "plus",
            Edition::Pro => "pro",
        }
    }
}
