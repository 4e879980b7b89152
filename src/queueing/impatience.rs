//! Waiting customers who give up: Erlang A.

use super::QueueError;
use super::birth_death::{expect, stationary};
use super::error::{above_zero, at_least_one, not_negative};

/// M/M/c where everyone who waits gives up after an exponential patience. Stable at any load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErlangA {
    /// The share of arrivals that find all servers busy.
    pub wait_probability: f64,
    /// The share of arrivals that give up.
    pub abandon_probability: f64,
    /// Mean number waiting.
    pub mean_queue: f64,
}

/// Arrivals at rate `lambda`, `servers` of rate `mu`, each one who waits gives up at rate `theta` (above zero)
/// (Palm 1946; Garnett, Mandelbaum and Reiman 2002).
///
/// # Errors
/// When a parameter is out of range.
pub fn erlang_a(lambda: f64, mu: f64, servers: u32, theta: f64) -> Result<ErlangA, QueueError> {
    // Far beyond: the queue drains at theta for each who waits.
    const LAST: usize = 10_000_000;
    let (lambda, mu) = (not_negative("lambda", lambda)?, above_zero("mu", mu)?);
    let (servers, theta) = (at_least_one("servers", servers)? as usize, above_zero("theta", theta)?);
    let waiting = |n: usize| n.saturating_sub(servers) as f64;
    let states = stationary(LAST, |n| lambda / (n.min(servers) as f64 * mu + waiting(n) * theta));
    let mean_queue = expect(&states, waiting);
    let abandon_probability = if lambda > 0.0 { theta * mean_queue / lambda } else { 0.0 };
    Ok(ErlangA { wait_probability: states.iter().skip(servers).sum(), abandon_probability, mean_queue })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::oracle::rows;

    #[test]
    fn it_equals_the_exact_values() {
        for row in rows("ErlangA") {
            let number = |name| row.number(name);
            let queue = erlang_a(number("lambda"), number("mu"), number("c") as u32, number("theta")).unwrap();
            let computed = match row.quantity.as_str() {
                "prob_abandon" => queue.abandon_probability,
                "prob_wait" => queue.wait_probability,
                _ => queue.mean_queue,
            };
            row.assert(computed, 1e-12);
        }
    }

    #[test]
    fn in_overload_the_surplus_gives_up() {
        let queue = erlang_a(200.0, 1.0, 100, 2.0).unwrap();
        assert!((queue.abandon_probability - 0.5).abs() < 0.01, "{queue:?}");
        assert_eq!(erlang_a(0.0, 1.0, 1, 1.0).unwrap().abandon_probability, 0.0);
    }
}
