//! What a fault is about: a machine or a part of one, or something that all of the cluster shares.

use super::people::People;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::fault::Component;
use crate::scenario::file::{self, DirectoryKind, Role};
use crate::scenario::source::Source;
use crate::scenario::topology::{Cluster, Node};

/// Things that have no node's name.
const SHARED: [&str; 3] = ["switch", "dns", "database"];
/// Parts of a machine that are no services.
const PARTS: [&str; 2] = ["os", "link"];

/// The component that a fault names. A node's own name goes before what the word means otherwise.
pub(super) fn resolve(
    source: &Source,
    written: &file::Fault,
    (cluster, directory): (&Cluster, DirectoryKind),
    people: &People,
) -> Result<Component, ScenarioError> {
    let text = written.component.get_ref();
    let refused = |message: String| Err(source.error(written.component.span(), message));
    let node = |name: &str| cluster.nodes.iter().find(|node| node.name == name);
    if let Some(found) = node(text) {
        return match is_asked(found, cluster, directory, people) {
            true => Ok(Component::Node(text.clone())),
            false => refused(format!("nobody asks `{text}` for anything, and nothing would be seen of the fault")),
        };
    }
    match text.split_once('.') {
        Some(("site", site)) if node("site").is_none() => {
            let sites = || cluster.nodes.iter().filter_map(|node| node.site.as_deref());
            match sites().any(|known| known == site) {
                true => Ok(Component::Site(site.to_owned())),
                false => refused(unknown("site", site, sites())),
            }
        }
        Some((name, part)) => match node(name) {
            Some(found) => of_node(source, written, (found, part), people),
            None => refused(unknown("component", name, names(cluster))),
        },
        None => match text.as_str() {
            "switch" if (0..people.services.len()).any(|service| cluster.is_behind_switch(service)) => {
                Ok(Component::Switch)
            }
            "switch" => refused(
                "no service is behind a switch of its own; write a `[routing.default.switch]`, or leave the fault out"
                    .to_owned(),
            ),
            "dns" if cluster.has_dns() => Ok(Component::Zone),
            "dns" => refused(
                "no service is found by DNS; write a `[routing.default.round-robin-dns]`, or leave the fault out"
                    .to_owned(),
            ),
            "database" if directory == DirectoryKind::Odbc => Ok(Component::Database),
            "database" => refused(format!(
                "the directory is of kind `{}`, and asks no database; write `directory = \"odbc\"`, or leave the fault out",
                directory.name()
            )),
            _ => refused(unknown("component", text, names(cluster))),
        },
    }
}

/// What else than nodes can be meant, after these.
fn names(cluster: &Cluster) -> impl Iterator<Item = &str> + Clone {
    cluster.nodes.iter().map(|node| node.name.as_str()).chain(SHARED)
}

/// A part of a machine: one of its services, its operating system or its link.
fn of_node(
    source: &Source,
    written: &file::Fault,
    (node, part): (&Node, &str),
    people: &People,
) -> Result<Component, ScenarioError> {
    let mut services = people.services.iter().enumerate().filter(|(index, _)| node.serves(*index));
    let name = node.name.clone();
    match services.clone().find(|(_, known)| known.name == part) {
        Some((index, _)) => Ok(Component::Service(name, index)),
        None if part == "link" => Ok(Component::Link(name)),
        None if part == "os" => Ok(Component::System(name)),
        None => {
            let known: Vec<&str> = services.by_ref().map(|(_, known)| known.name.as_str()).chain(PARTS).collect();
            Err(source.error(written.component.span(), unknown("service", part, known)))
        }
    }
}

/// Whether anything is seen of a node's failure: a data server may hold a store that no operation touches.
fn is_asked(node: &Node, cluster: &Cluster, directory: DirectoryKind, people: &People) -> bool {
    let holds_database = directory == DirectoryKind::Odbc && cluster.of_role(Role::Database).next().is_none();
    let store = || people.operations.iter().any(|operation| operation.uses_store() && !operation.local_state);
    node.role != Role::Data || holds_database || store()
}
