//! The mail cluster as a model of the engine.
//!
//! A [`World`] is built from a [`Scenario`] for one replication, warmed up, measured, and asked what was
//! [observed](Observed). One event enum, one exhaustive match; state lives in a slab of sessions and in the stations.

mod after_reply;
mod agents;
mod arrivals;
mod background;
mod balance;
mod calls;
mod checks;
mod configuration;
mod course;
mod crowd;
mod cutting;
mod desk;
mod device;
mod disk;
mod dns;
mod event;
mod failures;
mod faults;
mod flood;
mod greylist;
mod group_commit;
mod health;
mod hours;
mod lanes;
mod life;
mod locks;
mod losing;
mod mail;
mod mailboxes;
mod measure;
mod membership;
mod memory;
mod monitor;
mod naming;
mod needs;
mod node;
mod observe;
mod pages;
mod program;
mod proxying;
mod seeking;
mod service_meter;
mod session;
mod shares;
mod standing;
mod starting;
mod steps;
mod switching;
mod turning;
mod utilisation;
mod visitors;
mod visits;
mod world;
mod write_back;

pub use balance::Decisions;
pub use course::{Course, Cut, course};
pub use crowd::{Crowd, MOST_SESSIONS, MOST_WAITING};
pub use desk::{DeskObserved, PoolObserved};
pub use device::SwitchObserved;
pub use dns::DnsObserved;
pub use event::Event;
pub use failures::FailureObserved;
pub use greylist::{GreylistObserved, Returning};
pub use hours::{HourObserved, ServiceHour};
pub use lanes::{Lane, LaneObserved, State};
pub use mail::{Letter, MailBalance, MailObserved};
pub use mailboxes::{MOST_FOUND, PoolVisits};
pub use memory::MemoryObserved;
pub use monitor::{Moments, MonitorObserved};
pub use observe::{
    Flow, LevelObserved, Minute, NodeHour, NodeObserved, Observed, OperationObserved, ServiceObserved,
    StandingObserved, StationObserved, StreamObserved,
};
pub use seeking::{Failure, Seeker};
pub use session::Job;
pub use shares::SharesObserved;
pub use utilisation::UtilisationObserved;
pub use visits::{Visit, VisitMessage, visits};
pub use world::{Sabotage, World};

pub use crate::engine::Observer;
#[cfg(doc)]
use crate::scenario::Scenario;
