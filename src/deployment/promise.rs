//! What a design protects from, and how it grows: a line each.

use crate::scenario::{Cluster, Configuration};

/// What the design protects from.
#[must_use]
pub fn protection(cluster: &Cluster) -> String {
    let store = &cluster.nodes[cluster.store()].name;
    let reading = match cluster.configuration {
        Configuration::StandAlone | Configuration::PrimaryWithBackup => {
            format!("none for readers: while `{store}` is down nobody reaches a mailbox")
        }
        Configuration::DualPrimaries => {
            format!("the other primary can be missed; without `{store}`, which holds the mail store, nothing works")
        }
        Configuration::PrimaryWithDataAndBackup => {
            format!("none for readers: they need both the primary and `{store}`")
        }
        Configuration::MultiplePrimaries => {
            format!("all primaries but one can be missed; without `{store}`, which holds the mail store, nothing works")
        }
        Configuration::ServiceSpecific => {
            format!(
                "a service lasts as long as one of its nodes; without `{store}`, which holds the mail store, none does"
            )
        }
    };
    let mail = match cluster.backup() {
        Some(backup) => {
            let outlasts = match cluster.site_of_backup() {
                None => "at another site it outlasts a power failure".to_owned(),
                Some((site, false)) => format!("at {site} it outlasts a power failure of the others"),
                Some((site, true)) => format!("at {site} it is down with the others after a power failure"),
            };
            format!("`{}` takes mail while no primary can and passes it on afterwards; {outlasts}", backup.name)
        }
        None => "senders keep mail while no primary takes it, and return it when their retry time is over".to_owned(),
    };
    format!("{reading}; {mail}")
}

/// How the design grows.
#[must_use]
pub fn scalability(cluster: &Cluster) -> String {
    match cluster.configuration {
        Configuration::StandAlone => "none but a larger server; the next step is a backup, or a data server",
        Configuration::PrimaryWithBackup => "none but a larger server; the next step is a data server",
        Configuration::DualPrimaries => {
            "the least of the balanced ones: two primaries, and the one with the mail store works for both"
        }
        Configuration::PrimaryWithDataAndBackup => {
            "prepared: further primaries and a balancer can be added while the store stays where it is"
        }
        Configuration::MultiplePrimaries => "by further primaries, until the data server is full",
        Configuration::ServiceSpecific => {
            "by a node for each service, then by further nodes for a service, until the data server is full"
        }
    }
    .to_owned()
}
