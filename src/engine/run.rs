//! The run loop: takes events from the agenda and hands them to the model, up to an instant.
//!
//! A run covers the closed span up to `until`: events at exactly `until` still belong to it, also those that are
//! scheduled for that instant while it lasts. So two runs, to the end of the warm-up and on to the end, handle the same
//! events in the same order as one.

use super::{Agenda, Observer};
use crate::units::Time;

/// How many events are handled between two looks at whether to go on and whether the world is overfull. Counted in events, not by the clock, so that the
/// points where a run can be cancelled are the same on every machine.
const EVENTS_PER_LOOK: u32 = 65_536;

/// A world that events happen to.
pub trait Model {
    /// What can happen: one small enum, handled by one exhaustive match.
    type Event: Copy;

    /// Lets `event` happen at `at`, which is also [`Agenda::now`]; what follows from it goes into the agenda.
    fn handle(&mut self, at: Time, event: Self::Event, agenda: &mut Agenda<Self::Event>);

    /// Whether there is more in it than it is meant to hold: then a run ends. Looked at as often as whether to go on.
    fn is_overfull(&self) -> bool {
        false
    }
}

/// Why a run came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All events up to the given instant were handled and later ones wait. The clock stands at that instant.
    Until,
    /// No event is left. The clock stands at the last one, so that a run without a limit ends when its world comes to rest.
    Exhausted,
    /// There was more in the world than it is meant to hold. The clock stands at the last event.
    Overfull,
    /// It was told not to go on. The clock stands at the last event; the run may be taken up again.
    Cancelled,
}

/// Handles all events up to and including `until`.
///
/// `keep_going` is asked at the start and after every 65,536 events; whether the world is overfull then too, and at the end.
///
/// # Panics
/// When `until` is in the past.
pub fn run<M: Model, O: Observer<M::Event>>(
    model: &mut M,
    agenda: &mut Agenda<M::Event>,
    observer: &mut O,
    until: Time,
    mut keep_going: impl FnMut() -> bool,
) -> Ended {
    assert!(until >= agenda.now(), "a run until {} ns ends in the past: now is {} ns", until.0, agenda.now().0);
    while keep_going() {
        for _ in 0..EVENTS_PER_LOOK {
            let Some((at, event)) = agenda.pop_until(until) else {
                if agenda.live() == 0 {
                    return Ended::Exhausted;
                }
                agenda.move_clock(until);
                // A run may be made of pieces that are too short for a look.
                return if model.is_overfull() { Ended::Overfull } else { Ended::Until };
            };
            observer.event(at, &event);
            model.handle(at, event, agenda);
        }
        if model.is_overfull() {
            return Ended::Overfull;
        }
    }
    Ended::Cancelled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Trace;

    /// Counts ticks, one in each nanosecond until `last`.
    struct Clock {
        ticks: u64,
        last: u64,
    }

    impl Model for Clock {
        type Event = ();
        fn handle(&mut self, at: Time, (): (), agenda: &mut Agenda<()>) {
            self.ticks += 1;
            if at.0 < self.last {
                agenda.schedule(at + Time(1), ());
            }
        }
        fn is_overfull(&self) -> bool {
            self.ticks > 500_000
        }
    }

    fn clock(last: u64) -> (Clock, Agenda<()>) {
        let mut agenda = Agenda::new();
        agenda.schedule(Time(1), ());
        (Clock { ticks: 0, last }, agenda)
    }

    #[test]
    fn a_run_includes_its_last_instant_and_continues_behind_it() {
        let (mut clock, mut agenda) = clock(20);
        assert_eq!(run(&mut clock, &mut agenda, &mut (), Time(7), || true), Ended::Until);
        assert_eq!((clock.ticks, agenda.now()), (7, Time(7)));
        let mut seen = Vec::new();
        let mut trace = Trace(|at: Time, (): &()| seen.push(at.0));
        assert_eq!(run(&mut clock, &mut agenda, &mut trace, Time::MAX, || true), Ended::Exhausted);
        assert_eq!((clock.ticks, agenda.now()), (20, Time(20)));
        assert_eq!(seen, (8..=20).collect::<Vec<_>>());
    }

    #[test]
    fn the_clock_moves_to_the_end_when_later_events_wait() {
        let (mut clock, mut agenda) = clock(1);
        agenda.schedule(Time(100), ());
        assert_eq!(run(&mut clock, &mut agenda, &mut (), Time(50), || true), Ended::Until);
        assert_eq!(agenda.now(), Time(50));
    }

    #[test]
    fn a_cancelled_run_stops_at_a_fixed_number_of_events() {
        let (mut clock, mut agenda) = clock(400_000);
        let mut looks = 0;
        let ended = run(&mut clock, &mut agenda, &mut (), Time::MAX, || {
            looks += 1;
            looks <= 2
        });
        assert_eq!((ended, clock.ticks), (Ended::Cancelled, 2 * 65_536));
        assert_eq!(run(&mut clock, &mut agenda, &mut (), Time::MAX, || true), Ended::Exhausted);
        assert_eq!(clock.ticks, 400_000);
    }

    #[test]
    fn a_run_ends_at_the_first_look_that_finds_the_world_overfull() {
        let (mut clock, mut agenda) = clock(1_000_000);
        assert_eq!(run(&mut clock, &mut agenda, &mut (), Time::MAX, || true), Ended::Overfull);
        assert_eq!((clock.ticks, agenda.now()), (8 * 65_536, Time(8 * 65_536)));
    }

    #[test]
    fn pieces_that_are_too_short_for_a_look_are_looked_at_at_their_ends() {
        let (mut clock, mut agenda) = clock(1_000_000);
        let ends: Vec<Ended> =
            (1..=11).map(|piece| run(&mut clock, &mut agenda, &mut (), Time(piece * 50_000), || true)).collect();
        assert!(ends[..10].iter().all(|ended| *ended == Ended::Until) && ends[10] == Ended::Overfull, "{ends:?}");
    }
}
