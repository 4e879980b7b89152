//! A small real cluster on this machine: real mail servers that real sessions come to, measured.
//!
//! A [`Blueprint`] is made of the same scenario that a simulation takes, with the very sessions of one of its replications.
//! The [`guard`](mod@guard) has it built, loaded and measured by a [confined] process in namespaces of its own, and
//! gets a [`Record`]; where nobody may make namespaces they stand on the [ground](Ground) of the machine itself, or there is a
//! [stub] in the place of real servers. [`measure`] says what it comes to, [`calibrate()`] what single operations cost by many of
//! them, and [`terms()`] what that is beside the hardware table.

mod blueprint;
mod building;
mod calibrate;
pub mod confined;
mod ground;
pub mod guard;
pub mod host;
pub mod job;
pub mod letter;
mod limits;
pub mod load;
mod loopback;
mod measured;
mod naming;
mod outside;
mod posted;
mod preflight;
pub mod question;
mod record;
mod sampling;
mod script;
mod sharing;
pub mod store;
pub mod stub;
mod terms;
pub mod web;
mod webmail;
mod witness;

pub use blueprint::{Blueprint, blueprint, blueprint_on};
pub use calibrate::calibrate;
pub use ground::Ground;
pub use measured::measure;
pub use preflight::{Need, Parts, preflight, remedy};
pub use record::{Change, HostRecord, Letter, Record, Sample, Struck};
pub use terms::{NoTerms, Terms, terms};
