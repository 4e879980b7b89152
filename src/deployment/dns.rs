//! The records that the world needs to find the cluster.

use crate::scenario::{Cluster, Configuration, Route, Scenario};
use serde::Serialize;
use std::fmt;

/// The white paper's example; the reader's own domain takes its place.
pub(super) const DOMAIN: &str = "domain.com";

/// Preference of what takes mail, and of the backup: senders try the lowest first.
const PRIMARY: u32 = 5;
const BACKUP: u32 = 10;

/// Services in the order in which a zone is usually written; others follow by name.
const USUAL: [&str; 7] = ["smtp", "pop3", "imap", "webmail", "webadmin", "im", "control"];

/// One record of the zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    /// A name and its address, which is one of those set aside for documentation (RFC 5737).
    Address {
        /// The name.
        name: String,
        /// The address.
        address: String,
    },
    /// Where mail for the domain goes.
    Mail {
        /// The lowest is tried first.
        preference: u32,
        /// The name of the host.
        host: String,
    },
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Record::Address { name, address } => write!(f, "{name} = {address}"),
            Record::Mail { preference, host } => write!(f, "mx {preference} = {host}"),
        }
    }
}

/// Addresses in the order in which they are asked for, one for each owner.
#[derive(Default)]
struct Addresses<T>(Vec<T>);

impl<T: PartialEq> Addresses<T> {
    fn of(&mut self, owner: T) -> String {
        let index = self.0.iter().position(|known| *known == owner).unwrap_or_else(|| {
            self.0.push(owner);
            self.0.len() - 1
        });
        format!("192.0.2.{}", index + 1)
    }
}

/// The zone of the cluster: names with their addresses, then where mail goes.
///
/// Primaries behind a switch have one address, that of the switch, and so have those that balance by themselves; where DNS
/// balances, each has its own. Where services have nodes of their own, or are found in different ways, each has a name of
/// its own; services on the same nodes share the address.
#[must_use]
pub fn dns(scenario: &Scenario) -> Vec<Record> {
    let cluster = &scenario.cluster;
    let host = |name: &str| format!("{name}.{DOMAIN}");
    let mut addresses = Addresses(Vec::new());
    let mut entry = |name: &str, owner: Vec<usize>| {
        let own = owner.first().and_then(|node| cluster.nodes.get(*node)?.address);
        let address = own.map_or_else(|| addresses.of(owner), |own| own.to_string());
        Record::Address { name: host(name), address }
    };
    let mut records = Vec::new();
    let mut mail = Vec::new();
    let first = owners(cluster, 0);
    let alike = (1..scenario.services.len()).all(|service| owners(cluster, service) == first);
    if cluster.configuration == Configuration::ServiceSpecific || !alike {
        let mut services: Vec<(usize, &str)> =
            scenario.services.iter().enumerate().map(|(index, service)| (index, service.name.as_str())).collect();
        services.sort_by_key(|(_, name)| USUAL.iter().position(|usual| usual == name).unwrap_or(USUAL.len()));
        for (index, name) in &services {
            records.extend(owners(cluster, *index).into_iter().map(|owner| entry(name, owner)));
        }
        let takes_mail = services.iter().find(|(_, name)| *name == "smtp");
        mail.extend(takes_mail.map(|(_, name)| Record::Mail { preference: PRIMARY, host: host(name) }));
    } else {
        records.extend(first.into_iter().map(|owner| entry("mail", owner)));
        mail.push(Record::Mail { preference: PRIMARY, host: host("mail") });
    }
    if cluster.backup().is_some() {
        // No primary has the number of the backup among the nodes.
        records.push(entry("backup", vec![cluster.nodes.len()]));
        mail.push(Record::Mail { preference: BACKUP, host: host("backup") });
    }
    records.extend(mail);
    records
}

/// The nodes behind each address of a service.
fn owners(cluster: &Cluster, service: usize) -> Vec<Vec<usize>> {
    let nodes: Vec<usize> = cluster.servers(service).collect();
    match cluster.route(service) {
        Some(Route::RoundRobinDns(zone)) => zone.dealt(&nodes),
        _ => vec![nodes],
    }
}
