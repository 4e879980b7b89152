//! What fails by script.

pub use super::file::FaultKind;

use super::background::Span;

/// Something that fails at a given time, and is repaired.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Its name.
    pub name: String,
    /// Name of the primary; a cluster that has no such node has no such fault.
    pub node: String,
    /// Index of the one service on it that fails; none = the machine with all of them.
    pub service: Option<usize>,
    /// How.
    pub kind: FaultKind,
    /// From when to when, after the end of the warm-up.
    pub span: Span,
    /// What is left of the speed of its processors, above 0 to 1.
    pub speed: f64,
}

impl FaultKind {
    /// The name as written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FaultKind::Stop => "stop",
            FaultKind::Hang => "hang",
            FaultKind::BlackHole => "black-hole",
            FaultKind::Slow => "slow",
            FaultKind::Maintenance => "maintenance",
        }
    }
}
