//! A small real cluster on this machine: real mail servers that real sessions come to, measured.
//!
//! A [`Blueprint`] is made of the same scenario that a simulation takes, with the very sessions of one of its replications.
//! The [`guard`](mod@guard) has it built, loaded and measured by a [confined] process in namespaces of its own, and
//! gets a [`Record`]; [`measure`] says what it comes to, and [`calibrate`] what single operations cost by many of them.

mod blueprint;
mod calibrate;
mod campaign;
pub mod confined;
pub mod guard;
pub mod host;
pub mod job;
pub mod letter;
pub mod load;
mod measured;
mod preflight;
mod record;
mod sampling;
pub mod store;

pub use blueprint::{Blueprint, blueprint};
pub use calibrate::calibrate;
pub use campaign::{Planned, runs};
pub use measured::measure;
pub use preflight::{Need, preflight};
pub use record::{HostRecord, Record, Sample};
