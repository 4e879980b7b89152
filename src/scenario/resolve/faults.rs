//! Faults by script: which component, when, and for how long.

use super::Origin;
use super::clock::Window;
use super::people::People;
use super::settings::Ledger;
use super::spell::{DAY, of_the_day};
use crate::scenario::background::Span;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::fault::{Fault, FaultKind};
use crate::scenario::file::{self, File, Role};
use crate::scenario::route::Route;
use crate::scenario::source::Source;
use crate::scenario::topology::{Cluster, Node};
use crate::units::{Share, Time};
use toml::Spanned;

/// The faults of the cluster, in the order of their names.
pub(super) fn resolve(
    source: &Source,
    file: &File,
    window: Window,
    cluster: &Cluster,
    people: &People,
    ledger: &mut Ledger,
) -> Result<Vec<Fault>, ScenarioError> {
    let mut faults = Vec::new();
    for (name, written) in &file.fault {
        let key = |leaf: &str| format!("fault.{}.{leaf}", name.get_ref());
        let (node, service) = component(source, written, cluster, people)?;
        let begins = begins(source, &written.at, window)?;
        let lasts = written.lasts.as_ref().map(|lasts| *lasts.get_ref());
        if let Some(written) = written.lasts.as_ref().filter(|lasts| *lasts.get_ref() == Time::ZERO) {
            return Err(source.error(written.span(), "`lasts` must be above zero"));
        }
        let kind = *written.kind.get_ref();
        let speed = speed(source, written, kind, service)?;
        if kind == FaultKind::Maintenance {
            can_drain(source, written, cluster, (&node, service))?;
        }
        ledger.note(&key("component"), written.component.get_ref().clone(), Origin::File);
        ledger.note(&key("kind"), kind.name().to_owned(), Origin::File);
        ledger.note(&key("at"), written.at.get_ref().clone(), Origin::File);
        let ends = ledger.take(&key("lasts"), lasts.map(Some).as_ref(), None, |lasts: &Option<Time>| {
            lasts.map_or("to the end".to_owned(), |lasts| lasts.to_string())
        });
        if kind == FaultKind::Slow {
            ledger.note(&key("speed"), speed.to_string(), Origin::File);
        }
        let span = Span { begins, ends: ends.map_or(Time::MAX, |lasts| begins + lasts) };
        faults.push(Fault { name: name.get_ref().clone(), node, service, kind, span, speed });
    }
    Ok(faults)
}

/// The primary or the name server, and the service on it if only that fails.
fn component(
    source: &Source,
    written: &file::Fault,
    cluster: &Cluster,
    people: &People,
) -> Result<(String, Option<usize>), ScenarioError> {
    let text = written.component.get_ref();
    let (node, service) = match text.split_once('.') {
        None => (text.as_str(), None),
        Some((node, service)) => (node, Some(service)),
    };
    let can_fail = |node: &&Node| matches!(node.role, Role::Primary | Role::NameServer);
    let primaries = || cluster.nodes.iter().filter(can_fail);
    let Some(found) = primaries().find(|known| known.name == node) else {
        let known = primaries().map(|node| node.name.as_str());
        return Err(source.error(written.component.span(), unknown("primary", node, known)));
    };
    let Some(service) = service else { return Ok((node.to_owned(), None)) };
    let of_node = || people.services.iter().enumerate().filter(|(index, _)| found.serves(*index));
    match of_node().find(|(_, known)| known.name == service) {
        Some((index, _)) => Ok((node.to_owned(), Some(index))),
        None => {
            let known = of_node().map(|(_, service)| service.name.as_str());
            Err(source.error(written.component.span(), unknown("service", service, known)))
        }
    }
}

/// Whether there is somebody who keeps new sessions away from a machine.
fn can_drain(
    source: &Source,
    written: &file::Fault,
    cluster: &Cluster,
    (node, service): (&str, Option<usize>),
) -> Result<(), ScenarioError> {
    let what = written.component.get_ref();
    let routes = cluster.routing.as_deref().unwrap_or_default();
    let before_nodes = |route: &Route| route.switch().is_some_and(|switch| switch.within.is_none());
    let behind = |service: usize| routes.get(service).is_some_and(before_nodes);
    let all = routes.len();
    if service.map_or_else(|| (0..all).any(behind), behind) {
        return Ok(());
    }
    if service.is_some() {
        let message = format!("it is machines that are drained for a `maintenance`; leave the service out of `{what}`");
        return Err(source.error(written.component.span(), message));
    }
    let is_host = |host: &usize| cluster.nodes[*host].name == node;
    if cluster.nlb_clusters().iter().any(|cluster| cluster.hosts.iter().any(is_host)) {
        return Ok(());
    }
    let message = format!(
        "nobody keeps new sessions away from `{what}` before a `maintenance`; write `[routing.default.nlb]` or a switch, or let it \
         `stop`"
    );
    Err(source.error(written.kind.span(), message))
}

/// When a fault begins, after the end of the warm-up.
fn begins(source: &Source, at: &Spanned<String>, window: Window) -> Result<Time, ScenarioError> {
    let text = at.get_ref();
    let (begins, example) = if window.has_clock() {
        (of_the_window(text), "`\"day 1 09:30\"`, since the window has a clock")
    } else {
        (text.parse().ok(), "`\"600 s\"` after the warm-up, since only the windows `day` and `week` have a clock")
    };
    let Some(begins) = begins else {
        let message = format!("`{text}` is no time at which something fails; write for example {example}");
        return Err(source.error(at.span(), message));
    };
    if begins >= window.length() {
        let message = format!("`{text}` is after the end of the window; nothing would be seen of the fault");
        return Err(source.error(at.span(), message));
    }
    Ok(begins)
}

/// `day N HH:MM`, the first day being 1.
fn of_the_window(text: &str) -> Option<Time> {
    let (day, time) = text.strip_prefix("day ")?.split_once(' ')?;
    let day: u64 = day.parse().ok().filter(|day| (1..=366).contains(day))?;
    Some(DAY * (day - 1) + of_the_day(time)?)
}

/// What is left of the speed: a number for slow machines, and no word about it for others.
fn speed(
    source: &Source,
    written: &file::Fault,
    kind: FaultKind,
    service: Option<usize>,
) -> Result<f64, ScenarioError> {
    let what = written.component.get_ref();
    match (&written.speed, kind) {
        (None, FaultKind::Slow) => {
            let message = format!("`{what}` is slow; write how much is left of its `speed`, as `\"25 %\"`");
            Err(source.error(written.kind.span(), message))
        }
        (Some(_), FaultKind::Slow) if service.is_some() => {
            let message = format!("it is machines that are `slow`; leave the service out of `{what}`");
            Err(source.error(written.component.span(), message))
        }
        (Some(speed), FaultKind::Slow) => {
            let Share(left) = *speed.get_ref();
            if !(left > 0.0 && left < 1.0) {
                let message = format!("`speed` is `{left}`; what is left of it must be above 0 and below 1");
                return Err(source.error(speed.span(), message));
            }
            Ok(left)
        }
        (Some(speed), _) => {
            let message = format!("`speed` is for `slow` machines; leave it out with `{}`", kind.name());
            Err(source.error(speed.span(), message))
        }
        (None, _) => Ok(1.0),
    }
}
