//! A measured run beside a simulation of the very same sessions.

use super::figures::Measured;
use super::quantity::Quantity;
use crate::experiment::Summary;
use serde::Serialize;

/// A figure by its name in `summary.json`, measured and simulated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// The name, such as `services.pop3.response_s.mean`.
    pub figure: String,
    /// What was measured.
    pub measured: f64,
    /// What the simulation says.
    pub simulated: f64,
    /// How much more the simulation says, as a share of what was measured.
    pub relative_error: f64,
}

/// All figures that both have.
#[must_use]
pub fn compare(measured: &Measured, simulated: &Summary) -> Vec<Compared> {
    let all = Quantity::ALL.into_iter().flat_map(|quantity| {
        quantity.owners(measured).into_iter().filter_map(move |owner| {
            let (real, said) = (quantity.measured(measured, owner)?, quantity.simulated(simulated, owner)?);
            let relative_error = said / real - 1.0;
            Some(Compared { figure: quantity.figure(owner), measured: real, simulated: said, relative_error })
        })
    });
    all.collect()
}
