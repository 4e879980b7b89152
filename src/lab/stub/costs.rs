//! What the sessions of each protocol cost a stub, from the operations of a scenario.

use crate::lab::job::Protocol;
use crate::random::Law;
use crate::scenario::{Node, Operation, Scenario, Times};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Core time of the sessions of a protocol.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Of a session, before its client is let in.
    pub session: Duration,
    /// Of each message, before the reply.
    pub message: Duration,
    /// Of each recipient of a message, before the reply.
    pub copy: Duration,
    /// Of each message, after the reply.
    pub message_later: Duration,
    /// Of each recipient of a message, after the reply.
    pub copy_later: Duration,
}

/// The costs at a node, in the order of [`Protocol::ALL`].
///
/// # Errors
/// What a stub does not do, a sentence for each.
pub fn costs(scenario: &Scenario, node: &Node) -> Result<[Cost; Protocol::COUNT], Vec<String>> {
    let mut all = [Cost::default(); Protocol::COUNT];
    let mut obstacles = Vec::new();
    for stream in &scenario.streams {
        let Some(protocol) = Protocol::of(&scenario.services[stream.service].name) else { continue };
        let cost = &mut all[protocol as usize];
        *cost = Cost::default();
        for operation in stream.operations.iter().map(|index| &scenario.operations[*index]) {
            let Some(core) = core_time(operation, node) else {
                obstacles.push(format!(
                    "`service.{}.operation.{}`: a stub takes the same core time each time, and asks no disk and no other node",
                    protocol.name(),
                    operation.name
                ));
                continue;
            };
            let part = match (operation.times, operation.client_waits) {
                (Times::Once, _) => &mut cost.session,
                (Times::PerMessage, true) => &mut cost.message,
                (Times::PerRecipient, true) => &mut cost.copy,
                (Times::PerMessage, false) => &mut cost.message_later,
                (Times::PerRecipient, false) => &mut cost.copy_later,
            };
            *part += core;
        }
    }
    if obstacles.is_empty() { Ok(all) } else { Err(obstacles) }
}

/// The core time of an execution at a node, where it is always the same and all that the operation takes.
fn core_time(operation: &Operation, node: &Node) -> Option<Duration> {
    let Law::Constant(seconds) = operation.cpu else { return None };
    let disks = [operation.queue_writes, operation.queue_fsyncs, operation.lookups].iter().sum::<u32>();
    let plain = disks == 0 && !operation.uses_store() && operation.cpu_per_kb_s == 0.0 && operation.calls.is_empty();
    plain.then(|| Duration::from_secs_f64(seconds / node.tier.speed))
}
