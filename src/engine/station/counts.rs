//! How many jobs came and went.

/// Jobs since the start or the last reset. Those present at a reset are not counted as arrivals, but as departures when
/// they leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Jobs that came.
    pub arrivals: u64,
    /// Jobs that left with their work done.
    pub departures: u64,
    /// Jobs that were taken out before.
    pub removals: u64,
}
