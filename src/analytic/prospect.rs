//! How many replications a precision will take, before any of them is made.

use super::load::{Station, offered_on_average};
use crate::queueing::transient::run_length;
use crate::scenario::{ClientGroup, ClientTransfer, Scenario, Stream, Times};

/// What a precision is expected to take, by the resource that varies most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prospect {
    /// Replications of one window until the half-width of every service's mean response is small enough.
    pub replications: f64,
    /// The resource whose queue varies most.
    pub station: Station,
}

/// Replications until the half-width of the mean response at `confidence` is `relative` (above zero) of it in every service; none
/// where nothing is known of that.
///
/// The queue of each resource is taken for that of M/M/1 at its mean load, which moves so slowly that its mean number is known
/// well only after thousands of services (Whitt 1989). A rare part of what people wait for may vary as it likes, so it counts
/// by its part of all who are under way (Little's law). A rough figure, and rather too low than too high: peaks, failures and
/// everything that varies besides are left out, and the time that clients and servers elsewhere take is taken for certain.
#[must_use]
pub fn prospect(scenario: &Scenario, relative: f64, confidence: f64) -> Option<Prospect> {
    let load = offered_on_average(scenario);
    let keeps_up = load.stations.iter().all(|station| station.utilisation < 1.0);
    let away: f64 = scenario.streams.iter().map(|stream| stream.mean_per_s * away_s(scenario, stream)).sum();
    let under_way: f64 = away + load.stations.iter().map(number).sum::<f64>();
    let window_s = scenario.window.as_secs_f64();
    let of = |station: &Station| {
        let half = half_width(station, window_s, confidence)?;
        Some(Prospect { replications: (half / under_way / relative).powi(2), station: *station })
    };
    let all = load.stations.iter().filter(|_| keeps_up).filter_map(of);
    all.reduce(|most, next| if next.replications > most.replications { next } else { most })
}

/// What its queue is longer by than that of an exponential service (Pollaczek and Khinchine).
fn variability(station: &Station) -> f64 {
    f64::midpoint(1.0, station.cv2)
}

/// Mean number of jobs at it: those in service, and those that wait for one, at most.
fn number(station: &Station) -> f64 {
    let rho = station.utilisation;
    f64::from(station.servers) * rho + rho * rho / (1.0 - rho) * variability(station)
}

/// The half-width of the mean number at it over one window. Processor sharing does not mind how variable its jobs are.
fn half_width(station: &Station, window_s: f64, confidence: f64) -> Option<f64> {
    // What limits itself is not there when the queue is long.
    let rho = station.firm.min(station.utilisation);
    let services = window_s * f64::from(station.servers) / station.service_s;
    let variability = variability(station).min(1.0);
    let needed = run_length(rho, 1.0, confidence).ok()? * variability;
    Some((needed / services).sqrt() * variability * rho / (1.0 - rho))
}

/// Time that a session waits for what is no resource of the cluster: lines, and servers elsewhere.
fn away_s(scenario: &Scenario, stream: &Stream) -> f64 {
    let mean =
        |of: fn(&ClientGroup) -> f64| -> f64 { scenario.groups.iter().map(|group| group.share * of(group)).sum() };
    let (rtt_s, s_per_byte) = (mean(|group| group.rtt.as_secs_f64()), mean(|group| group.s_per_byte));
    stream.per_session(&scenario.operations, |operation| {
        let talks = !operation.is_called_by(stream.service);
        let moves = operation.times != Times::Once && operation.client_transfer != ClientTransfer::None;
        let bytes = if talks && moves { stream.size.mean() } else { 0.0 };
        let trips = if talks { f64::from(operation.round_trips) } else { 0.0 };
        let lookups = f64::from(scenario.directory.queries(operation)) * scenario.directory.round_trip.as_secs_f64();
        trips * rtt_s + bytes * s_per_byte + operation.remote_latency.mean() + lookups
    })
}
