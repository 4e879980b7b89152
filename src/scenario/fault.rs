//! What fails by script.

pub use super::file::FaultKind;

use super::background::Span;
use super::file::DirectoryKind;
use super::topology::Cluster;
use super::{Scenario, Site};

/// What fails: a part of the cluster that is there or not there as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Component {
    /// A machine, by its name.
    Node(String),
    /// The operating system of a machine.
    System(String),
    /// The network link of a machine.
    Link(String),
    /// One service of a machine: the machine's name, and the index of the service.
    Service(String, usize),
    /// The switch that services stand behind.
    Switch,
    /// The zone by which services are found, whoever serves it.
    Zone,
    /// The database of the directory, on whatever machine it is.
    Database,
    /// All machines at a site, by its name.
    Site(String),
}

/// Something that fails at a given time, and is repaired.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Its name.
    pub name: String,
    /// What fails; a cluster that has no such thing has no such fault.
    pub component: Component,
    /// The same as the scenario calls it.
    pub written: String,
    /// How.
    pub kind: FaultKind,
    /// From when to when, after the end of the warm-up.
    pub span: Span,
    /// What is left of the speed of its processors, above 0 to 1.
    pub speed: f64,
    /// Whether its disk is empty when it is repaired.
    pub loses_disk: bool,
}

impl FaultKind {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FaultKind::Stop => "stop",
            FaultKind::Hang => "hang",
            FaultKind::BlackHole => "black-hole",
            FaultKind::Slow => "slow",
            FaultKind::Maintenance => "maintenance",
        }
    }

    /// Whether what it is about does not work meanwhile.
    #[must_use]
    pub fn takes_away(self) -> bool {
        match self {
            FaultKind::Stop | FaultKind::Hang | FaultKind::BlackHole => true,
            FaultKind::Slow | FaultKind::Maintenance => false,
        }
    }
}

impl Component {
    /// The machines that it is, or is a part of.
    #[must_use]
    pub fn nodes(&self, cluster: &Cluster) -> Vec<usize> {
        let nodes = cluster.nodes.iter().enumerate();
        match self {
            Component::Node(name) | Component::System(name) | Component::Link(name) | Component::Service(name, _) => {
                nodes.filter(|(_, node)| node.name == *name).map(|(index, _)| index).collect()
            }
            Component::Site(name) => {
                nodes.map(|(index, _)| index).filter(|index| cluster.site(*index) == Site(Some(name))).collect()
            }
            Component::Switch | Component::Zone | Component::Database => Vec::new(),
        }
    }

    /// The service, if it is one.
    #[must_use]
    pub fn service(&self) -> Option<usize> {
        match self {
            Component::Service(_, service) => Some(*service),
            Component::Node(_)
            | Component::System(_)
            | Component::Link(_)
            | Component::Switch
            | Component::Zone
            | Component::Database
            | Component::Site(_) => None,
        }
    }

    /// Whether it is whole machines, which start anew after a repair.
    #[must_use]
    pub fn is_machines(&self) -> bool {
        match self {
            Component::Node(_) | Component::System(_) | Component::Site(_) => true,
            Component::Link(_) | Component::Service(..) => false,
            Component::Switch | Component::Zone | Component::Database => false,
        }
    }
}

impl Scenario {
    /// Whether the cluster has what a fault is about.
    #[must_use]
    pub fn has(&self, component: &Component) -> bool {
        let mut services = 0..self.services.len();
        match component {
            Component::Switch => services.any(|service| self.cluster.is_behind_switch(service)),
            Component::Zone => self.cluster.has_dns(),
            Component::Database => self.directory.kind == DirectoryKind::Odbc,
            Component::Node(_)
            | Component::System(_)
            | Component::Link(_)
            | Component::Service(..)
            | Component::Site(_) => !component.nodes(&self.cluster).is_empty(),
        }
    }
}
