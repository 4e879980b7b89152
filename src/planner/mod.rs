//! Which cluster to buy: every candidate enumerated, screened by multiplication, and the rest simulated in the order of
//! preference until one holds.
//!
//! Data passes through the files in this order: [`candidates`](enumerate) (what can be bought, with its price and
//! complexity) → screen (utilisation of every resource, without simulation: it removes most candidates and
//! never a good one) → [`search`] (survivors simulated, the preferred ones first) → [`recommend`] (the decision with its
//! reasons, as data). A candidate that is turned down is a value with a reason; nothing here prints.
//!
//! What is promised: no candidate that comes after the choice in the order was needed for it, and each one before it
//! has a recorded reason, an utilisation above its limit or a service level that was missed in simulation. Each level
//! is judged by its own 95 % interval; that several are judged in turn is not corrected for.

mod balancing;
mod candidates;
mod complexity;
mod curve;
mod design;
mod judged;
mod limits;
mod offer;
mod price;
mod reason;
mod screen;
mod search;
mod sentence;
mod state;
mod study;
mod table;
mod trial;
mod usage;
mod verdict;
mod way;

pub use balancing::{Balancing, Because, Reasons, Side};
pub use candidates::{Candidate, ForMail, enumerate, in_order_of};
pub use complexity::{Beside, Complexity};
pub use curve::{Curve, CurvePoint, LevelPoint, Supported};
pub use design::{Binding, Design, DesignNode, Percentile, StateFigures, Utilisation};
pub use judged::{Judged, Test};
pub use offer::{Offer, Standing, Wait, offers};
pub use price::{Price, PriceInUsd, not_in_cost, price};
pub use reason::{Decision, Reason, ReasonCode, Stage};
pub use screen::{Rejection, screen};
pub use search::{Outcome, search};
pub use state::{Bench, State};
pub use study::Study;
pub use table::{Row, rows};
pub use trial::Trial;
pub use usage::{MAIL_PRIMARY, READING_PRIMARY, Use, uses};
pub use verdict::{Alternative, Counts, Recommendation, recommend};

use crate::experiment::{Control, Failure, Rule};
use crate::scenario::Scenario;

/// Why nothing can be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanError {
    /// The scenario does not say what may vary.
    NoPlan,
    /// Nothing says what is good enough.
    NoLevels,
    /// What may vary leaves nothing to choose from.
    NoCandidates,
    /// A simulation contradicted itself.
    Broken(Failure),
}

impl std::fmt::Display for PlanError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PlanError::NoPlan => f.write_str("the scenario does not say what may vary; add a `[plan]` table"),
            PlanError::NoLevels => f.write_str(
                "nothing says what is good enough; add a service level, for example `[level.login]` with \
                 `service = \"pop3\"`, `share = \"95 %\"` and `under = \"5 s\"`",
            ),
            PlanError::NoCandidates => f.write_str(
                "`[plan]` leaves nothing to choose from; `multiple-primaries` needs a `most_primaries` of at least 2",
            ),
            PlanError::Broken(failure) => write!(f, "a simulation contradicts itself: {failure:?}"),
        }
    }
}

impl std::error::Error for PlanError {}

/// Searches for the cluster to buy, on the current thread pool. The outcome does not depend on the number of threads.
///
/// A cancelled search returns what is finished, with [`Outcome::cancelled`] set.
///
/// # Errors
/// When the scenario has nothing to search or nothing to judge by, or the program's own invariants do not hold.
pub fn plan(scenario: &Scenario, rule: Rule, control: &Control) -> Result<Outcome, PlanError> {
    let plan = scenario.plan.as_ref().ok_or(PlanError::NoPlan)?;
    if scenario.levels.is_empty() {
        return Err(PlanError::NoLevels);
    }
    let mut candidates = enumerate(scenario, plan);
    if candidates.is_empty() {
        return Err(PlanError::NoCandidates);
    }
    candidates.sort_by(in_order_of(plan.prefer));
    search(scenario, plan, candidates, rule, control).map_err(PlanError::Broken)
}
