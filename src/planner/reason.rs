//! Why a candidate is where it is: closed sets for programs, a sentence for people.

use crate::analytic::Resource;
use serde::Serialize;

/// How far a candidate came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Turned down without simulation: by its utilisation, or by what it is made of.
    Screen,
    /// Simulated.
    Simulated,
    /// Screened, and never simulated because the search had ended.
    NotReached,
    /// Simulated and chosen.
    Chosen,
}

impl Stage {
    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stage::Screen => "screen",
            Stage::Simulated => "simulated",
            Stage::NotReached => "not-reached",
            Stage::Chosen => "chosen",
        }
    }
}

/// What was decided about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Buy it.
    Chosen,
    /// It does not do.
    Rejected,
    /// It comes after the chosen one in the order.
    NotNeeded,
    /// The search was stopped before it could be judged.
    Undecided,
}

impl Decision {
    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Decision::Chosen => "chosen",
            Decision::Rejected => "rejected",
            Decision::NotNeeded => "not-needed",
            Decision::Undecided => "undecided",
        }
    }
}

/// Why, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonCode {
    /// The first in the order that holds.
    FirstToHold,
    /// Processors above their limit.
    Cpu,
    /// Disks above their limit.
    Disk,
    /// The link towards a node above its limit.
    LinkIn,
    /// The link away from a node above its limit.
    LinkOut,
    /// More new connections than the switch can take.
    SwitchConnections,
    /// More bytes than the switch can carry.
    SwitchThroughput,
    /// The mailboxes do not fit on the disk of the store.
    Space,
    /// More hosts than one cluster of Network Load Balancing has.
    TooManyHosts,
    /// No system of these machines has Network Load Balancing.
    NoEdition,
    /// One node down, and nothing left.
    NoNodeLeft,
    /// The mail store goes down with the primary that holds it.
    StoreOnPrimary,
    /// A switch alone goes down with everything behind it.
    SingleSwitch,
    /// More gathered in simulation than one can hold.
    Overfull,
    /// A service level missed in simulation.
    LevelMissed,
    /// Holds in simulation, and comes after the chosen one.
    HoldsToo,
    /// Comes after the chosen one, and was not simulated.
    NotReached,
    /// The search was stopped.
    Cancelled,
}

impl ReasonCode {
    /// Whether more people or fewer could make a difference: a design that can't be built, or can't outlast anything, says
    /// nothing about what its price buys.
    pub(super) fn is_about_load(self) -> bool {
        use ReasonCode::{NoEdition, NoNodeLeft, SingleSwitch, StoreOnPrimary, TooManyHosts};
        !matches!(self, TooManyHosts | NoEdition | NoNodeLeft | StoreOnPrimary | SingleSwitch)
    }
}

impl From<Resource> for ReasonCode {
    fn from(resource: Resource) -> ReasonCode {
        match resource {
            Resource::Cpu => ReasonCode::Cpu,
            Resource::Disk => ReasonCode::Disk,
            Resource::LinkIn => ReasonCode::LinkIn,
            Resource::LinkOut => ReasonCode::LinkOut,
            Resource::SwitchConnections => ReasonCode::SwitchConnections,
            Resource::SwitchThroughput => ReasonCode::SwitchThroughput,
        }
    }
}

/// Why, for both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// For programs.
    pub code: ReasonCode,
    /// For people.
    pub text: String,
}
