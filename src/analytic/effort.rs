//! How much there is to simulate: sessions and events of a replication, before it has begun.

use super::{Load, Settling, offered_on_average};
use crate::scenario::{ClientTransfer, Operation, Scenario, Stream};

/// What a replication will take, warm-up included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// Sessions that begin.
    pub sessions: f64,
    /// Events that are handled: arrivals, ends of services, ends of clients' and other delays. Retries, checks and what memory
    /// and failures bring about are not in it.
    pub events: f64,
}

/// The effort of a replication at the mean rates of the window.
pub(super) fn effort(scenario: &Scenario, settling: &Settling) -> Effort {
    let Load { stations, sessions_per_s } = offered_on_average(scenario);
    let simulated_s = (settling.warm_up + scenario.window).as_secs_f64();
    let served: f64 = stations.iter().map(|station| station.jobs_per_s).sum();
    let waited: f64 = scenario.streams.iter().map(|stream| stream.mean_per_s * delays(scenario, stream)).sum();
    let began: f64 = sessions_per_s.iter().sum();
    Effort { sessions: began * simulated_s, events: (began + served + waited) * simulated_s }
}

/// How often a session waits for something that is no station: its client's line and thinking, servers elsewhere, a
/// database that is not on its node.
fn delays(scenario: &Scenario, stream: &Stream) -> f64 {
    stream.per_session(&scenario.operations, |operation| of_execution(scenario, stream, operation))
}

fn of_execution(scenario: &Scenario, stream: &Stream, operation: &Operation) -> f64 {
    let transfer = operation.client_transfer;
    let talks = !operation.is_called_by(stream.service);
    let trips = if scenario.directory.round_trip.0 > 0 { scenario.directory.queries(operation) } else { 0 };
    let happens = [
        talks && (operation.round_trips > 0 || transfer == ClientTransfer::Upload),
        talks && transfer == ClientTransfer::Download,
        operation.think.mean() > 0.0,
        operation.remote_latency.mean() > 0.0,
    ];
    happens.iter().filter(|happens| **happens).count() as f64 + f64::from(trips)
}
