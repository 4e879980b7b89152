//! Space, for people and for programs.

use crate::analytic::{Load, space};
use crate::report::number::{self, plain};
use crate::report::table::heading;
use crate::scenario::Scenario;
use crate::units::Bytes;
use serde::Serialize;

/// The space of the mail store.
#[derive(Serialize)]
pub(super) struct SpaceOut<'a> {
    node: &'a str,
    needed_gb: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    disk_gb: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supported_users: Option<u64>,
    /// Absent when it is not full within a century.
    #[serde(skip_serializing_if = "Option::is_none")]
    full_in_months: Option<f64>,
}

/// Where the size of the mailboxes is known.
pub(super) fn data(scenario: &Scenario) -> Option<SpaceOut<'_>> {
    let space = space(scenario)?;
    Some(SpaceOut {
        node: &scenario.cluster.nodes[scenario.cluster.store()].name,
        needed_gb: space.needed / 1e9,
        disk_gb: space.disk.map(|disk| disk as f64 / 1e9),
        used_ratio: space.used_ratio(),
        supported_users: space.supported_users(scenario.users),
        full_in_months: space.full_in_months,
    })
}

/// The section of `check`; nothing where the size of the mailboxes is not known.
pub(super) fn section(scenario: &Scenario, load: &Load) -> String {
    let Some(space) = space(scenario) else { return String::new() };
    let node = &scenario.cluster.nodes[scenario.cluster.store()].name;
    let needed = Bytes(number::significant(space.needed) as u64);
    let mut text = heading("Space");
    let (Some(disk), Some(ratio)) = (space.disk, space.used_ratio()) else {
        return text + &format!(" The mailboxes take {needed}; how much `{node}` has is not written (`disk_space`).\n");
    };
    text += &format!(" The mailboxes take {needed} of {} on {node}, {}.\n", Bytes(disk), number::ratio(ratio));
    if ratio > load.binding().map_or(0.0, |station| station.utilisation) {
        text += &format!(
            " The space of {node} {}.\n",
            if ratio < 1.0 { "binds before every other resource" } else { "does not suffice" }
        );
    }
    text += &match space.full_in_months {
        Some(months) if months > 0.0 => format!(" Full in {} months.\n", plain(months)),
        Some(_) => String::new(),
        None => " Not full within a century.\n".to_owned(),
    };
    text
}
