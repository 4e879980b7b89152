//! Using a processor for a given time, however long that takes.

use nix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// So many idle turns between two looks at the clock: less than a microsecond.
const TURNS: u32 = 20;

/// Uses so much core time.
pub(super) fn burn(core: Duration) {
    let began = spent();
    while spent().saturating_sub(began) < core {
        (0..TURNS).for_each(|_| std::hint::spin_loop());
    }
}

/// Core time of this thread so far.
fn spent() -> Duration {
    // Linux has this clock for every thread.
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map_or(Duration::MAX, Duration::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_much_core_time_is_used_and_hardly_more() {
        let began = spent();
        burn(Duration::from_millis(5));
        let used = spent() - began;
        assert!((5_000..5_500).contains(&used.as_micros()), "{used:?}");
    }
}
