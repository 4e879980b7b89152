//! The faults of a scenario as what is done to the lab's hosts.

use super::host::striking::apart;
use super::job::{Host, Strike, Way};
use crate::scenario::{Component, FaultKind, Scenario};
use crate::units::Time;
use std::time::Duration;

/// What is done to which of these hosts.
///
/// # Errors
/// What can't be done, a sentence for each.
pub(super) fn strikes(scenario: &Scenario, hosts: &[Host], warm_up: Duration) -> Result<Vec<Strike>, Vec<String>> {
    let mut obstacles = Vec::new();
    let mut strikes = Vec::new();
    for fault in scenario.faults.iter().filter(|fault| scenario.has(&fault.component)) {
        let way = match (fault.kind, &fault.component) {
            (FaultKind::Stop, Component::Node(_)) => Some(Way::Kill),
            (FaultKind::Hang, Component::Node(_)) => Some(Way::Freeze),
            (FaultKind::BlackHole, Component::Node(_) | Component::Link(_)) => Some(Way::Unplug),
            (FaultKind::Slow, Component::Node(_)) => Some(Way::Slow(fault.speed)),
            _ => None,
        };
        let named = |node: &usize| hosts.iter().position(|host| host.name == scenario.cluster.nodes[*node].name);
        let host = fault.component.nodes(&scenario.cluster).first().and_then(named);
        let (Some(way), Some(host)) = (way.filter(|_| !fault.loses_disk), host) else {
            obstacles.push(format!(
                "`fault.{}`: the lab stops, hangs, slows down and cuts off whole nodes, which keep their disks, and links; not `{}` of kind \
                 {}",
                fault.name,
                fault.written,
                fault.kind.name()
            ));
            continue;
        };
        let after = |time: Time| warm_up + Duration::from_nanos(time.0);
        let (at, until) = (after(fault.span.begins), after(fault.span.ends));
        strikes.push(Strike { fault: fault.name.clone(), host, way, at, until });
    }
    if let Err((one, other)) = apart(&strikes) {
        obstacles.push(format!(
            "`fault.{one}` and `fault.{other}` meet at one node, and the lab does one thing to it at a time"
        ));
    }
    if obstacles.is_empty() { Ok(strikes) } else { Err(obstacles) }
}
