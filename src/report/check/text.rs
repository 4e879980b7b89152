//! The analytic answer for people.

use super::deployment::section;
use super::{memory, space};
use crate::analytic::{Appraisal, Bound, Load, Resource, Station};
use crate::deployment::deployment;
use crate::report::effort::computing_s;
use crate::report::number::{self, NOTHING};
use crate::report::table::{Columns, heading};
use crate::scenario::{Cluster, Scenario};
use std::ops::Range;

/// Values longer than this are cut on the terminal; the JSON has them whole.
const WIDEST_VALUE: usize = 60;

/// Why a figure may be an upper bound.
const BOUND: &str = " ≤ is an upper bound: who has a session begins no second one, who finds no room is refused, and a \
                     group commit serves many at once.\n";

/// Why one may be a lower bound.
const LOWER_BOUND: &str = " ≥ is a lower bound: what sessions take of the memory, its disk has to give.\n";
/// Why a figure may be on either side.
const NEAR: &str = " ≈ is near: addresses fall on nodes by chance; and a switch that looks at connections shares out to \
                    unequal nodes what their processors can do, but more to slow ones while connections wait for clients.\n";

/// Everything, for people.
#[must_use]
pub fn text(scenario: &Scenario, appraisal: &Appraisal) -> String {
    let mut text = format!("{}\n", scenario.name);
    if let Some(question) = &scenario.question {
        text += &format!("{question}\n");
    }
    text += &heading("Sessions in the busiest hour");
    text += &sessions(scenario);
    text += &heading("Offered load over capacity");
    text += &resources(&scenario.cluster, &appraisal.normal);
    text += &users(scenario, &scenario.cluster, &appraisal.normal);
    if let Some(down) = &appraisal.one_down {
        text += &heading(&format!("The same without `{}`", down.without));
        text += &resources(&down.cluster, &down.load);
        text += &users(scenario, &down.cluster, &down.load);
    }
    text += &memory::section(scenario);
    text += &space::section(scenario, &appraisal.normal);
    text += &heading("Time");
    text += &time(scenario, appraisal);
    text += &section(&deployment(scenario));
    text += &heading("Settings");
    text + &settings(scenario)
}

fn sessions(scenario: &Scenario) -> String {
    let mut table = Columns::new(2, ["service", "stream", "sessions/s"]);
    for (index, service) in scenario.services.iter().enumerate() {
        let streams = || scenario.streams.iter().filter(|stream| stream.service == index);
        // An empty sum of floats is -0.
        let total = streams().map(|stream| stream.arrivals_per_s()).sum::<f64>() + 0.0;
        table.row([service.name.clone(), String::new(), number::plain(total)]);
        for stream in streams() {
            table.row([String::new(), stream.name.clone(), number::plain(stream.arrivals_per_s())]);
        }
    }
    table.text()
}

/// Neighbours that are alike, which carry the same load.
pub(super) fn groups(cluster: &Cluster) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (index, node) in cluster.nodes.iter().enumerate() {
        match groups.last_mut() {
            Some(group) if cluster.nodes[group.start].is_like(node) => group.end = index + 1,
            _ => groups.push(index..index + 1),
        }
    }
    groups
}

pub(super) fn label(cluster: &Cluster, group: &Range<usize>) -> String {
    let (first, last) = (&cluster.nodes[group.start].name, &cluster.nodes[group.end - 1].name);
    if group.len() == 1 { first.clone() } else { format!("{first} to {last}") }
}

/// Those of them that do carry the same load: whole buckets make parts that differ, and a background load may run on one.
fn used_alike(cluster: &Cluster, load: &Load) -> Vec<Range<usize>> {
    let used = |node: usize| {
        Resource::ALL.map(|resource| load.station(node, resource).map(|station| station.utilisation.to_bits()))
    };
    let split = |group: Range<usize>| {
        let mut parts: Vec<Range<usize>> = Vec::new();
        for node in group {
            match parts.last_mut() {
                Some(part) if used(part.start) == used(node) => part.end = node + 1,
                _ => parts.push(node..node + 1),
            }
        }
        parts
    };
    groups(cluster).into_iter().flat_map(split).collect()
}

fn resources(cluster: &Cluster, load: &Load) -> String {
    let heads = ["node", "tier"].into_iter().chain(Resource::ALL.map(Resource::name));
    let mut table = Columns::new(2, heads);
    let groups = used_alike(cluster, load);
    for group in &groups {
        let cells = Resource::ALL.map(|resource| {
            let station = load.station(group.start, resource);
            station.map_or_else(|| NOTHING.to_owned(), used)
        });
        let names = [label(cluster, group), cluster.nodes[group.start].tier.name.clone()];
        table.row(names.into_iter().chain(cells));
    }
    let table = table.text() + &switch(cluster, load);
    let Some(binding) = load.binding() else { return table };
    let what = |station: &Station| {
        let group = groups.iter().find(|group| group.contains(&station.node));
        let node = group.map_or_else(|| "the switch".to_owned(), |group| label(cluster, group));
        format!("the {} of {node}", station.resource.name())
    };
    let how = match (binding.falls_behind(), binding.utilisation < 1.0) {
        (true, _) => "can't keep up",
        (false, true) => "binds first",
        (false, false) => "may not keep up",
    };
    let has = |bound: Bound| load.stations.iter().any(|station| station.bound == bound);
    let kinds = [(Bound::AtMost, BOUND), (Bound::AtLeast, LOWER_BOUND), (Bound::Near, NEAR)];
    let bounds: String = kinds.into_iter().filter(|(bound, _)| has(*bound)).map(|(_, text)| text).collect();
    let is_binding = |station: &Station| {
        let alike = groups.iter().any(|group| group.contains(&station.node) && group.contains(&binding.node));
        (alike || station.node == binding.node) && station.resource == binding.resource
    };
    let others = load.stations.iter().filter(|station| !is_binding(station) && station.utilisation > 0.0);
    let runner_up = others.reduce(|best, next| if next.utilisation > best.utilisation { next } else { best });
    let next = runner_up.map_or_else(String::new, |next| format!("; next is {}, at {}", what(next), used(next)));
    let first = format!("T{} {how}, at {}", &what(binding)[1..], used(binding));
    format!("{table} {first}{next}.\n{bounds}")
}

/// The resources of the switch.
fn of_switch<'a>(cluster: &Cluster, load: &'a Load) -> impl Iterator<Item = &'a Station> {
    let nodes = cluster.nodes.len();
    load.stations.iter().filter(move |station| station.node >= nodes)
}

/// A line about the switch, where it has limits.
fn switch(cluster: &Cluster, load: &Load) -> String {
    let parts: Vec<String> = of_switch(cluster, load)
        .map(|station| format!("{} of the {} it can bear", used(station), station.resource.name()))
        .collect();
    if parts.is_empty() { String::new() } else { format!(" The switch has {}.\n", parts.join(" and ")) }
}

fn used(station: &Station) -> String {
    number::bounded_ratio(station.utilisation, station.bound)
}

/// How many users each resource alone could serve, lowest first; nothing where there are no populations.
fn users(scenario: &Scenario, cluster: &Cluster, load: &Load) -> String {
    let mut rows: Vec<(u64, Bound, [String; 2])> = Vec::new();
    for group in used_alike(cluster, load) {
        let stations = Resource::ALL.iter().filter_map(|resource| load.station(group.start, *resource));
        rows.extend(stations.filter_map(|station| {
            let users = station.supported_users(scenario.users)?;
            Some((users, station.bound, [label(cluster, &group), station.resource.name().to_owned()]))
        }));
    }
    rows.extend(of_switch(cluster, load).filter_map(|station| {
        let names = ["switch".to_owned(), station.resource.name().to_owned()];
        Some((station.supported_users(scenario.users)?, station.bound, names))
    }));
    let space = crate::analytic::space(scenario).and_then(|space| space.supported_users(scenario.users));
    rows.extend(
        space.map(|users| (users, Bound::Exact, [cluster.nodes[cluster.store()].name.clone(), "space".to_owned()])),
    );
    if rows.is_empty() {
        return String::new();
    }
    rows.sort_by_key(|(users, _, _)| *users);
    let mut table = Columns::new(2, ["node", "resource", "users when full"]);
    for (users, bound, names) in rows {
        let users = number::count(users);
        table.row(names.into_iter().chain([format!("{}{users}", bound.signs()[1])]));
    }
    format!("\n{}", table.text())
}

fn time(scenario: &Scenario, appraisal: &Appraisal) -> String {
    let settling = &appraisal.settling;
    let origin = if scenario.warm_up.is_some() { "as written" } else { "computed" };
    let suffices = match (settling.window_suffices, settling.relaxation_s.is_finite()) {
        (true, _) => format!("long enough for a relaxation time of {}", number::seconds(settling.relaxation_s)),
        (false, true) => format!("too short for a relaxation time of {}", number::seconds(settling.relaxation_s)),
        (false, false) => "never long enough, since a resource can't keep up".to_owned(),
    };
    let warm_up = number::seconds(settling.warm_up.as_secs_f64());
    let effort = &appraisal.effort;
    let (sessions, events) = (number::about(effort.sessions), number::about(effort.events));
    let computing = number::seconds(computing_s(effort));
    format!(
        " warm-up {warm_up}, {origin}\n window {}, {suffices}\n a replication has about {sessions} sessions and {events} \
         events: about {computing} of computing\n",
        scenario.window
    )
}

fn settings(scenario: &Scenario) -> String {
    let mut table = Columns::new(3, ["key", "value", "from"]);
    for setting in &scenario.settings {
        let mut value: String = setting.value.chars().take(WIDEST_VALUE).collect();
        if value.len() < setting.value.len() {
            value.push('…');
        }
        table.row([setting.key.clone(), value, setting.origin.to_string()]);
    }
    table.text()
}
