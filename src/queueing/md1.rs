//! Poisson arrivals at one server with constant service times: the whole law of the wait.

use super::QueueError;
use super::error::{above_zero, not_negative, probability, stable};
use crate::stats::falling_root;

/// More arrivals than this within one service time count as impossible: below load one their probability is 1e-49.
const MOST_ARRIVALS: usize = 40;

/// P(wait > t) of M/D/1 with arrival rate `lambda` and service time `service`, `t` at least zero.
///
/// Erlang's series of 1909 alternates and loses all digits for long waits. Here are only positive terms: within the
/// k-th service time, `P(W ≤ t) = e^−λu Σ_{j<k} Q_{k−1−j} (λu)^j/j!` with `u = kD − t`, where `Qₙ` is the probability of
/// at most n waiting (Franx 2001, Oper. Res. Lett. 29). Takes about 40 t/D steps.
///
/// # Errors
/// When a parameter is out of range, or the server cannot keep up.
pub fn wait_tail(lambda: f64, service: f64, t: f64) -> Result<f64, QueueError> {
    let utilisation = stable(not_negative("lambda", lambda)? * above_zero("service", service)?)?;
    let services = not_negative("t", t)? / service;
    Ok(tail(utilisation, services, &at_most_waiting(utilisation, services as usize + 1)))
}

/// The `p`-quantile of the wait of M/D/1; zero where more than `p` do not wait.
///
/// # Errors
/// Those of [`wait_tail`], or when `p` is not between zero and one.
pub fn wait_quantile(lambda: f64, service: f64, p: f64) -> Result<f64, QueueError> {
    let utilisation = stable(not_negative("lambda", lambda)? * above_zero("service", service)?)?;
    let late = 1.0 - probability("p", p)?;
    // Beyond k services lies at most what lies beyond k − 1 waiting: enough states bound the search.
    let mut states = 16;
    let mut waiting = at_most_waiting(utilisation, states);
    while 1.0 - waiting[states - 1] > late {
        states *= 2;
        waiting = at_most_waiting(utilisation, states);
    }
    let beyond =
        |services: f64| if services as usize + 1 > states { 0.0 } else { tail(utilisation, services, &waiting) };
    Ok(service * falling_root(late, 1.0, beyond))
}

fn tail(utilisation: f64, services: f64, waiting: &[f64]) -> f64 {
    let k = services as usize + 1;
    let left = utilisation * (k as f64 - services);
    let mut poisson = libm::exp(-left);
    let mut within = 0.0;
    for j in 0..k.min(MOST_ARRIVALS) {
        within += poisson * waiting[k - 1 - j];
        poisson *= left / (j + 1) as f64;
    }
    (1.0 - within).max(0.0)
}

/// P(at most n waiting) for n below `count`.
///
/// `p_j (1 − a₀) = (1 − ρ)a_{j−1} + Σ_{0<k<j} p_k a_{j−k}` with `aₙ = P(Poisson(ρ) > n)`: Tijms, A First Course in
/// Stochastic Models (2003), eq. 9.2.6; it adds only.
fn at_most_waiting(utilisation: f64, count: usize) -> Vec<f64> {
    let beyond = poisson_beyond(utilisation);
    let idle = 1.0 - utilisation;
    let mut states = vec![idle];
    for j in 1..=count {
        let from_busy: f64 = (1..j).rev().take(MOST_ARRIVALS).map(|k| states[k] * beyond[j - k]).sum();
        states.push((idle * beyond.get(j - 1).unwrap_or(&0.0) + from_busy) / libm::exp(-utilisation));
    }
    let mut sum = states[0];
    let running = states[1..].iter().map(|state| {
        sum += state;
        sum
    });
    running.collect()
}

/// P(Poisson(mean) > n) for n up to the most arrivals, each summed from its small terms up.
fn poisson_beyond(mean: f64) -> [f64; MOST_ARRIVALS + 1] {
    let mut beyond = [0.0; MOST_ARRIVALS + 1];
    let mut terms = [libm::exp(-mean); MOST_ARRIVALS + 1];
    for n in 1..=MOST_ARRIVALS {
        terms[n] = terms[n - 1] * mean / n as f64;
    }
    for n in (0..MOST_ARRIVALS).rev() {
        beyond[n] = beyond[n + 1] + terms[n + 1];
    }
    beyond
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::oracle::rows;

    #[test]
    fn it_equals_the_exact_values() {
        for row in rows("MD1_FCFS") {
            let p = if row.quantity == "p95_wait" { 0.95 } else { 0.99 };
            row.assert(wait_quantile(row.number("lambda"), row.number("D"), p).unwrap(), 1e-12);
        }
    }

    #[test]
    fn the_tail_integrates_to_the_mean_wait() {
        let (lambda, service, step) = (0.8, 1.0, 0.01);
        let area: f64 = (0..8_000).map(|k| wait_tail(lambda, service, (f64::from(k) + 0.5) * step).unwrap()).sum();
        assert!((area * step - 2.0).abs() < 1e-3, "{}", area * step);
    }

    #[test]
    fn the_time_unit_does_not_matter() {
        let (a, b) = (wait_quantile(0.9, 1.0, 0.95).unwrap(), wait_quantile(90.0, 0.01, 0.95).unwrap());
        assert!((a / b - 100.0).abs() < 1e-10);
        assert!((wait_tail(90.0, 0.01, b).unwrap() - 0.05).abs() < 1e-12);
        assert_eq!(wait_quantile(0.04, 1.0, 0.95), Ok(0.0));
        // Near saturation the wait is exponential with mean ρD/2(1 − ρ) (Kingman 1961).
        let heavy = wait_quantile(0.999, 1.0, 0.99).unwrap() / (0.999 / 0.002 * libm::log(100.0));
        assert!((heavy - 1.0).abs() < 1e-3, "{heavy}");
    }
}
