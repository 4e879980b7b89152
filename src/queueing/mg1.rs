//! Poisson arrivals at one server, first come first served, any service times.

use super::QueueError;
use super::error::{above_zero, not_negative, stable};

/// Mean wait before service of M/G/1: `λE[S²]/(2(1 − ρ))` (Pollaczek 1930, Khinchine 1932).
///
/// `lambda` at least zero, `mean` and `second_moment` of the service time above zero.
///
/// # Errors
/// When a parameter is out of range, or the server cannot keep up.
pub fn mean_wait(lambda: f64, mean: f64, second_moment: f64) -> Result<f64, QueueError> {
    let utilisation = stable(not_negative("lambda", lambda)? * above_zero("mean", mean)?)?;
    Ok(lambda * above_zero("second_moment", second_moment)? / (2.0 * (1.0 - utilisation)))
}

/// Variance of the wait of M/G/1: `E[W]² + λE[S³]/(3(1 − ρ))` (Takács 1962).
///
/// # Errors
/// Those of [`mean_wait`], or when `third_moment` is not above zero.
pub fn variance_of_wait(lambda: f64, mean: f64, second_moment: f64, third_moment: f64) -> Result<f64, QueueError> {
    let wait = mean_wait(lambda, mean, second_moment)?;
    Ok(wait * wait + lambda * above_zero("third_moment", third_moment)? / (3.0 * (1.0 - lambda * mean)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::oracle::rows;

    /// Second and third moment of a service law with mean one, by its name in the file of exact values.
    fn moments(service: &str) -> (f64, f64) {
        let erlang = |k: f64| ((k + 1.0) / k, (k + 1.0) * (k + 2.0) / (k * k));
        // Balanced means have p(1 − p) = 1/(2(c² + 1)), which leaves 3c²(1 + c²).
        let hyper = |scv: f64| (1.0 + scv, 3.0 * scv * (1.0 + scv));
        match service {
            "D" => (1.0, 1.0),
            "Exp" => (2.0, 6.0),
            "Erlang2" => erlang(2.0),
            "Erlang4" => erlang(4.0),
            "H2bal_scv4" => hyper(4.0),
            "H2bal_scv16" => hyper(16.0),
            "Lognormal_scv4" => (5.0, 125.0),
            "Gamma_scv4" => (5.0, 45.0),
            other => panic!("unknown service {other}"),
        }
    }

    #[test]
    fn it_equals_the_exact_values() {
        for row in rows("MG1_FCFS") {
            let (lambda, (second, third)) = (row.number("lambda"), moments(row.text("service")));
            let computed = match row.quantity.as_str() {
                "mean_wait_Wq" => mean_wait(lambda, 1.0, second),
                _ => variance_of_wait(lambda, 1.0, second, third),
            };
            row.assert(computed.unwrap(), 1e-12);
        }
    }

    #[test]
    fn an_overloaded_server_has_no_answer() {
        assert_eq!(mean_wait(2.0, 0.5, 1.0), Err(QueueError::Unstable { utilisation: 1.0 }));
        assert_eq!(variance_of_wait(0.0, 1.0, 1.0, 1.0), Ok(0.0));
    }
}
