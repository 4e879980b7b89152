//! Closed formulas of queueing theory: what the planner screens with and what the simulator is tested against.
//!
//! Pure functions of numbers; this room has never heard of a scenario. Rates are per second, times in seconds, but any
//! other unit of time does as long as both agree. Every formula has its source, and every one that has an exact value in
//! `scenarios/theory/exact_values.csv` is tested against it. Logarithms and powers come from `libm`, because warm-ups
//! are computed from these formulas and must be the same on every platform.
//!
//! | file | what waits, and for what |
//! |---|---|
//! | [`erlang`] | one queue before several servers, or limited room: M/M/c, Erlang B and C |
//! | [`impatience`] | the same queue, but who waits too long gives up: Erlang A |
//! | [`mg1`], [`md1`] | one server, any or constant service times, first come first served |
//! | [`mgc`] | several servers, any service times: approximations, and exact M/D/c |
//! | [`processor_sharing`] | one or several cores shared equally, also cores that slow each other down |
//! | [`round_robin`] | what a node sees behind a round-robin balancer |
//! | [`transient`] | how long a system takes to forget its start, and how long a run must be |

mod birth_death;
pub mod erlang;
mod error;
pub mod impatience;
pub mod md1;
pub mod mg1;
pub mod mgc;
pub mod processor_sharing;
pub mod round_robin;
pub mod transient;

pub use error::QueueError;
