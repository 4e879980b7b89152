//! What a node sees behind a round-robin balancer: every k-th arrival of a Poisson stream.

use super::QueueError;
use super::error::{above_zero, at_least_one, not_negative, probability, stable};

/// A node of E_k/M/1: arrivals with Erlang-k gaps, exponential service, first come first served. Its response time is
/// exponential (GI/M/1, Kleinrock, Queueing Systems I, 1975, ch. 6).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoundRobinNode {
    mu: f64,
    sigma: f64,
}

impl RoundRobinNode {
    /// One of `nodes` (at least one) that take turns at a Poisson stream; `lambda` is the arrival rate **of this node**
    /// (at least zero), `mu` its service rate (above zero).
    ///
    /// # Errors
    /// When a parameter is out of range, or the node cannot keep up.
    pub fn new(nodes: u32, lambda: f64, mu: f64) -> Result<RoundRobinNode, QueueError> {
        let turns = f64::from(at_least_one("nodes", nodes)?);
        let utilisation = stable(not_negative("lambda", lambda)? / above_zero("mu", mu)?)?;
        Ok(RoundRobinNode { mu, sigma: root(turns, utilisation) })
    }

    /// The share of arrivals that find the node busy: the root of `σ = (kρ/(kρ + 1 − σ))^k` below one.
    #[must_use]
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// Mean response: `1/(μ(1 − σ))`.
    #[must_use]
    pub fn mean_response(&self) -> f64 {
        1.0 / (self.mu * (1.0 - self.sigma))
    }

    /// P(response > t), the late fraction at the limit `t`, at least zero.
    #[must_use]
    pub fn response_tail(&self, t: f64) -> f64 {
        libm::exp(-t / self.mean_response())
    }

    /// The `p`-quantile of the response time.
    ///
    /// # Errors
    /// When `p` is not between zero and one.
    pub fn response_quantile(&self, p: f64) -> Result<f64, QueueError> {
        Ok(-libm::log1p(-probability("p", p)?) * self.mean_response())
    }
}

/// Between zero and ρ, where it lies because Erlang gaps are never less regular than Poisson's; below the root the
/// right-hand side is the larger one. Bisection, since the plain iteration crawls near saturation.
fn root(turns: f64, utilisation: f64) -> f64 {
    let (mut low, mut high) = (0.0, utilisation);
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return high;
        }
        let gap = -turns * libm::log1p((1.0 - middle) / (turns * utilisation));
        if libm::exp(gap) > middle {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::oracle::rows;

    #[test]
    fn it_equals_the_exact_values() {
        for row in rows("RR_EkM1") {
            let rho = row.number("per-node rho");
            let node = RoundRobinNode::new(row.number("k") as u32, rho, row.number("mu")).unwrap();
            let computed = match row.quantity.as_str() {
                "sigma" => node.sigma(),
                "mean_response_T" => node.mean_response(),
                _ => node.response_quantile(0.95).unwrap(),
            };
            row.assert(computed, 1e-12);
        }
    }

    #[test]
    fn endless_turns_are_regular_arrivals() {
        for row in rows("DM1") {
            let node = RoundRobinNode::new(1_000_000, row.number("rho"), row.number("mu")).unwrap();
            row.assert(node.mean_response(), 1e-5);
        }
    }

    #[test]
    fn the_smallest_enough_number_of_nodes_is_the_known_one() {
        let node = |nodes: u32| RoundRobinNode::new(nodes, 1_000.0 / f64::from(nodes), 100.0);
        for row in rows("Size_round_robin") {
            if row.quantity == "min_nodes" {
                let enough = |n: &u32| node(*n).is_ok_and(|node| node.response_tail(0.05) <= 0.05);
                row.assert(f64::from((1..).find(enough).unwrap()), 0.0);
            } else {
                row.assert(node(row.number("n") as u32).unwrap().response_quantile(0.95).unwrap(), 1e-12);
            }
        }
    }

    #[test]
    fn an_idle_node_responds_in_one_service_time() {
        assert_eq!(RoundRobinNode::new(4, 0.0, 2.0).unwrap().mean_response(), 0.5);
        assert!(RoundRobinNode::new(4, 2.0, 2.0).is_err());
    }
}
