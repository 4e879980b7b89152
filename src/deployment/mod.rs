//! The design written out for those who build it: what the world's DNS says, what the machines need, what is done in
//! which order, and what the design protects from.
//!
//! Pure functions from a scenario to data. The facts are those of the white paper that the project starts from, which
//! describes one product on Windows; the words are our own.

mod bind;
mod directory;
mod dns;
mod dovecot;
mod haproxy;
mod ports;
mod postfix;
mod promise;
mod requirements;
mod steps;
mod unbound;
mod zone;

pub use bind::Bind;
pub use directory::directory;
pub use dns::{Record, dns};
pub use dovecot::{Dovecot, Mailboxes};
pub use haproxy::haproxy;
pub use ports::port;
pub use postfix::{Delivery, Postfix, Rhythm};
pub use promise::{protection, scalability};
pub use requirements::requirements;
pub use steps::steps;
pub use unbound::Unbound;
pub use zone::zone;

use crate::scenario::{Scenario, Site};
use serde::Serialize;
use std::net::Ipv4Addr;

/// A design, written out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deployment {
    /// The configuration's name.
    pub configuration: &'static str,
    /// The number that the white paper gives it.
    pub number: u32,
    /// The machines.
    pub nodes: Vec<Machine>,
    /// The places where they stand, where any is named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<Place>,
    /// What the world sees.
    pub dns: Vec<Record>,
    /// Without any one of these, everything stops or a service does.
    pub single_points_of_failure: Vec<String>,
    /// What has to be there first.
    pub requirements: Vec<String>,
    /// What is done, in order.
    pub steps: Vec<String>,
    /// What it protects from.
    pub protection: String,
    /// How it grows.
    pub scalability: String,
}

/// A machine and what it is there for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// Its name.
    pub name: String,
    /// What it is there for.
    pub role: &'static str,
    /// What it is.
    pub tier: String,
    /// The services that it runs.
    pub services: Vec<String>,
    /// Whether the mail store is on it.
    pub holds_store: bool,
    /// The place where it stands, if that has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}

/// A place and the machines there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Its name; none for the machines whose place has none.
    pub site: Option<String>,
    /// The names of the machines.
    pub nodes: Vec<String>,
}

/// The addresses that a server listens on, as Postfix and Dovecot want them.
fn listening(own: Ipv4Addr, shared: Option<Ipv4Addr>) -> String {
    let all: Vec<String> = [own].into_iter().chain(shared).map(|address| address.to_string()).collect();
    all.join(", ")
}

/// Writes a scenario's cluster out.
#[must_use]
pub fn deployment(scenario: &Scenario) -> Deployment {
    let cluster = &scenario.cluster;
    let services = |node: &crate::scenario::Node| {
        let named = scenario.services.iter().enumerate().filter(|(index, _)| node.serves(*index));
        named.map(|(_, service)| service.name.clone()).collect()
    };
    let machine = |node: &crate::scenario::Node| Machine {
        name: node.name.clone(),
        role: node.role.name(),
        tier: node.tier.name.clone(),
        services: services(node),
        holds_store: node.holds_store,
        site: node.site.clone(),
    };
    let names = |site: Site| {
        let there = cluster.nodes.iter().filter(|node| node.site.as_deref() == site.0);
        there.map(|node| node.name.clone()).collect()
    };
    let places = cluster.sites().into_iter();
    // A second switch takes over.
    let stays = |point: &&str| scenario.switch_pair.is_none() || *point != "switch";
    let nodes = cluster.single_points_of_failure().into_iter().filter(stays).map(str::to_owned);
    let sites = cluster.sites_without_which_mail_stops(scenario.services.len());
    Deployment {
        configuration: cluster.configuration.name(),
        number: cluster.configuration.number(),
        nodes: cluster.nodes.iter().map(machine).collect(),
        sites: places.map(|site| Place { site: site.0.map(str::to_owned), nodes: names(site) }).collect(),
        dns: dns(scenario),
        single_points_of_failure: nodes.chain(sites.iter().map(ToString::to_string)).collect(),
        requirements: requirements(cluster).into_iter().chain(directory(scenario)).collect(),
        steps: steps(cluster),
        protection: protection(cluster),
        scalability: scalability(cluster),
    }
}
