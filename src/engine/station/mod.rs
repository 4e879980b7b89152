//! Stations: where jobs take time, by sharing or by waiting.
//!
//! A station knows jobs as small tokens that mean something to the model only, and it does not know events. It says
//! when its next departure is due; the model keeps one timer per station and sets it after each change:
//!
//! 1. `arrive` a job (or `remove` one, or change the speed);
//! 2. set the station's timer to `next_departure`, or cancel it when there is none;
//! 3. when it fires, take out jobs with `pop_departed` until there is none, then go on with 2.
//!
//! Departures are whole nanoseconds, rounded up: a job never leaves before its work is done. Every station keeps exact
//! integrals of what is in it, counts since the last [reset](Counts), and does both in integers.

mod counts;
mod fcfs;
#[cfg(test)]
mod history;
mod level;
mod link;
mod processor_sharing;
mod quota;
#[cfg(test)]
mod quota_tests;
mod scaling;
mod slots;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod slow_quota;
#[cfg(test)]
mod station_tests;
mod warming;

pub use counts::Counts;
pub use fcfs::Fcfs;
pub use link::Link;
pub use processor_sharing::ProcessorSharing;
pub use quota::{Budget, Quota};
pub use scaling::Scaling;
pub use slots::{Grant, Slots};
pub use warming::Warming;
