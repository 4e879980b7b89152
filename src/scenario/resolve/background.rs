//! Background loads: which machines do what beside the mail, and when.

use super::Origin;
use super::bounds::MOST_PER_S;
use super::bursts::Busiest;
use super::clock::Window;
use super::settings::Ledger;
use super::spell::{DAY, spell};
use crate::scenario::background::{Background, Direction, Span, Whereabouts};
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, File};
use crate::scenario::source::Source;
use crate::scenario::topology::Cluster;
use crate::units::Rate;
use toml::Spanned;

/// When the loads run that do not run always: in one day of a window that has a clock, else in the window.
pub(super) fn spans(source: &Source, file: &File, window: Window) -> Result<Vec<Span>, ScenarioError> {
    let mut spans = Vec::new();
    for (name, written) in &file.background {
        spans.extend(span(source, name, written, window)?);
    }
    Ok(spans)
}

/// The loads of the cluster.
pub(super) fn resolve(
    source: &Source,
    file: &File,
    window: Window,
    busiest: Busiest,
    cluster: &Cluster,
    ledger: &mut Ledger,
) -> Result<Vec<Background>, ScenarioError> {
    let mut loads = Vec::new();
    for (name, written) in &file.background {
        let place = place(source, file, name, written, cluster, ledger)?;
        let span = span(source, name, written, window)?;
        let key = |leaf: &str| format!("background.{}.{leaf}", name.get_ref());
        let at = written.at.as_ref().map(Spanned::get_ref);
        ledger.take(&key("at"), at, "always".to_owned(), String::clone);
        if let Some(lasts) = &written.lasts {
            ledger.note(&key("lasts"), lasts.get_ref().to_string(), Origin::File);
        }
        let day = if window.has_clock() { DAY } else { window.length() };
        let part = |from, to| span.map_or(1.0, |span| span.share_of(from, to));
        let load = Background {
            name: name.get_ref().clone(),
            place,
            spans: span.map_or_else(Vec::new, |span| on_every_day(span, window)),
            in_busiest_hour: part(busiest.from, busiest.to),
            on_average: part(crate::units::Time::ZERO, day),
            ..asked(written, &key, ledger)
        };
        check_machines(source, name, &load, cluster)?;
        loads.push(load);
    }
    Ok(loads)
}

/// When a load runs, if not always; refuses one that does nothing, and keys that say nothing.
fn span(
    source: &Source,
    name: &Spanned<String>,
    written: &file::Background,
    window: Window,
) -> Result<Option<Span>, ScenarioError> {
    let what = format!("background `{}`", name.get_ref());
    let disk = written.reads.is_some() || written.writes.is_some();
    let too_many = |rate: &Option<Rate>| rate.is_some_and(|rate| rate.0 > MOST_PER_S);
    if too_many(&written.reads) || too_many(&written.writes) {
        let message = format!("{what} asks for more than ten million operations a second, which can't be simulated");
        return Err(source.error(name.span(), message + "; write fewer `reads` or `writes`"));
    }
    if written.cpu.is_none() && !disk && written.bandwidth.is_none() {
        let message = format!("{what} does nothing; write `cpu`, `reads`, `writes` or `bandwidth`");
        return Err(source.error(name.span(), message));
    }
    if let Some(size) = written.size.as_ref().filter(|_| !disk) {
        let message = format!("{what} has a `size` and no disk operations; write `reads` or `writes` too");
        return Err(source.error(size.span(), message));
    }
    if let Some(direction) = written.direction.as_ref().filter(|_| written.bandwidth.is_none()) {
        let message = format!("{what} has a `direction` and sends nothing; write `bandwidth` too");
        return Err(source.error(direction.span(), message));
    }
    match (&written.at, &written.lasts) {
        (None, None) => Ok(None),
        (Some(at), Some(lasts)) => {
            let (begins, ends) = spell(source, &what, at, lasts, window)?;
            Ok(Some(Span { begins, ends }))
        }
        (Some(at), None) => {
            let message = format!("{what} has no end; write how long it `lasts`, or leave `at` out and it runs always");
            Err(source.error(at.span(), message))
        }
        (None, Some(lasts)) => {
            let message = format!("{what} has no beginning; write `at`, or leave `lasts` out and it runs always");
            Err(source.error(lasts.span(), message))
        }
    }
}

/// The span in each day of a window with a clock.
fn on_every_day(span: Span, window: Window) -> Vec<Span> {
    let days = if window.has_clock() { window.length().0 / DAY.0 } else { 1 };
    (0..days).map(|day| Span { begins: span.begins + DAY * day, ends: span.ends + DAY * day }).collect()
}

/// The machines that a load is on.
fn place(
    source: &Source,
    file: &File,
    name: &Spanned<String>,
    written: &file::Background,
    cluster: &Cluster,
    ledger: &mut Ledger,
) -> Result<Whereabouts, ScenarioError> {
    let key = |leaf: &str| format!("background.{}.{leaf}", name.get_ref());
    match (&written.role, &written.node) {
        (Some(role), None) => {
            if cluster.of_role(*role.get_ref()).next().is_none() {
                let message = format!("no node has the role `{}`; write one that is there", role.get_ref().name());
                return Err(source.error(role.span(), message));
            }
            ledger.note(&key("role"), role.get_ref().name().to_owned(), Origin::File);
            Ok(Whereabouts::Role(*role.get_ref()))
        }
        (None, Some(node)) => {
            let known = || cluster.nodes.iter().map(|node| node.name.as_str());
            if !known().any(|known| known == node.get_ref()) {
                return Err(source.error(node.span(), unknown("node", node.get_ref(), known())));
            }
            if file.plan.is_some() {
                let message =
                    format!("a search varies the nodes, and `{}` is one of them; write `role`", node.get_ref());
                return Err(source.error(node.span(), message));
            }
            ledger.note(&key("node"), node.get_ref().clone(), Origin::File);
            Ok(Whereabouts::Node(node.get_ref().clone()))
        }
        (None, None) => {
            let message =
                format!("nobody does background `{}`; write `role = \"primary\"`, or the `node`", name.get_ref());
            Err(source.error(name.span(), message))
        }
        (Some(_), Some(node)) => {
            let message = format!("background `{}` has a `role` and a `node`; write one of them", name.get_ref());
            Err(source.error(node.span(), message))
        }
    }
}

/// What a load asks for, with the rest still to be filled in.
fn asked(written: &file::Background, key: &dyn Fn(&str) -> String, ledger: &mut Ledger) -> Background {
    let cpu = written.cpu.as_ref().map(|share| share.get_ref().0);
    let per_s = |rate: &f64| format!("{rate} /s");
    let reads = written.reads.map(|rate| rate.0);
    let writes = written.writes.map(|rate| rate.0);
    let size = written.size.as_ref().map(|size| size.get_ref().0 as f64);
    let bandwidth = written.bandwidth.map(|bandwidth| bandwidth.0);
    let direction = written.direction.as_ref().map(|direction| *direction.get_ref());
    Background {
        name: String::new(),
        place: Whereabouts::Node(String::new()),
        spans: Vec::new(),
        in_busiest_hour: 0.0,
        on_average: 0.0,
        cpu: ledger.take(&key("cpu"), cpu.as_ref(), 0.0, f64::to_string),
        reads_per_s: ledger.take(&key("reads"), reads.as_ref(), 0.0, per_s),
        writes_per_s: ledger.take(&key("writes"), writes.as_ref(), 0.0, per_s),
        size: ledger.take(&key("size"), size.as_ref(), 0.0, |size| format!("{size} B")),
        bytes_per_s: ledger.take(&key("bandwidth"), bandwidth.as_ref(), 0.0, |bytes| format!("{bytes} B/s")),
        direction: ledger.take(&key("direction"), direction.as_ref(), Direction::Out, |direction| {
            format!("{direction:?}").to_lowercase()
        }),
    }
}

/// Refuses machines without the disk or the link that a load needs.
fn check_machines(
    source: &Source,
    name: &Spanned<String>,
    load: &Background,
    cluster: &Cluster,
) -> Result<(), ScenarioError> {
    for node in cluster.nodes.iter().filter(|node| load.runs_on(node)) {
        let (tier, name_of) = (&node.tier, name.get_ref());
        let message = if load.reads_per_s + load.writes_per_s > 0.0 && tier.disks == 0 {
            format!(
                "tier `{}` has no disk, and background `{name_of}` needs one; write `disks` and `disk_iops` in the tier",
                tier.name
            )
        } else if load.bytes_per_s > 0.0 && tier.network.is_none() {
            format!(
                "tier `{}` has no link, and background `{name_of}` needs one; write `network` in the tier",
                tier.name
            )
        } else {
            continue;
        };
        return Err(source.error(name.span(), message));
    }
    Ok(())
}
