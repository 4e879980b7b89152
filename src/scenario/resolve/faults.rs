//! Faults by script: which component, when, and for how long.

use super::Origin;
use super::clock::Window;
use super::components;
use super::people::People;
use super::settings::Ledger;
use super::spell::{DAY, of_the_day};
use crate::scenario::background::Span;
use crate::scenario::error::ScenarioError;
use crate::scenario::fault::{Component, Fault, FaultKind};
use crate::scenario::file::{self, DirectoryKind, File, Role};
use crate::scenario::route::Route;
use crate::scenario::source::Source;
use crate::scenario::topology::Cluster;
use crate::units::{Share, Time};
use toml::Spanned;

/// The faults of the cluster, in the order of their names.
pub(super) fn resolve(
    source: &Source,
    file: &File,
    window: Window,
    (cluster, directory): (&Cluster, DirectoryKind),
    people: &People,
    ledger: &mut Ledger,
) -> Result<Vec<Fault>, ScenarioError> {
    let mut faults = Vec::new();
    for (name, written) in &file.fault {
        let key = |leaf: &str| format!("fault.{}.{leaf}", name.get_ref());
        let component = components::resolve(source, written, (cluster, directory), people)?;
        let begins = begins(source, &written.at, window)?;
        let lasts = written.lasts.as_ref().map(|lasts| *lasts.get_ref());
        if let Some(written) = written.lasts.as_ref().filter(|lasts| *lasts.get_ref() == Time::ZERO) {
            return Err(source.error(written.span(), "`lasts` must be above zero"));
        }
        let kind = *written.kind.get_ref();
        let speed = speed(source, written, kind, &component)?;
        match (kind, &component) {
            (FaultKind::Maintenance, _) => can_drain(source, written, cluster, &component)?,
            (FaultKind::Stop | FaultKind::Hang, Component::Link(_)) => {
                let message = "a link that fails is silent; write `kind = \"black-hole\"`";
                return Err(source.error(written.kind.span(), message));
            }
            (FaultKind::Stop | FaultKind::Hang | FaultKind::BlackHole | FaultKind::Slow, _) => {}
        }
        let loses_disk = loses_disk(source, written, cluster, &component)?;
        ledger.note(&key("component"), written.component.get_ref().clone(), Origin::File);
        ledger.note(&key("kind"), kind.name().to_owned(), Origin::File);
        ledger.note(&key("at"), written.at.get_ref().clone(), Origin::File);
        let ends = ledger.take(&key("lasts"), lasts.map(Some).as_ref(), None, |lasts: &Option<Time>| {
            lasts.map_or("to the end".to_owned(), |lasts| lasts.to_string())
        });
        if kind == FaultKind::Slow {
            ledger.note(&key("speed"), speed.to_string(), Origin::File);
        }
        if written.loses_disk.is_some() {
            ledger.note(&key("loses_disk"), loses_disk.to_string(), Origin::File);
        }
        let span = Span { begins, ends: ends.map_or(Time::MAX, |lasts| begins + lasts) };
        let (name, written) = (name.get_ref().clone(), written.component.get_ref().clone());
        faults.push(Fault { name, component, written, kind, span, speed, loses_disk });
    }
    Ok(faults)
}

/// Whether a machine has an empty disk when it is repaired: one that stops, is repaired, and has a queue of mail.
fn loses_disk(
    source: &Source,
    written: &file::Fault,
    cluster: &Cluster,
    component: &Component,
) -> Result<bool, ScenarioError> {
    let Some(own) = &written.loses_disk else { return Ok(false) };
    let what = written.component.get_ref();
    let has_queue = |node: &usize| matches!(cluster.nodes[*node].role, Role::Primary | Role::Backup);
    let is_whole = matches!(component, Component::Node(_) | Component::Site(_));
    let message = if !is_whole {
        format!(
            "it is machines that have a disk to lose; leave `loses_disk` out with `{what}`, or write the node's name"
        )
    } else if *written.kind.get_ref() != FaultKind::Stop {
        format!("a machine without its disk stops; leave `loses_disk` out with `{}`", written.kind.get_ref().name())
    } else if !component.nodes(cluster).iter().any(has_queue) {
        format!("`{what}` has no queue of mail to lose; leave `loses_disk` out")
    } else if written.lasts.is_none() {
        format!("the disk of `{what}` is found empty when it is repaired, and it never is; write how long it `lasts`")
    } else {
        return Ok(*own.get_ref());
    };
    Err(source.error(own.span(), message))
}

/// Whether there is somebody who keeps new sessions away from a machine.
fn can_drain(
    source: &Source,
    written: &file::Fault,
    cluster: &Cluster,
    component: &Component,
) -> Result<(), ScenarioError> {
    let what = written.component.get_ref();
    let node = match component {
        Component::Node(name) | Component::Service(name, _) => {
            cluster.nodes.iter().position(|node| node.name == *name && node.role == Role::Primary)
        }
        Component::System(_)
        | Component::Link(_)
        | Component::Switch
        | Component::Zone
        | Component::Database
        | Component::Site(_) => None,
    };
    let Some(node) = node else {
        let message = format!("it is primaries that are drained for a `maintenance`, not `{what}`; let it `stop`");
        return Err(source.error(written.component.span(), message));
    };
    let routes = cluster.routing.as_deref().unwrap_or_default();
    let before_nodes = |route: &Route| route.switch().is_some_and(|switch| switch.within.is_none());
    let behind = |service: usize| routes.get(service).is_some_and(before_nodes);
    let all = routes.len();
    let service = component.service();
    if service.map_or_else(|| (0..all).any(behind), behind) {
        return Ok(());
    }
    if service.is_some() {
        let message = format!("it is machines that are drained for a `maintenance`; leave the service out of `{what}`");
        return Err(source.error(written.component.span(), message));
    }
    if cluster.nlb_clusters().iter().any(|cluster| cluster.hosts.contains(&node)) {
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
fn speed(source: &Source, written: &file::Fault, kind: FaultKind, component: &Component) -> Result<f64, ScenarioError> {
    let what = written.component.get_ref();
    match (&written.speed, kind) {
        (None, FaultKind::Slow) => {
            let message = format!("`{what}` is slow; write how much is left of its `speed`, as `\"25 %\"`");
            Err(source.error(written.kind.span(), message))
        }
        (Some(_), FaultKind::Slow) if component.service().is_some() => {
            let message = format!("it is machines that are `slow`; leave the service out of `{what}`");
            Err(source.error(written.component.span(), message))
        }
        (Some(_), FaultKind::Slow) if !matches!(component, Component::Node(_)) => {
            let message = format!("it is machines that are `slow`, not `{what}`; write the name of a node");
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
