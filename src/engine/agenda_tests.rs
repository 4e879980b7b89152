//! The agenda against the obvious one: a vector that is searched for its smallest entry.

use super::Agenda;
use super::testing::SplitMix64;
use crate::units::Time;

#[test]
fn ties_break_by_insertion_whoever_entered_them() {
    let mut agenda = Agenda::new();
    let timer = agenda.timer();
    agenda.schedule(Time(5), 'b');
    agenda.set(&timer, Time(5), 'x');
    agenda.schedule(Time(5), 'c');
    agenda.schedule(Time(4), 'a');
    agenda.set(&timer, Time(5), 'd');
    let order: Vec<_> = std::iter::from_fn(|| agenda.pop()).collect();
    assert_eq!(order, [(Time(4), 'a'), (Time(5), 'b'), (Time(5), 'c'), (Time(5), 'd')]);
}

#[test]
fn a_released_timer_never_fires_even_when_its_slot_is_used_again() {
    let mut agenda = Agenda::new();
    for at in 10..20 {
        agenda.schedule(Time(at), "plain");
    }
    let timer = agenda.timer();
    agenda.set(&timer, Time(1), "old");
    agenda.release(timer);
    let timer = agenda.timer();
    assert!(!agenda.is_set(&timer));
    agenda.set(&timer, Time(2), "new");
    assert_eq!((agenda.live(), agenda.stale()), (11, 1));
    assert_eq!(agenda.peek_time(), Some(Time(2)));
    assert_eq!(agenda.pop(), Some((Time(2), "new")));
    assert!(!agenda.is_set(&timer));
    assert_eq!((agenda.live(), agenda.stale(), agenda.popped(), agenda.stale_dropped()), (10, 0, 1, 1));
}

#[test]
#[should_panic(expected = "scheduled in the past")]
fn nothing_is_scheduled_in_the_past() {
    let mut agenda = Agenda::new();
    agenda.schedule(Time(7), ());
    agenda.pop();
    agenda.schedule(Time(6), ());
}

/// The obvious agenda: a vector, searched for the smallest entry. An overtaken entry is removed at once.
#[derive(Default)]
struct Slow {
    entries: Vec<(Time, u64, u64, Option<usize>)>,
    inserted: u64,
}

impl Slow {
    fn insert(&mut self, at: Time, event: u64, timer: Option<usize>) {
        self.entries.push((at, self.inserted, event, timer));
        self.inserted += 1;
    }

    fn cancel(&mut self, timer: usize) {
        self.entries.retain(|entry| entry.3 != Some(timer));
    }

    fn next_time(&self) -> Option<Time> {
        self.entries.iter().map(|entry| entry.0).min()
    }

    fn pop(&mut self) -> Option<(Time, u64)> {
        let smallest = (0..self.entries.len()).min_by_key(|&i| self.entries[i])?;
        let (at, _, event, _) = self.entries.swap_remove(smallest);
        Some((at, event))
    }
}

#[test]
fn random_histories_agree_with_the_obvious_agenda() {
    for seed in 0..60 {
        let mut random = SplitMix64(seed);
        let (mut agenda, mut slow) = (Agenda::new(), Slow::default());
        let mut timers: Vec<_> = (0..1 + random.below(40)).map(|_| agenda.timer()).collect();
        // Some histories grow, some drain, some do little else than move timers about.
        let most = [8, 30, 6, 3, 4, 8, 12];
        let mut weights = most.map(|most| random.below(most));
        weights[0] += 1;
        weights[1] += 1;
        let total: u64 = weights.iter().sum();
        for event in 0..6_000 {
            let delay = match random.below(40) {
                0..10 => 0,
                10 => u64::MAX,
                _ => 10f64.powf(12.0 * random.unit()) as u64,
            };
            let at = Time(agenda.now().0.saturating_add(delay));
            let which = random.below(timers.len() as u64) as usize;
            let mut draw = random.below(total);
            let choice = weights.iter().position(|&weight| {
                draw < weight || {
                    draw -= weight;
                    false
                }
            });
            match choice.unwrap() {
                0 => {
                    agenda.schedule(at, event);
                    slow.insert(at, event, None);
                }
                1 => {
                    agenda.set(&timers[which], at, event);
                    slow.cancel(which);
                    slow.insert(at, event, Some(which));
                }
                2 => {
                    agenda.cancel(&timers[which]);
                    slow.cancel(which);
                }
                3 => {
                    let fresh = agenda.timer();
                    agenda.release(std::mem::replace(&mut timers[which], fresh));
                    slow.cancel(which);
                }
                4 => assert_eq!(agenda.peek_time(), slow.next_time(), "seed {seed}"),
                5 => {
                    let expected = slow.next_time().filter(|&next| next <= at).and_then(|_| slow.pop());
                    assert_eq!(agenda.pop_until(at), expected, "seed {seed}");
                }
                _ => assert_eq!(agenda.pop(), slow.pop(), "seed {seed}"),
            }
            assert_eq!(agenda.live(), slow.entries.len(), "seed {seed}");
            assert!(agenda.stale() <= agenda.live(), "seed {seed}");
        }
        let before = agenda.popped();
        let left = agenda.live() as u64;
        while let Some(expected) = slow.pop() {
            assert_eq!(agenda.peek_time(), Some(expected.0), "seed {seed}");
            assert_eq!(agenda.pop(), Some(expected), "seed {seed}");
            assert!(agenda.stale() <= agenda.live(), "seed {seed}");
        }
        assert_eq!(agenda.pop(), None, "seed {seed}");
        assert_eq!(agenda.popped() - before, left, "seed {seed}");
    }
}

#[test]
fn pop_until_leaves_what_lies_behind() {
    let mut agenda = Agenda::new();
    agenda.schedule(Time(5), 1);
    agenda.schedule(Time(6), 2);
    assert_eq!(agenda.pop_until(Time(5)), Some((Time(5), 1)));
    assert_eq!(agenda.pop_until(Time(5)), None);
    assert_eq!((agenda.now(), agenda.live()), (Time(5), 1));
}
