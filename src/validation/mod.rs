//! The model held against what is known without it.
//!
//! [`theory`]: where queueing theory has an exact answer, the whole program (scenario → cluster → summary) is run on that
//! case and compared.

pub mod theory;
