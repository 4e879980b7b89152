//! Steady states of populations that change by one.

/// The probabilities of the states 0, 1, …, where `ratio(n)` is the birth rate in `n − 1` over the death rate in `n`;
/// ends after `last`, or where the rest no longer counts (Kleinrock, Queueing Systems I, 1975, eq. 3.11).
///
/// The weights are rescaled as they grow, so that large systems neither overflow nor vanish.
pub(super) fn stationary(last: usize, ratio: impl Fn(usize) -> f64) -> Vec<f64> {
    const HUGE: f64 = 1e200;
    const NEGLIGIBLE: f64 = 1e-20;
    let (mut weights, mut sum) = (vec![1.0], 1.0);
    let mut weight = 1.0;
    for state in 1..=last {
        let ratio = ratio(state);
        weight *= ratio;
        if ratio < 0.999 && weight < NEGLIGIBLE * sum {
            break;
        }
        weights.push(weight);
        sum += weight;
        if weight > HUGE {
            weights.iter_mut().for_each(|weight| *weight /= HUGE);
            (weight, sum) = (weight / HUGE, sum / HUGE);
        }
    }
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// The mean of `value(n)` over the states.
pub(super) fn expect(states: &[f64], value: impl Fn(usize) -> f64) -> f64 {
    states.iter().enumerate().map(|(state, share)| share * value(state)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_server_queue_is_geometric() {
        let states = stationary(10_000, |_| 0.8);
        assert!((expect(&states, |n| n as f64) - 4.0).abs() < 1e-12);
        assert!((states[0] - 0.2).abs() < 1e-14);
    }

    #[test]
    fn thousands_of_servers_do_not_overflow() {
        // Without a limit the population is Poisson, here with mean 5000.
        let states = stationary(20_000, |n| 5_000.0 / n as f64);
        assert!((expect(&states, |n| n as f64) / 5_000.0 - 1.0).abs() < 1e-11);
    }
}
