//! Sessions that are turned away for now and come back: how often each part of a session is done then.
//!
//! Who comes back passes every filter that the first attempt has passed, and each greylist turns a sender away once. So an
//! operation is done once by those who get there at all, and once more for each later greylist from which they come back.
//! Exact in the long run at constant rates; where rates change, a session that comes back counts when it came first.

use super::{Gate, Scenario, Stream};

impl Gate {
    /// Share of the sessions that get beyond it in the end.
    fn lets_through(&self) -> f64 {
        self.pass * (1.0 - self.defer * (1.0 - self.returns))
    }
}

impl Stream {
    /// How often a session gets to the operation at this place, on average over the sessions that come for the first time.
    #[must_use]
    pub fn arrivals_at(&self, place: usize) -> f64 {
        let mut reached: f64 = self.gates[..place].iter().flatten().map(Gate::lets_through).product();
        let mut arrivals = reached;
        for gate in self.gates[place..].iter().flatten() {
            arrivals += reached * gate.pass * gate.defer * gate.returns;
            reached *= gate.lets_through();
        }
        arrivals
    }

    /// Sessions per second in the busiest hour, with those that come back.
    #[must_use]
    pub fn arrivals_per_s(&self) -> f64 {
        self.rate_per_s * self.arrivals_at(0)
    }

    /// Whether some of its sessions are turned away for now.
    #[must_use]
    pub fn defers(&self) -> bool {
        self.gates.iter().flatten().any(|gate| gate.defer > 0.0)
    }
}

impl Scenario {
    /// Whether some sessions of a service are turned away for now.
    #[must_use]
    pub fn defers(&self, service: usize) -> bool {
        self.streams.iter().any(|stream| stream.service == service && stream.defers())
    }
}
