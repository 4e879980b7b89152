//! Poisson arrivals and exponential service at several servers: Erlang's formulas and what follows from them.

use super::QueueError;
use super::birth_death::{expect, stationary};
use super::error::{above_zero, at_least_one, not_negative, probability, stable};
use crate::stats::falling_root;

/// The share of arrivals that find all `servers` busy and leave, at the offered load `load` (arrival rate × mean
/// service time, at least zero). Holds for any service law.
///
/// `B₀ = 1`, `Bₖ = aBₖ₋₁/(k + aBₖ₋₁)` (Erlang 1917; the recursion is stable, Cooper 1981, ch. 3).
#[must_use]
pub fn erlang_b(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, server| load * blocked / (f64::from(server) + load * blocked))
}

/// The share of arrivals that wait, at the offered load `load`; all of them once the load reaches the servers.
///
/// `C = cB/(c − a(1 − B))` (Erlang 1917; Gross and Harris, Fundamentals of Queueing Theory, ch. 2).
#[must_use]
pub fn erlang_c(servers: u32, load: f64) -> f64 {
    let count = f64::from(servers);
    if load >= count {
        return 1.0;
    }
    let blocked = erlang_b(servers, load);
    count * blocked / (count - load * (1.0 - blocked))
}

/// One first-come-first-served queue before several equal servers: M/M/c, and with one server M/M/1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mmc {
    lambda: f64,
    mu: f64,
    servers: f64,
    wait_probability: f64,
}

impl Mmc {
    /// Arrivals at rate `lambda` (at least zero), each of the `servers` (at least one) with rate `mu` (above zero).
    ///
    /// # Errors
    /// When a parameter is out of range, or the servers cannot keep up.
    pub fn new(lambda: f64, mu: f64, servers: u32) -> Result<Mmc, QueueError> {
        let load = not_negative("lambda", lambda)? / above_zero("mu", mu)?;
        let count = f64::from(at_least_one("servers", servers)?);
        stable(load / count)?;
        Ok(Mmc { lambda, mu, servers: count, wait_probability: erlang_c(servers, load) })
    }

    /// The share of arrivals that wait (Erlang C).
    #[must_use]
    pub fn wait_probability(&self) -> f64 {
        self.wait_probability
    }

    /// Mean wait before service.
    #[must_use]
    pub fn mean_wait(&self) -> f64 {
        self.wait_probability / self.spare_rate()
    }

    /// Mean wait and service.
    #[must_use]
    pub fn mean_response(&self) -> f64 {
        self.mean_wait() + 1.0 / self.mu
    }

    /// Mean number waiting and in service.
    #[must_use]
    pub fn mean_number(&self) -> f64 {
        self.lambda * self.mean_response()
    }

    /// P(wait > t), for `t` at least zero: `C e^−(cμ−λ)t`.
    #[must_use]
    pub fn wait_tail(&self, t: f64) -> f64 {
        self.wait_probability * libm::exp(-self.spare_rate() * t)
    }

    /// P(response > t), the late fraction at the limit `t`, at least zero:
    /// `e^−μt [1 + C(1 − e^−μt(c−1−a))/(c − 1 − a)]` (Gross and Harris, ch. 2).
    #[must_use]
    pub fn response_tail(&self, t: f64) -> f64 {
        let (served, gap) = (self.mu * t, self.servers - 1.0 - self.lambda / self.mu);
        // (1 − e^−xg)/g, which is x where g vanishes.
        let waited = if gap == 0.0 { served } else { -libm::expm1(-served * gap) / gap };
        libm::exp(-served) * (1.0 + self.wait_probability * waited)
    }

    /// The `p`-quantile of the wait: zero where more than `p` of all arrivals do not wait.
    ///
    /// # Errors
    /// When `p` is not between zero and one.
    pub fn wait_quantile(&self, p: f64) -> Result<f64, QueueError> {
        let late = 1.0 - probability("p", p)?;
        Ok((libm::log(self.wait_probability / late) / self.spare_rate()).max(0.0))
    }

    /// The `p`-quantile of the response time.
    ///
    /// # Errors
    /// When `p` is not between zero and one.
    pub fn response_quantile(&self, p: f64) -> Result<f64, QueueError> {
        let late = 1.0 - probability("p", p)?;
        Ok(falling_root(late, 1.0 / self.mu, |t| self.response_tail(t)))
    }

    /// `cμ − λ`: how fast a queue drains.
    fn spare_rate(&self) -> f64 {
        self.servers * self.mu - self.lambda
    }
}

/// M/M/c with room for `room` in all (waiting and in service): who finds it full is lost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LimitedRoom {
    /// The share of arrivals that are lost.
    pub loss: f64,
    /// Mean number waiting and in service.
    pub mean_number: f64,
}

/// M/M/c/K: arrivals at rate `lambda`, `servers` of rate `mu`, `room` at least `servers`. Any load is allowed.
///
/// # Errors
/// When a parameter is out of range.
pub fn mmck(lambda: f64, mu: f64, servers: u32, room: u32) -> Result<LimitedRoom, QueueError> {
    let load = not_negative("lambda", lambda)? / above_zero("mu", mu)?;
    let servers = at_least_one("servers", servers)?;
    if room < servers {
        return Err(QueueError::OutOfRange { what: "room", value: f64::from(room), must: "at least `servers`" });
    }
    let states = stationary(room as usize, |n| load / (n as f64).min(f64::from(servers)));
    Ok(LimitedRoom {
        loss: states.get(room as usize).copied().unwrap_or(0.0),
        mean_number: expect(&states, |n| n as f64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::oracle::{Row, rows};

    fn check(row: &Row, queue: &Mmc) {
        let computed = match row.quantity.as_str() {
            "prob_wait_ErlangC" => queue.wait_probability(),
            "mean_wait_Wq" => queue.mean_wait(),
            "mean_number_L" => queue.mean_number(),
            "mean_response_T" => queue.mean_response(),
            "p95_wait" => queue.wait_quantile(0.95).unwrap(),
            "p95_response" => queue.response_quantile(0.95).unwrap(),
            "p99_response" => queue.response_quantile(0.99).unwrap(),
            other => panic!("unknown quantity {other}"),
        };
        row.assert(computed, 1e-12);
    }

    #[test]
    fn one_queue_equals_the_exact_values() {
        for row in rows("MM1") {
            check(&row, &Mmc::new(row.number("lambda"), row.number("mu"), 1).unwrap());
        }
        for row in rows("MMc") {
            let (mu, servers) = (row.number("mu"), row.number("c") as u32);
            check(&row, &Mmc::new(row.number("offered_load") * mu, mu, servers).unwrap());
        }
        for row in rows("MMc_scaledown") {
            let servers = row.number("c");
            check(&row, &Mmc::new(row.number("rho") * servers, 1.0, servers as u32).unwrap());
        }
    }

    #[test]
    fn loss_equals_the_exact_values() {
        rows("ErlangB")
            .iter()
            .for_each(|row| row.assert(erlang_b(row.number("c") as u32, row.number("offered_load")), 1e-12));
        for row in rows("MMcK") {
            let number = |name| row.number(name);
            let queue = mmck(number("lambda"), number("mu"), number("c") as u32, number("K") as u32).unwrap();
            row.assert(if row.quantity == "loss_probability" { queue.loss } else { queue.mean_number }, 1e-12);
        }
    }

    #[test]
    fn the_smallest_enough_number_of_servers_is_the_known_one() {
        for row in rows("Size_ErlangC") {
            let enough = |c: &u32| erlang_c(*c, row.number("offered_load")) <= row.number("P(wait)<");
            row.assert(f64::from((1..).find(enough).unwrap()), 0.0);
        }
        for row in rows("Size_central_queue").iter().filter(|row| row.quantity == "min_servers") {
            let late = |c: u32| Mmc::new(1_000.0, 100.0, c).map(|queue| queue.response_tail(0.05));
            row.assert(f64::from((1..).find(|&c| late(c).is_ok_and(|late| late <= 0.05)).unwrap()), 0.0);
        }
    }

    #[test]
    fn where_the_two_exponents_meet_the_tail_is_continuous() {
        let at = |load: f64| Mmc::new(load, 1.0, 3).unwrap().response_tail(2.0);
        assert!((at(2.0) - at(2.0 + 1e-9)).abs() < 1e-8 && (at(2.0) - at(2.0 - 1e-9)).abs() < 1e-8);
    }

    #[test]
    fn an_idle_queue_never_waits_and_an_overloaded_one_has_no_answer() {
        let idle = Mmc::new(0.0, 2.0, 3).unwrap();
        assert_eq!((idle.mean_wait(), idle.mean_response(), idle.wait_quantile(0.99).unwrap()), (0.0, 0.5, 0.0));
        assert_eq!(Mmc::new(4.0, 2.0, 2), Err(QueueError::Unstable { utilisation: 1.0 }));
        assert_eq!(erlang_c(2, 5.0), 1.0);
        assert!(mmck(9.0, 1.0, 2, 4).is_ok() && mmck(1.0, 1.0, 2, 1).is_err());
    }
}
