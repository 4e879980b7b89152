//! The model held against what is known without it.
//!
//! [`theory`]: where queueing theory has an exact answer, the whole program (scenario → cluster → summary) is run on that
//! case and compared. [`measured`]: real servers, measured by the lab in campaigns.

pub mod measured;
pub mod theory;
