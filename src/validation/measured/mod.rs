//! The model against real servers: what they did, what a simulation of the same sessions says, and how far apart both are.
//!
//! A [`Campaign`] is a set of points, each a scenario that was run on real servers with several seeds. Some of the points are
//! there to find the demands of the operations; the others are predicted from them.

mod campaign;
mod compare;
mod demands;
mod figures;
mod predict;
mod run;

pub use campaign::{Campaign, CampaignError, Point, Role};
pub use compare::{Compared, compare};
pub use demands::{Demands, Found};
pub use figures::{Custody, Measured, MeasuredNode, MeasuredService, MeasuredTimes, Work};
pub use predict::{predicted, simulated};
pub use run::RecordedRun;
