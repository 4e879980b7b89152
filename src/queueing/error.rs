//! Why a formula has no answer.

use std::fmt;

/// Why a formula has no answer. The message names the quantity in backticks and says what it must be.
#[derive(Debug, Clone, PartialEq)]
pub enum QueueError {
    /// More work arrives than can be done; the queue has no steady state.
    Unstable {
        /// Work offered over capacity, at least one.
        utilisation: f64,
    },
    /// A parameter outside the domain of the formula.
    OutOfRange {
        /// The name of the parameter.
        what: &'static str,
        /// What it is.
        value: f64,
        /// What it must be.
        must: &'static str,
    },
}

impl fmt::Display for QueueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QueueError::Unstable { utilisation } => {
                write!(f, "`utilisation` is `{utilisation}`; a queue has a steady state only below one")
            }
            QueueError::OutOfRange { what, value, must } => write!(f, "`{what}` is `{value}`; it must be {must}"),
        }
    }
}

impl std::error::Error for QueueError {}

/// Passes a finite number above zero.
pub(super) fn above_zero(what: &'static str, value: f64) -> Result<f64, QueueError> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    Err(QueueError::OutOfRange { what, value, must: "above zero" })
}

/// Passes a finite number of at least zero.
pub(super) fn not_negative(what: &'static str, value: f64) -> Result<f64, QueueError> {
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    Err(QueueError::OutOfRange { what, value, must: "at least zero" })
}

/// Passes a number of servers, rooms or nodes of at least one.
pub(super) fn at_least_one(what: &'static str, value: u32) -> Result<u32, QueueError> {
    if value >= 1 { Ok(value) } else { Err(QueueError::OutOfRange { what, value: 0.0, must: "at least one" }) }
}

/// Passes a utilisation from zero to below one.
pub(super) fn stable(utilisation: f64) -> Result<f64, QueueError> {
    if not_negative("utilisation", utilisation)? < 1.0 {
        return Ok(utilisation);
    }
    Err(QueueError::Unstable { utilisation })
}

/// Passes a probability strictly between zero and one.
pub(super) fn probability(what: &'static str, value: f64) -> Result<f64, QueueError> {
    if value > 0.0 && value < 1.0 {
        return Ok(value);
    }
    Err(QueueError::OutOfRange { what, value, must: "between zero and one" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_quantity_and_its_range() {
        assert_eq!(above_zero("mu", -1.0).unwrap_err().to_string(), "`mu` is `-1`; it must be above zero");
        let error = stable(1.5).unwrap_err();
        assert_eq!(error.to_string(), "`utilisation` is `1.5`; a queue has a steady state only below one");
        assert!(stable(f64::NAN).is_err() && probability("p", 1.0).is_err() && at_least_one("servers", 0).is_err());
        assert!(not_negative("lambda", 0.0).is_ok());
    }
}
