//! The mail cluster as a model of the engine.
//!
//! A [`World`] is built from a [`Scenario`] for one replication, warmed up, measured, and asked what was
//! [observed](Observed). One event enum, one exhaustive match; state lives in a slab of sessions and in the stations.

mod arrivals;
mod background;
mod balance;
mod calls;
mod configuration;
mod course;
mod cutting;
mod desk;
mod disk;
mod event;
mod faults;
mod flood;
mod greylist;
mod group_commit;
mod life;
mod locks;
mod mailboxes;
mod measure;
mod membership;
mod memory;
mod node;
mod observe;
mod program;
mod seeking;
mod session;
mod shares;
mod standing;
mod steps;
mod world;
mod write_back;

pub use course::{Course, course};
pub use desk::{DeskObserved, PoolObserved};
pub use event::Event;
pub use greylist::{GreylistObserved, Returning};
pub use mailboxes::{MOST_FOUND, PoolVisits};
pub use memory::MemoryObserved;
pub use observe::{
    Flow, LevelObserved, Minute, NodeHour, NodeObserved, Observed, OperationObserved, ServiceObserved,
    StandingObserved, StationObserved,
};
pub use seeking::{Failure, Seeker};
pub use session::Job;
pub use shares::SharesObserved;
pub use world::{Sabotage, World};

pub use crate::engine::Observer;
#[cfg(doc)]
use crate::scenario::Scenario;
