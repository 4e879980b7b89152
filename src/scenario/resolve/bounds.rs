//! How much may come: a stream beyond this would hold the simulated time still.

use super::people::People;
use crate::scenario::burst::steps;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::File;
use crate::scenario::source::Source;
use std::ops::Range;

/// The most sessions of one kind, and the most operations of a background load, in a second. Times are counted in
/// nanoseconds, and what comes much faster than the mail of all the world would come at one and the same time.
pub(super) const MOST_PER_S: f64 = 1e7;
/// The most connections of one kind that stand open: each is placed by itself when a replication begins.
const MOST_STANDING: f64 = 1e8;

/// Refuses streams of more sessions or connections than can be simulated.
pub(super) fn check(source: &Source, file: &File, people: &People) -> Result<(), ScenarioError> {
    for stream in &people.streams {
        let hour = stream.hours_per_s.iter().copied().fold(0.0, f64::max);
        let burst = steps(&stream.bursts).iter().map(|(_, factor)| *factor).fold(1.0, f64::max);
        if hour * burst > MOST_PER_S {
            let message = format!(
                "`{}` comes {:.3e} times a second, and at most ten million can be simulated; take a lower rate, fewer \
                 users, or a lower factor of the burst",
                stream.name,
                hour * burst
            );
            return Err(source.error(place(file, &stream.name), message));
        }
        if let Some(standing) = stream.standing.filter(|standing| standing.at_start > MOST_STANDING) {
            let message = format!(
                "{:.3e} connections of `{}` would stand open, and at most a hundred million can be simulated; take a \
                 lower rate, fewer users, or a shorter `stays`",
                standing.at_start, stream.name
            );
            return Err(source.error(place(file, &stream.name), message));
        }
    }
    Ok(())
}

/// Where the people of a stream are written.
fn place(file: &File, stream: &str) -> Range<usize> {
    let name = stream.split('/').next().unwrap_or_default();
    let population = file.population.keys().find(|key| key.get_ref() == name);
    population.or_else(|| file.arrivals.keys().find(|key| key.get_ref() == name)).map_or(0..0, toml::Spanned::span)
}
