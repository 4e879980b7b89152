//! What has to be there before the first step.

use crate::scenario::{Cluster, Role};

/// What the machines and the network around them need.
#[must_use]
pub fn requirements(cluster: &Cluster) -> Vec<String> {
    let mut needs = vec![
        "on each machine that runs mail services: a system that the mail server runs on (the white paper's: Windows \
         2000, XP or 2003), and at least the hardware of its tier"
            .to_owned(),
    ];
    // Configurations 3 to 6: the store is on a shared drive, also where one primary uses it today.
    if cluster.shares_store() {
        let store = &cluster.nodes[cluster.store()].name;
        needs.push(format!("a drive on `{store}` that each primary can reach, and that is not its system drive"));
        needs.push("one drive letter for it, the same on each of them (such as V:)".to_owned());
        needs.push(
            "one Windows user for the services, the same on each of them, with full rights to that drive".to_owned(),
        );
    }
    if cluster.has_switch() {
        needs.push("a balancer in front of the primaries: it is no part of the mail server".to_owned());
    }
    if cluster.has_nlb() {
        needs.push(
            "on each primary an edition of Windows that has Network Load Balancing (2000 Advanced Server, any of 2003), and \
             beside the shared address one of its own: what is managed, watched and stored goes there"
                .to_owned(),
        );
    }
    if cluster.routing.is_some() {
        needs.push(
            "something outside that watches the services and takes nodes out and in: they don't watch each other"
                .to_owned(),
        );
    }
    if cluster.nodes.iter().any(|node| node.role == Role::Backup) {
        needs.push(match cluster.site_of_backup() {
            Some((site, false)) => format!("a place for the backup at {site}, with a line of its own"),
            _ => "a place for the backup, better at another site, with a line of its own".to_owned(),
        });
    }
    needs
}
