//! Where a scenario is more than the lab can be: what it refuses, and what it leaves out and says so.

use super::job::{self, Protocol};
use super::{naming, outside, sharing, webmail};
use crate::scenario::{Role, Scenario};

/// What can't be built.
pub(super) fn obstacles(scenario: &Scenario) -> Vec<String> {
    let parts = [naming::obstacles, outside::obstacles, sharing::obstacles, webmail::obstacles];
    let mut found = parts.map(|of| of(scenario)).concat();
    let mut no = |sentence: String| found.push(sentence);
    for (index, service) in scenario.services.iter().enumerate() {
        let comes = scenario.streams.iter().any(|stream| stream.service == index);
        if !comes {
            continue;
        }
        if Protocol::of(&service.name).is_none() {
            no(format!("`service.{}`: the lab has servers for smtp, pop3, imap and webmail", service.name));
        }
        let several = scenario.cluster.servers(index).nth(1).is_some();
        if several && scenario.cluster.route(index).is_none() {
            no(format!(
                "the sessions of `{}` find their node in a way that the lab has not: by the name of each",
                service.name
            ));
        }
    }
    for node in &scenario.cluster.nodes {
        if [job::SWITCH, job::NAMES, job::WORLD, job::WITNESS].contains(&node.name.as_str()) {
            no(format!("`{}` is the name of a host of the lab's own; call the node something else", node.name));
        }
        if !matches!(node.role, Role::Primary | Role::Data | Role::Backup) {
            no(format!(
                "`{}` is a {}, and the lab has primaries, a data server and a backup",
                node.name,
                node.role.name()
            ));
        }
    }
    for stream in &scenario.streams {
        if stream.remote > 0.0 {
            no(format!(
                "`{}` sends mail to others, and the lab has nobody to send it to; write `remote = 0`",
                stream.name
            ));
        }
        if stream.standing.is_some() || stream.on_open_connections {
            no(format!("`{}` leaves connections open, and the lab's sessions end", stream.name));
        }
        let calls = |index: &usize| !scenario.operations[*index].calls.is_empty();
        if scenario.services[stream.service].name != Protocol::Web.name() && stream.operations.iter().any(calls) {
            no(format!(
                "`{}` asks other services, and of the lab's servers only web mail does; leave `calls` out",
                stream.name
            ));
        }
        if stream.gates.iter().any(Option::is_some) {
            no(format!("`{}` passes filters, and the lab's servers have none", stream.name));
        }
    }
    found
}

/// What is left out, so that nobody takes it for measured.
pub(super) fn differences(scenario: &Scenario) -> Vec<String> {
    let mut found = Vec::new();
    if scenario.groups.iter().any(|group| group.rtt.0 > 0 || group.s_per_byte > 0.0) {
        found.push("the lines of the clients take no time in the lab".to_owned());
    }
    if naming::takes_time(scenario) {
        found.push("name servers are at hand in the lab and answer at once".to_owned());
    }
    if scenario.cluster.backup().is_some() && (scenario.backup.rtt.0 > 0 || scenario.backup.s_per_byte > 0.0) {
        found.push("the line of the backup takes no time in the lab".to_owned());
    }
    if scenario.groups.iter().any(|group| group.patience != scenario.groups[0].patience) {
        found.push("all clients of the lab have the patience of the most patient ones".to_owned());
    }
    if scenario.cluster.nodes.iter().any(|node| node.tier.disks > 0) {
        found.push("the lab's mail store and queues are in memory and not on disks".to_owned());
    }
    if scenario.sources.iter().any(|count| *count > 0)
        || scenario.mailboxes.iter().any(|mailboxes| !mailboxes.pools.is_empty())
    {
        found.push("sessions of the lab come as their rates say, whatever their people have found before".to_owned());
    }
    found.extend(webmail::differences(scenario));
    found
}
