//! Jobs that share cores equally. Means depend on the service law through its mean alone (insensitivity, Kelly 1979).

use super::QueueError;
use super::erlang::Mmc;
use super::error::{above_zero, at_least_one, not_negative, stable};

/// Mean response of M/G/1-PS: `E[S]/(1 − ρ)` (Kleinrock, Queueing Systems II, 1976, sec. 4.4).
///
/// # Errors
/// When a parameter is out of range, or the core cannot keep up.
pub fn mean_response(lambda: f64, mean_service: f64) -> Result<f64, QueueError> {
    let utilisation = stable(not_negative("lambda", lambda)? * above_zero("mean_service", mean_service)?)?;
    Ok(mean_service / (1.0 - utilisation))
}

/// Variance of the response of M/M/1-PS: `(2 + ρ)/((2 − ρ) μ²(1 − ρ)²)` (Coffman, Muntz and Trotter 1970).
///
/// # Errors
/// When a parameter is out of range, or the core cannot keep up.
pub fn variance_of_response_exponential(lambda: f64, mu: f64) -> Result<f64, QueueError> {
    let utilisation = stable(not_negative("lambda", lambda)? / above_zero("mu", mu)?)?;
    let idle = mu * (1.0 - utilisation);
    Ok((2.0 + utilisation) / ((2.0 - utilisation) * idle * idle))
}

/// Mean response of M/G/c-PS, where a job uses one of `cores` at most: that of M/M/c, for any service law (Kelly 1979).
///
/// # Errors
/// When a parameter is out of range, or the cores cannot keep up.
pub fn mean_response_on_cores(lambda: f64, mean_service: f64, cores: u32) -> Result<f64, QueueError> {
    Ok(Mmc::new(lambda, 1.0 / above_zero("mean_service", mean_service)?, cores)?.mean_response())
}

/// How much work `busy` cores do together, in cores: `N/(1 + σ(N − 1) + κN(N − 1))`, the universal scalability law
/// (Gunther 2007). `contention` σ is the part of the work that is serial, `coherence` κ the price of keeping in step.
#[must_use]
pub fn scaled_rate(busy: u32, contention: f64, coherence: f64) -> f64 {
    let cores = f64::from(busy);
    let others = (cores - 1.0).max(0.0);
    cores / (1.0 + contention * others + coherence * cores * others)
}

/// Mean number of jobs that share `cores` which slow each other down by [`scaled_rate`], for any service law: product
/// form with service rate `rate(min(n, c))/E[S]` in state n (Kelly 1979, sec. 3.3; the tail beyond c is geometric).
///
/// `contention` and `coherence` at least zero. The mean response is this number over `lambda`.
///
/// # Errors
/// When a parameter is out of range, or all cores together cannot keep up.
pub fn mean_number_with_scaling(
    lambda: f64,
    mean_service: f64,
    cores: u32,
    contention: f64,
    coherence: f64,
) -> Result<f64, QueueError> {
    let load = not_negative("lambda", lambda)? * above_zero("mean_service", mean_service)?;
    not_negative("contention", contention)?;
    not_negative("coherence", coherence)?;
    let ratio = |busy: u32| load / scaled_rate(busy, contention, coherence);
    let last = stable(ratio(at_least_one("cores", cores)?))?;
    let (mut weight, mut sum, mut numbers) = (1.0, 1.0, 0.0);
    for busy in 1..cores {
        weight *= ratio(busy);
        sum += weight;
        numbers += f64::from(busy) * weight;
        // Relative to the largest so far, which keeps a thousand cores within range.
        if weight > 1e200 {
            (weight, sum, numbers) = (1.0, sum / weight, numbers / weight);
        }
    }
    // States c, c + 1, …: c + k with weight w r^k.
    let at_cores = weight * last;
    let idle = 1.0 - last;
    sum += at_cores / idle;
    numbers += at_cores * (f64::from(cores) / idle + last / (idle * idle));
    Ok(numbers / sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::oracle::rows;

    #[test]
    fn one_core_equals_the_exact_values() {
        for row in rows("MG1_PS") {
            row.assert(mean_response(row.number("lambda"), 1.0).unwrap(), 1e-12);
        }
        for row in rows("MM1_PS") {
            let variance = variance_of_response_exponential(row.number("lambda"), row.number("mu"));
            row.assert(variance.unwrap(), 1e-12);
        }
    }

    #[test]
    fn several_cores_equal_the_exact_values() {
        for row in rows("MGc_PS") {
            let (load, cores) = (row.number("offered_load"), row.number("c") as u32);
            row.assert(mean_response_on_cores(load, 1.0, cores).unwrap(), 1e-12);
            row.assert(mean_number_with_scaling(load, 1.0, cores, 0.0, 0.0).unwrap() / load, 1e-12);
        }
    }

    #[test]
    fn cores_that_slow_each_other_down_do_less() {
        assert_eq!(scaled_rate(1, 0.1, 0.01), 1.0);
        assert!((scaled_rate(4, 0.1, 0.01) - 4.0 / 1.42).abs() < 1e-15);
        let free = mean_number_with_scaling(2.0, 1.0, 4, 0.0, 0.0).unwrap();
        assert!(mean_number_with_scaling(2.0, 1.0, 4, 0.05, 0.01).unwrap() > free);
        // 4 cores do the work of 2.82, so a load of 3 is too much.
        assert!(mean_number_with_scaling(3.0, 1.0, 4, 0.1, 0.01).is_err());
    }

    #[test]
    fn the_scaling_law_equals_the_sum_over_many_states() {
        let (load, cores, contention, coherence) = (5.0, 8_u32, 0.02, 0.001);
        let rate = |n: usize| scaled_rate((n as u32).min(cores), contention, coherence);
        let states = super::super::birth_death::stationary(100_000, |n| load / rate(n));
        let slow = super::super::birth_death::expect(&states, |n| n as f64);
        let fast = mean_number_with_scaling(load, 1.0, cores, contention, coherence).unwrap();
        assert!((fast / slow - 1.0).abs() < 1e-12, "{fast} {slow}");
        let many = mean_number_with_scaling(1_800.0, 1.0, 2_000, 0.0, 0.0).unwrap();
        let erlang = Mmc::new(1_800.0, 1.0, 2_000).unwrap().mean_number();
        assert!((many / erlang - 1.0).abs() < 1e-10, "{many} {erlang}");
    }
}
