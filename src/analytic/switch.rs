//! The load of the switch, as far as it has limits.
//!
//! How many connections it has at one time depends on how long they take, which only a simulation knows.

use super::certainty::{Bound, Certainty};
use super::load::{Resource, Station};
use super::moments::Moments;
use crate::scenario::{ClientTransfer, Scenario, Stream, Times};

/// New connections and bytes of all services behind it, each where there is a limit.
pub(super) fn of_switch(scenario: &Scenario, rate_per_s: impl Fn(&Stream) -> f64, refused: bool) -> Vec<Station> {
    let (mut connections, mut bytes) = (Moments::default(), Moments::default());
    let connection_s = scenario.switch.connection_rate.map(|rate| 1.0 / rate.0);
    let byte_s = scenario.switch.throughput.map(|throughput| 1.0 / throughput.0);
    for stream in scenario.streams.iter().filter(|stream| scenario.cluster.is_behind_switch(stream.service)) {
        let certainty = Certainty::of(scenario, stream);
        if let Some(connection_s) = connection_s.filter(|_| !stream.on_open_connections) {
            let per_s = rate_per_s(stream) * stream.arrivals_at(0);
            // Who is refused later has come through it all the same; people who have a session begin no second one.
            let certainty = if stream.source.is_some() { certainty } else { Certainty::Sure };
            connections.add(per_s, connection_s, connection_s * connection_s, certainty);
        }
        let operations = stream.operations.iter().map(|index| &scenario.operations[*index]);
        for (place, operation) in operations.enumerate() {
            let moves = operation.times != Times::Once && operation.client_transfer != ClientTransfer::None;
            if let Some(byte_s) = byte_s.filter(|_| moves && !operation.is_called_by(stream.service)) {
                let per_s = rate_per_s(stream) * stream.executions(place, operation);
                bytes.add_law(per_s, &stream.size, byte_s, certainty);
            }
        }
    }
    let is_limited = [connection_s.is_some(), byte_s.is_some()];
    let amounts = [(Resource::SwitchConnections, connections), (Resource::SwitchThroughput, bytes)];
    let limited = amounts.into_iter().zip(is_limited).filter(|(_, limited)| *limited);
    limited
        .map(|((resource, moments), _)| {
            let bound = Bound::of(moments.bounded || (refused && resource == Resource::SwitchThroughput), false);
            moments.station((scenario.cluster.nodes.len(), resource), (1.0, 1), moments.used(1.0), bound)
        })
        .collect()
}
