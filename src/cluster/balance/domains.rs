//! Which domain a session is for.

use crate::random::{Key, Zipf};
use crate::scenario::Scenario;

/// The sub-key of a session that its domain is drawn from.
const DOMAIN: u64 = 4;

/// The domains of each stream: how many are before, and how they are drawn. Sessions are for a domain in proportion to its
/// size.
pub(in crate::cluster) struct Domains(Vec<Option<(u64, Zipf)>>);

impl Domains {
    pub(in crate::cluster) fn new(scenario: &Scenario) -> Domains {
        let of = |stream: &crate::scenario::Stream| {
            stream.domains.map(|domains| (domains.first, Zipf::new(domains.number, domains.skew)))
        };
        Domains(scenario.streams.iter().map(of).collect())
    }

    /// The domain of a session of the stream, counted from 0 among those of all populations.
    pub(in crate::cluster) fn of(&self, stream: usize, session: Key) -> u64 {
        self.0[stream].as_ref().map_or(0, |(first, zipf)| first + zipf.rank(&mut session.at(DOMAIN).stream()) - 1)
    }
}
