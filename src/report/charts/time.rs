//! The unit of a time axis.

/// The unit for a window of so many seconds, and how many seconds it has.
pub(super) fn unit(window_s: f64) -> (&'static str, f64) {
    match window_s {
        long if long > 2.0 * 86_400.0 => ("days", 86_400.0),
        long if long > 3.0 * 3_600.0 => ("hours", 3_600.0),
        long if long > 300.0 => ("minutes", 60.0),
        _ => ("seconds", 1.0),
    }
}
