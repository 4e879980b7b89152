//! Poisson arrivals at several servers with any service times: no closed formula, so approximations between exact ends.

use super::QueueError;
use super::erlang::Mmc;
use super::error::{above_zero, not_negative, stable};

/// Mean wait of M/G/c by Lee and Longton (1959): `(1 + c²)/2` times that of M/M/c. `scv` is the squared cv of service.
///
/// # Errors
/// When a parameter is out of range, or the servers cannot keep up.
pub fn lee_longton(lambda: f64, mean_service: f64, servers: u32, scv: f64) -> Result<f64, QueueError> {
    let exponential = Mmc::new(lambda, 1.0 / above_zero("mean_service", mean_service)?, servers)?.mean_wait();
    Ok((1.0 + not_negative("scv", scv)?) / 2.0 * exponential)
}

/// Mean wait of M/G/c by Kimura (1986, J. Appl. Prob. 23): `(1 + c²)/(2c²/Wm + (1 − c²)/Wd)` between M/M/c and M/D/c;
/// within 2 % of exact values where Lee and Longton are 15 % off. `scv` is the squared cv of service.
///
/// # Errors
/// When a parameter is out of range, or the servers cannot keep up.
pub fn kimura(lambda: f64, mean_service: f64, servers: u32, scv: f64) -> Result<f64, QueueError> {
    let exponential = Mmc::new(lambda, 1.0 / above_zero("mean_service", mean_service)?, servers)?.mean_wait();
    let scv = not_negative("scv", scv)?;
    // Between these bounds it lies exactly; where hardly anyone waits, rounding may put it outside.
    let constant = mdc_mean_wait(lambda, mean_service, servers)?.clamp(exponential / 2.0, exponential);
    if exponential <= 0.0 {
        return Ok(0.0);
    }
    Ok((1.0 + scv) / (2.0 * scv / exponential + (1.0 - scv) / constant))
}

/// Mean wait of M/D/c, exact: `{[a² − c(c − 1)]/(2(c − a)) + Σ 1/(1 − zᵢ)}/λ` over the c − 1 roots of
/// `z^c = e^a(z−1)` inside the unit circle (Crommelin 1932; Franx 2001, Oper. Res. Lett. 29).
///
/// The two parts nearly cancel where hardly anyone waits: the absolute error is about 1e-15 c² service times.
///
/// # Errors
/// When a parameter is out of range, or the servers cannot keep up.
pub fn mdc_mean_wait(lambda: f64, service: f64, servers: u32) -> Result<f64, QueueError> {
    let load = not_negative("lambda", lambda)? * above_zero("service", service)?;
    let count = f64::from(super::error::at_least_one("servers", servers)?);
    stable(load / count)?;
    if load <= 0.0 {
        return Ok(0.0);
    }
    let roots: f64 = (1..servers).map(|k| inverse_gap(f64::from(k) / count, load / count)).sum();
    let number = (load * load - count * (count - 1.0)) / (2.0 * (count - load)) + roots;
    Ok((number / lambda).max(0.0))
}

/// The real part of `1/(1 − z)` for the root `z = e^(2πi turn) e^(ρ(z−1))`; imaginary parts cancel over all roots.
fn inverse_gap(turn: f64, utilisation: f64) -> f64 {
    let angle = 2.0 * std::f64::consts::PI * turn;
    let (mut re, mut im) = (0.0, 0.0);
    // A contraction by ρ|z|; it moves by less than one rounding after at most a few thousand steps.
    for _ in 0..100_000 {
        let size = libm::exp(utilisation * (re - 1.0));
        let direction = angle + utilisation * im;
        let (next_re, next_im) = (size * libm::cos(direction), size * libm::sin(direction));
        let moved = (next_re - re).abs() + (next_im - im).abs();
        (re, im) = (next_re, next_im);
        if moved < 1e-16 {
            break;
        }
    }
    (1.0 - re) / ((1.0 - re) * (1.0 - re) + im * im)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queueing::mg1;
    use crate::stats::oracle::{Row, rows};

    fn servers(row: &Row) -> u32 {
        row.number("c") as u32
    }

    #[test]
    fn constant_service_equals_the_exact_values() {
        for row in rows("MDc") {
            row.assert(mdc_mean_wait(row.number("lambda"), row.number("D"), servers(&row)).unwrap(), 1e-12);
        }
        let (one, exact) = (mdc_mean_wait(0.8, 1.0, 1).unwrap(), mg1::mean_wait(0.8, 1.0, 1.0).unwrap());
        assert!((one - exact).abs() < 1e-12);
    }

    #[test]
    fn the_approximations_are_those_of_their_authors() {
        for row in rows("MGc_approx_LeeLongton") {
            let wait = lee_longton(row.number("lambda"), 1.0, servers(&row), row.number("scv"));
            row.assert(wait.unwrap(), 1e-12);
        }
        for row in rows("MGc_approx_Kimura") {
            row.assert(kimura(row.number("lambda"), 1.0, servers(&row), row.number("scv")).unwrap(), 1e-12);
        }
    }

    #[test]
    fn kimura_is_within_two_percent_of_exact_phase_type_service() {
        for row in rows("MPHc_FCFS").iter().filter(|row| row.quantity == "mean_wait_Wq") {
            let scv = if row.text("service") == "Erlang2" { 0.5 } else { 4.0 };
            row.assert(kimura(row.number("lambda"), 1.0, servers(row), scv).unwrap(), 0.02);
        }
    }

    #[test]
    fn hardly_any_load_hardly_waits() {
        let wait = kimura(1.0, 1.0, 200, 2.0).unwrap();
        assert!((0.0..1e-9).contains(&wait), "{wait}");
        assert_eq!(kimura(0.0, 1.0, 4, 2.0), Ok(0.0));
        assert!(kimura(4.0, 1.0, 4, 2.0).is_err());
    }
}
