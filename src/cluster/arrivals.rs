//! Where sessions come from: Poisson streams, one for each kind of session, never one object for each user.

use crate::random::{Key, Purpose, Stream};
use crate::scenario;
use crate::units::Time;

/// A Poisson stream of sessions.
pub(super) struct Arrivals {
    mean_gap_ns: f64,
    gaps: Stream,
    sessions: Key,
    count: u64,
}

impl Arrivals {
    pub(super) fn new(stream: &scenario::Stream, seed: u64, replication: u64) -> Arrivals {
        Arrivals {
            mean_gap_ns: 1e9 / stream.rate_per_s,
            gaps: Key::new(seed, replication, Purpose::Arrival, &stream.name).stream(),
            sessions: Key::new(seed, replication, Purpose::Session, &stream.name),
            count: 0,
        }
    }

    /// Time to the next session.
    pub(super) fn gap(&mut self) -> Time {
        Time::from_ns_f64(self.gaps.exponential(self.mean_gap_ns))
    }

    /// The key of the session that comes now: everything random about it hangs on this.
    pub(super) fn next_session(&mut self) -> Key {
        let key = self.sessions.at(self.count);
        self.count += 1;
        key
    }
}
