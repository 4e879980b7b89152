//! Where sessions come from: Poisson streams or traces, one for each kind of session, never one object for each user.
//!
//! The rate of a stream is constant within an hour, and in it from one end of a burst to the next. An arrival comes when the area under the rate since the last one
//! reaches an exponential number, which is exact for any such rate and takes one random number for each arrival: two
//! designs meet the same arrivals.

use crate::random::{Key, Purpose, Stream};
use crate::scenario::burst::{Burst, steps};
use crate::scenario::{self, Trace};
use crate::units::Time;

pub(super) const HOUR: Time = Time::from_secs(3_600);

/// Later than a trace says: what happens just when a window begins is no part of it, and a session of that moment is meant to be.
const PAST: Time = Time(1);

/// A stream of sessions.
pub(super) struct Arrivals {
    /// When they come, where a trace says so.
    trace: Option<Trace>,
    /// How many of the trace have been told.
    told: u64,
    /// Sessions per nanosecond by hour; repeated when the last one is over.
    hours: Vec<f64>,
    /// How far into its hours the stream is at time zero.
    phase: Time,
    /// When bursts change the rate, and the factor from then on; from time zero.
    steps: Vec<(Time, f64)>,
    gaps: Stream,
    sessions: Key,
    count: u64,
}

impl Arrivals {
    /// The stream before a warm-up of this length, after which its first hour begins.
    pub(super) fn new(stream: &scenario::Stream, seed: u64, replication: u64, warm_up: Time) -> Arrivals {
        let cycle = HOUR.0 * stream.hours_per_s.len() as u64;
        let later = |b: &Burst| Burst { begins: b.begins + warm_up, ends: b.ends + warm_up, ..*b };
        let bursts: Vec<Burst> = stream.bursts.iter().map(later).collect();
        Arrivals {
            trace: stream.trace.clone(),
            told: 0,
            hours: stream.hours_per_s.iter().map(|rate| rate / 1e9).collect(),
            phase: Time((cycle - warm_up.0 % cycle) % cycle),
            steps: steps(&bursts),
            gaps: Key::new(seed, replication, Purpose::Arrival, &stream.name).stream(),
            sessions: Key::new(seed, replication, Purpose::Session, &stream.name),
            count: 0,
        }
    }

    /// When the next session comes after one at `now`; [`Time::MAX`] where none comes any more.
    pub(super) fn next(&mut self, now: Time) -> Time {
        if let Some(trace) = &self.trace {
            let at = trace.at(self.told).map_or(Time::MAX, |at| at + PAST);
            self.told += 1;
            return at;
        }
        let mut area = self.gaps.exponential(1.0);
        if let [rate] = self.hours[..]
            && self.steps.is_empty()
        {
            return now + Time::from_ns_f64(area / rate);
        }
        let mut at = now + self.phase;
        loop {
            let hour = at.0 / HOUR.0;
            let mut rate = self.hours[(hour % self.hours.len() as u64) as usize];
            let mut left = Time((hour + 1) * HOUR.0) - at;
            if let Some((factor, end)) = self.step(at - self.phase) {
                rate *= factor;
                left = left.min(end - (at - self.phase));
            }
            let within = rate * left.0 as f64;
            if area < within {
                return at + Time::from_ns_f64(area / rate) - self.phase;
            }
            area -= within;
            at += left;
        }
    }

    /// The factor at a time and when it changes next, if there are bursts.
    fn step(&self, at: Time) -> Option<(f64, Time)> {
        let next = self.steps.partition_point(|(begins, _)| *begins <= at);
        let factor = self.steps.get(next.checked_sub(1)?)?.1;
        Some((factor, self.steps.get(next).map_or(Time::MAX, |(begins, _)| *begins)))
    }

    /// The key of the session that comes now: everything random about it hangs on this.
    pub(super) fn next_session(&mut self) -> Key {
        let key = self.sessions.at(self.count);
        self.count += 1;
        key
    }
}
