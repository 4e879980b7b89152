//! What a scenario asks of every resource, by multiplication alone: the answer that a reader can check by hand.
//!
//! `check` prints it, the planner screens with it, the warm-up follows from it, and validation holds simulations
//! against it. Utilisations are exact in the long run (the utilisation law holds for any queueing discipline) as long as
//! every resource keeps up; where they are upper bounds instead, the station says so.

mod appraisal;
mod background;
mod certainty;
mod effort;
mod flood;
mod load;
mod memory;
mod moments;
mod pages;
mod prospect;
mod queries;
mod relaxation;
mod space;
mod spread;
mod switch;

pub use appraisal::{Appraisal, OneDown, appraise};
pub use certainty::Bound;
pub use effort::Effort;
pub use load::{Load, Resource, Station, offered, offered_on_average};
pub use memory::{NodeMemory, faults, memory, memory_is_fixed};
pub use prospect::{Prospect, prospect};
pub use relaxation::{Settling, WINDOW_IN_RELAXATION_TIMES, settling};
pub use space::{Space, space};
