//! One replication from an empty cluster to the end of its window.

use super::{Crowd, Event, Observed, Sabotage, World};
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

/// Why a replication did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// `keep_going` said no.
    Cancelled,
    /// It held too much.
    Overfull(Crowd),
}

/// Simulates the warm-up and the window under the eyes of an observer, and with the program broken on purpose if a test
/// asks for it.
///
/// # Errors
/// When it did not come to its end.
pub fn course<O: Observer<Event>>(
    scenario: &Scenario,
    replication: u64,
    warm_up: Time,
    sabotage: Sabotage,
    observer: &mut O,
    keep_going: impl Fn() -> bool,
) -> Result<Course, Cut> {
    let mut agenda = Agenda::new();
    let mut world = World::new(scenario, replication, warm_up, &mut agenda);
    world.sabotage(sabotage);
    let mut go_on = |world: &mut World<'_>, agenda: &mut Agenda<Event>, until| match run(
        world,
        agenda,
        observer,
        until,
        &keep_going,
    ) {
        Ended::Until | Ended::Exhausted => Ok(()),
        Ended::Cancelled => Err(Cut::Cancelled),
        Ended::Overfull => Err(Cut::Overfull(world.crowd(agenda.now()))),
    };
    go_on(&mut world, &mut agenda, warm_up)?;
    world.start_window(&mut agenda);
    let end = warm_up + scenario.window;
    let mut now = agenda.now();
    while now < end {
        now = world.interval_end(now).min(end);
        go_on(&mut world, &mut agenda, now)?;
        world.close_interval(now);
    }
    let mut observed = world.finish(end);
    observed.pack();
    Ok(Course { observed, events: agenda.popped() })
}
