//! The model against real servers: what they did, what a simulation of the same sessions says, and how far apart both are.
//!
//! A [`Campaign`] is a set of points, each a scenario that was run on real servers with several seeds. Some of the points are
//! there to find the demands of the operations; the others are predicted from them.

mod baselines;
mod campaign;
mod check;
mod compare;
mod demands;
mod figures;
mod planned;
mod predict;
mod quantity;
mod recorded;
mod run;

pub use baselines::{Formula, Times};
pub use campaign::{Campaign, CampaignError, Point, Role};
pub use check::{Checked, ENOUGH, Figure, PROMISED_TO, Rival, Validation, Verdict, check};
pub use compare::{Compared, compare};
pub use demands::{Demands, Explained, Found};
pub use figures::{
    Custody, Measured, MeasuredFailure, MeasuredNode, MeasuredOutside, MeasuredService, MeasuredTimes, MeasuredWitness,
    Work,
};
pub use planned::Planned;
pub use predict::{predicted, simulated};
pub use quantity::Quantity;
pub use recorded::Recorded;
pub use run::RecordedRun;
