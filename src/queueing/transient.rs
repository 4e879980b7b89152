//! How long a queue remembers: the relaxation time behind every warm-up, and the length of a run.

use super::QueueError;
use super::error::{above_zero, at_least_one, not_negative, probability, stable};
use crate::stats::normal_quantile;

/// The time in which the memory of the start fades by a factor e, in the unit of `mean_service`.
///
/// For M/M/1 it is `1/(μ(1 − √ρ)²)` (Cohen 1982; Odoni and Roth 1983). Several `servers` work it off together as one fast
/// server near saturation, and in at least one service time otherwise (van Doorn 1985; Gamarnik and Goldberg 2013).
/// Other arrivals and services multiply by `(ca² + cs²)/2`, the squared cvs of gaps and service (Whitt 1989), again in
/// at least one service time. A warm-up of five relaxation times leaves less than 1 %.
///
/// # Errors
/// When a parameter is out of range, or the servers cannot keep up.
pub fn relaxation_time(
    mean_service: f64,
    servers: u32,
    utilisation: f64,
    arrival_scv: f64,
    service_scv: f64,
) -> Result<f64, QueueError> {
    let service = above_zero("mean_service", mean_service)?;
    let servers = f64::from(at_least_one("servers", servers)?);
    let gap = 1.0 - libm::sqrt(stable(utilisation)?);
    let variability = (not_negative("arrival_scv", arrival_scv)? + not_negative("service_scv", service_scv)?) / 2.0;
    Ok((service / (servers * gap * gap) * variability).max(service))
}

/// How many mean service times M/M/1 must be simulated until the mean number has the half width `relative` (above
/// zero) of itself at `confidence`: `z²·2(1 + ρ)/(ε²ρ(1 − ρ)²)` (Whitt 1989, Management Science 35(11)).
///
/// # Errors
/// When a parameter is out of range, or the utilisation is not between zero and one.
pub fn run_length(utilisation: f64, relative: f64, confidence: f64) -> Result<f64, QueueError> {
    let rho = above_zero("utilisation", stable(utilisation)?)?;
    let z = normal_quantile(0.5 + probability("confidence", confidence)? / 2.0);
    let scaled = z / (above_zero("relative", relative)? * (1.0 - rho));
    Ok(scaled * scaled * 2.0 * (1.0 + rho) / rho)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::oracle::rows;

    #[test]
    fn one_server_equals_the_exact_values() {
        for row in rows("MM1_relaxation") {
            row.assert(relaxation_time(1.0, 1, row.number("rho"), 1.0, 1.0).unwrap(), 1e-12);
        }
        for row in rows("MM1_runlength") {
            row.assert(run_length(row.number("rho"), 0.05, 0.95).unwrap(), 1e-12);
        }
    }

    #[test]
    fn variable_service_remembers_longer_and_many_servers_shorter() {
        let plain = relaxation_time(0.1, 1, 0.9, 1.0, 1.0).unwrap();
        assert!((relaxation_time(0.1, 1, 0.9, 1.0, 4.0).unwrap() / plain - 2.5).abs() < 1e-12);
        assert!((relaxation_time(0.1, 4, 0.9, 1.0, 1.0).unwrap() / plain - 0.25).abs() < 1e-12);
        assert_eq!(relaxation_time(0.1, 1_000, 0.5, 1.0, 0.0), Ok(0.1));
        assert!(relaxation_time(0.1, 1, 1.0, 1.0, 1.0).is_err() && run_length(0.0, 0.05, 0.95).is_err());
    }
}
