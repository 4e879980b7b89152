//! What Network Load Balancing asks of every host: to receive and to look at whatever comes in for any of them.

use super::Resource;
use super::certainty::Certainty;
use super::moments::Moments;
use super::spread::Crowd;
use crate::scenario::nlb::LOT;
use crate::scenario::{ClientTransfer, NlbCluster, Node, Operation, Scenario, Stream, Times};

/// A cluster, and what comes in for its hosts.
pub(super) struct Flood<'a> {
    cluster: NlbCluster,
    /// Packets per second with their certainty, and messages.
    packets: Vec<(f64, Certainty)>,
    messages: Vec<Message<'a>>,
}

/// Messages that come in for the hosts of a cluster.
struct Message<'a> {
    stream: &'a Stream,
    operation: &'a Operation,
    per_s: f64,
    /// The part of them that is for any host of the cluster.
    part: f64,
    certainty: Certainty,
}

impl<'a> Flood<'a> {
    /// Those of all clusters.
    pub(super) fn all(scenario: &'a Scenario, rate_per_s: impl Fn(&Stream) -> f64, crowd: &Crowd) -> Vec<Flood<'a>> {
        let of = |cluster: NlbCluster| {
            let mut flood = Flood { cluster, packets: Vec::new(), messages: Vec::new() };
            for stream in &scenario.streams {
                flood.add_stream(scenario, stream, rate_per_s(stream), crowd);
            }
            flood
        };
        scenario.cluster.nlb_clusters().into_iter().map(of).collect()
    }

    fn add_stream(&mut self, scenario: &'a Scenario, stream: &'a Stream, rate_per_s: f64, crowd: &Crowd) {
        let certainty = Certainty::of(scenario, stream);
        let (hosts, terms) = (self.cluster.hosts.clone(), self.cluster.terms);
        let nodes = || hosts.iter().map(|host| &scenario.cluster.nodes[*host]);
        if is_shared(scenario, stream.service) && !stream.on_open_connections {
            let part: f64 = nodes().map(|node| crowd.part(node, stream.service)).sum();
            let per_s = rate_per_s * stream.arrivals_at(0) * part * terms.packets_of_connection();
            self.packets.push((per_s, certainty));
        }
        for (place, index) in stream.operations.iter().enumerate() {
            let operation = &scenario.operations[*index];
            let per_s = rate_per_s * stream.executions(place, operation);
            let moves = operation.times != Times::Once;
            let called = operation.calls.iter().map(|called| &scenario.operations[*called]);
            for operation in called.chain([operation]) {
                if operation.at_filter_tier || !is_shared(scenario, operation.service) {
                    continue;
                }
                let part: f64 = nodes().map(|node| received(crowd, node, stream, operation)).sum();
                let bytes = stream.size.mean();
                let packets = f64::from(operation.round_trips)
                    + match operation.client_transfer {
                        ClientTransfer::Upload if moves => terms.packets_in(bytes),
                        ClientTransfer::Download if moves => terms.packets_for(bytes),
                        _ => 0.0,
                    };
                self.packets.push((per_s * part * packets, certainty));
                if operation.client_transfer == ClientTransfer::Upload && moves {
                    self.messages.push(Message { stream, operation, per_s, part, certainty });
                }
            }
        }
    }

    /// Adds what it asks of a node, beside the messages of its own sessions.
    pub(super) fn add_to(&self, all: &mut [Moments; 4], crowd: &Crowd, index: usize, node: &Node) {
        if !self.cluster.hosts.contains(&index) {
            return;
        }
        let tier = &node.tier;
        let (lot_s, cost_s) = (LOT.as_secs_f64(), self.cluster.terms.filter_cpu.as_secs_f64());
        for (per_s, certainty) in &self.packets {
            let service_s = lot_s / tier.speed;
            all[Resource::Cpu as usize].add(per_s * cost_s / lot_s, service_s, service_s * service_s, *certainty);
        }
        let Some(network) = tier.network else { return };
        for message in &self.messages {
            let own = received(crowd, node, message.stream, message.operation);
            let others_per_s = message.per_s * (message.part - own);
            all[Resource::LinkIn as usize].add_law(
                others_per_s,
                &message.stream.size,
                1.0 / network.0,
                message.certainty,
            );
        }
    }
}

/// The part of the executions of an operation for which something comes to this node from outside of it.
fn received(crowd: &Crowd, node: &Node, stream: &Stream, operation: &Operation) -> f64 {
    let spread = crowd.spread(node, stream.service, operation);
    if operation.is_called_by(stream.service) { spread.for_others } else { spread.here }
}

/// Whether the sessions of a service come to an address that hosts share.
fn is_shared(scenario: &Scenario, service: usize) -> bool {
    let route = scenario.cluster.route(service);
    route.is_some_and(|route| route.nlb().is_some())
}
