//! One replication from an empty cluster to the end of its window.

use super::{Event, Observed, Sabotage, World};
use crate::engine::{Agenda, Ended, Observer, run};
use crate::scenario::Scenario;
use crate::units::Time;

/// A replication that came to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// What was observed in the window.
    pub observed: Observed,
    /// Events handled, warm-up included.
    pub events: u64,
}

/// Simulates the warm-up and the window under the eyes of an observer, and with the program broken on purpose if a test
/// asks for it; none when `keep_going` said no on the way.
pub fn course<O: Observer<Event>>(
    scenario: &Scenario,
    replication: u64,
    warm_up: Time,
    sabotage: Sabotage,
    observer: &mut O,
    keep_going: impl Fn() -> bool,
) -> Option<Course> {
    let mut agenda = Agenda::new();
    let mut world = World::new(scenario, replication, warm_up, &mut agenda);
    world.sabotage(sabotage);
    if run(&mut world, &mut agenda, observer, warm_up, &keep_going) == Ended::Cancelled {
        return None;
    }
    world.start_window(&mut agenda);
    let end = warm_up + scenario.window;
    let mut now = agenda.now();
    while now < end {
        now = world.interval_end(now).min(end);
        if run(&mut world, &mut agenda, observer, now, &keep_going) == Ended::Cancelled {
            return None;
        }
        world.close_interval(now);
    }
    Some(Course { observed: world.finish(end), events: agenda.popped() })
}
