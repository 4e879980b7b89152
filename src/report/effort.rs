//! How long a simulation will take, roughly and before it has begun.

use super::number;
use crate::analytic::Effort;

/// Seconds of one core for an event: what mail clusters of any size were measured to need, within a factor of two, on a
/// core of 2020 (`cargo bench --bench cluster`). Only said in passing; nothing hangs on it.
const S_PER_EVENT: f64 = 150e-9;
/// Less is not worth a word.
const WORTH_SAYING_S: f64 = 10.0;

/// Seconds that one core will need for a replication.
#[must_use]
pub fn computing_s(effort: &Effort) -> f64 {
    effort.events * S_PER_EVENT
}

/// What so many replications will take on so many threads; nothing when they are soon done.
#[must_use]
pub fn forecast(effort: &Effort, replications: u64, threads: usize) -> Option<String> {
    let rounds = replications.div_ceil(threads.max(1) as u64);
    let takes_s = rounds as f64 * computing_s(effort);
    (takes_s >= WORTH_SAYING_S).then(|| {
        format!(
            "{replications} replications of about {} events each: about {} on {threads} threads",
            number::about(effort.events),
            number::seconds(takes_s)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_long_is_said_beforehand() {
        let effort = Effort { sessions: 1e6, events: 123_456_789.0 };
        let said = forecast(&effort, 10, 4).unwrap();
        assert_eq!(said, "10 replications of about 123 000 000 events each: about 55.6 s on 4 threads");
        assert_eq!(forecast(&Effort { events: 1e6, ..effort }, 10, 4), None);
    }
}
