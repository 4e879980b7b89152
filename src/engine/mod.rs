//! The discrete-event kernel. It has never heard of mail.
//!
//! A simulation is a [`Model`] and an [`Agenda`]. The agenda holds what will happen; [`run()`] takes out one event after
//! the other and lets the model handle it, which puts new events into the agenda. Events are small copies in one flat
//! structure, handled by one exhaustive `match`: no boxed closures, no shared ownership, nothing that could not be
//! hashed or compared. The parts where work takes time are stations, which the model owns and asks.
//!
//! # Life of a run
//!
//! 1. The model is built, with its stations and whatever else it consists of.
//! 2. An agenda is made. The model takes a [`Timer`] from it for each thing that may change its mind (a station's next
//!    departure, a timeout) and schedules what starts the world, usually the first arrival of each kind.
//! 3. [`run()`] to the end of the warm-up. The stations forget their statistics.
//! 4. [`run()`] to the end of the measurement. The stations are read at that instant.
//! 5. Model and agenda are dropped together. A run may be taken up again at any of these points, cancelled or not.
//!
//! # The order of events
//!
//! 1. An earlier event comes first. Time is integer nanoseconds, so "earlier" and "at the same instant" are exact.
//! 2. At the same instant, what was inserted first comes first. Setting a timer is an insertion, every time.
//! 3. An entry that was overtaken (its timer was set again, cancelled or released) is dropped and reaches no handler.
//! 4. An event that is scheduled for now comes after everything that already waits for this instant.
//!
//! Nothing else decides: not the memory layout, not a hash map, not the clock on the wall.
//!
//! # A complete model
//!
//! One server, one queue, arrivals from a tiny generator. The mean stay of an M/M/1 station at load 0.8 is five times
//! the mean service, under processor sharing as under first come, first served.
//!
//! ```
//! use mxplan::engine::{Agenda, Ended, Model, ProcessorSharing, Scaling, Timer, run};
//! use mxplan::units::Time;
//!
//! #[derive(Clone, Copy)]
//! enum Event {
//!     Arrival,
//!     Departure,
//! }
//!
//! struct World {
//!     random: u64,
//!     cpu: ProcessorSharing<u32>,
//!     departure: Timer,
//! }
//!
//! impl World {
//!     fn exponential(&mut self, mean: Time) -> Time {
//!         self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
//!         let unit = ((self.random >> 11) + 1) as f64 / (1_u64 << 53) as f64;
//!         Time::from_secs_f64(-mean.as_secs_f64() * unit.ln())
//!     }
//! }
//!
//! impl Model for World {
//!     type Event = Event;
//!
//!     fn handle(&mut self, now: Time, event: Event, agenda: &mut Agenda<Event>) {
//!         match event {
//!             Event::Arrival => {
//!                 let demand = self.exponential(Time::from_millis(8));
//!                 self.cpu.arrive(now, 0, demand);
//!                 let gap = self.exponential(Time::from_millis(10));
//!                 agenda.schedule(now + gap, Event::Arrival);
//!             }
//!             Event::Departure => while self.cpu.pop_departed(now).is_some() {},
//!         }
//!         match self.cpu.next_departure() {
//!             Some(at) => agenda.set(&self.departure, at, Event::Departure),
//!             None => agenda.cancel(&self.departure),
//!         }
//!     }
//! }
//!
//! let mut agenda = Agenda::new();
//! let departure = agenda.timer();
//! let mut world = World { random: 1, cpu: ProcessorSharing::new(Scaling::linear(1)), departure };
//! agenda.schedule(Time::ZERO, Event::Arrival);
//!
//! run(&mut world, &mut agenda, &mut (), Time::from_secs(100), || true);
//! world.cpu.reset_statistics(agenda.now());
//! let ended = run(&mut world, &mut agenda, &mut (), Time::from_secs(5_100), || true);
//! assert_eq!(ended, Ended::Until);
//!
//! let stays = world.cpu.number_integral(agenda.now()) as f64;
//! let mean_stay_ms = stays / world.cpu.counts().departures as f64 / 1e6;
//! assert!((mean_stay_ms - 40.0).abs() < 2.0, "{mean_stay_ms} ms");
//! ```

mod agenda;
#[cfg(test)]
mod agenda_tests;
mod keyed;
mod ladder;
mod observer;
mod run;
mod slab;
mod station;
#[cfg(test)]
mod testing;

pub use agenda::{Agenda, Timer};
pub use observer::{Fingerprint, Observer, Trace, TrajectoryHash};
pub use run::{Ended, Model, run};
pub use slab::{Id, Slab};
pub use station::{Budget, Counts, Fcfs, Grant, Link, ProcessorSharing, Quota, Scaling, Slots, Warming};
