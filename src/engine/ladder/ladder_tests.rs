//! The ladder beside the standard heap on the same key.

use super::Ladder;
use crate::engine::keyed::Keyed;
use crate::engine::testing::SplitMix64;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::BinaryHeap;

/// A ladder and a heap that are told the same and must answer the same.
struct Both<const FEW: usize> {
    ladder: Ladder<u64, FEW>,
    heap: BinaryHeap<Keyed<u64>>,
    now: u64,
    inserted: u64,
}

impl<const FEW: usize> Both<FEW> {
    fn new() -> Self {
        Both { ladder: Ladder::new(), heap: BinaryHeap::new(), now: 0, inserted: 0 }
    }

    fn push(&mut self, delay: u64) {
        self.inserted += 1;
        let entry = Keyed { major: self.now.saturating_add(delay), minor: self.inserted, item: !self.inserted };
        self.ladder.push(entry);
        self.heap.push(entry);
        assert_eq!(self.ladder.len(), self.heap.len());
    }

    fn peek(&mut self) {
        assert_eq!(self.ladder.peek().map(all), self.heap.peek().map(all));
    }

    fn pop(&mut self) -> bool {
        let (ours, expected) = (self.ladder.pop(), self.heap.pop());
        assert_eq!(ours.as_ref().map(all), expected.as_ref().map(all));
        self.now = expected.map_or(self.now, |entry| entry.major);
        expected.is_some()
    }

    fn retain(&mut self, keep: impl Fn(&Keyed<u64>) -> bool) {
        self.ladder.retain(&keep);
        self.heap.retain(&keep);
        assert_eq!(self.ladder.len(), self.heap.len());
    }

    fn drain(&mut self) {
        while self.pop() {}
        assert_eq!((self.ladder.len(), self.ladder.pool.len()), (0, 0));
    }
}

fn all(entry: &Keyed<u64>) -> (u64, u64, u64) {
    (entry.major, entry.minor, entry.item)
}

#[derive(Debug, Clone)]
enum Step {
    Push(u64),
    /// So many with the same delay.
    Burst(u64, usize),
    Pop(usize),
    /// Looks at what comes next, which may open buckets far ahead, and then enters something before it.
    PeekThenPush(u64),
    /// Forgets one in so many.
    Retain(u64),
    Drain,
}

/// Delays with ties, zeros, twelve decades and the end of time.
fn delay() -> impl Strategy<Value = u64> {
    prop_oneof![
        2 => Just(0),
        2 => 0..4_u64,
        2 => 0..1_000_u64,
        6 => (0.0..12.0_f64).prop_map(|decade| 10_f64.powf(decade) as u64),
        1 => any::<u64>(),
        1 => (0..3_u64).prop_map(|before| u64::MAX - before),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        30 => delay().prop_map(Step::Push),
        3 => (delay(), 1..150_usize).prop_map(|(delay, number)| Step::Burst(delay, number)),
        10 => (1..8_usize).prop_map(Step::Pop),
        2 => (1..200_usize).prop_map(Step::Pop),
        5 => delay().prop_map(Step::PeekThenPush),
        1 => (1..5_u64).prop_map(Step::Retain),
        1 => Just(Step::Drain),
    ]
}

/// With few entries at the bottom, even short histories reach every part.
fn replay<const FEW: usize>(steps: &[Step]) {
    let mut both = Both::<FEW>::new();
    for step in steps {
        match *step {
            Step::Push(delay) => both.push(delay),
            Step::Burst(delay, number) => (0..number).for_each(|_| both.push(delay)),
            Step::Pop(number) => (0..number).for_each(|_| {
                both.pop();
            }),
            Step::PeekThenPush(delay) => {
                both.peek();
                both.push(delay);
                both.peek();
            }
            Step::Retain(every) => both.retain(|entry| entry.minor % every != 0),
            Step::Drain => both.drain(),
        }
    }
    both.drain();
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn any_history_has_the_order_of_the_heap(steps in proptest::collection::vec(step(), 1..300)) {
        replay::<48>(&steps);
        replay::<5>(&steps);
        replay::<1>(&steps);
    }
}

#[test]
fn all_short_histories_have_the_order_of_the_heap() {
    const LENGTH: u32 = 7;
    let steps = [
        Step::Push(0),
        Step::Push(1),
        Step::Push(2),
        Step::Push(9),
        Step::Push(u64::MAX),
        Step::Pop(1),
        Step::PeekThenPush(0),
        Step::Retain(2),
    ];
    let kinds = steps.len();
    let mut history = Vec::new();
    for mut number in 0..kinds.pow(LENGTH) {
        history.clear();
        for _ in 0..LENGTH {
            history.push(steps[number % kinds].clone());
            number /= kinds;
        }
        replay::<1>(&history);
    }
}

#[test]
fn ever_more_for_the_same_instant_costs_no_more_each() {
    // What moves per entry would show here: a hundred thousand ties, each followed by one more for now, in a sorted list
    // are 10^10 moves.
    let mut both = Both::<48>::new();
    (0..100_000).for_each(|_| both.push(5));
    for _ in 0..100_000 {
        both.pop();
        both.push(0);
    }
    both.drain();
}

#[test]
fn memory_follows_what_is_pending() {
    // A million pass through in bursts with quiet times, at most a few thousand at once.
    let mut ladder: Ladder<u64> = Ladder::new();
    let mut random = SplitMix64(1);
    let (mut now, mut most) = (0, 0);
    for minor in 0..1_000_000 {
        let delay = random.exponential(if minor % 10 == 0 { 1e12 } else { 5e7 }) as u64;
        ladder.push(Keyed { major: now + delay, minor, item: 0 });
        most = most.max(ladder.len());
        while ladder.len() > 2_000 + (minor / 100_000 % 2 * 1_000) as usize {
            now = ladder.pop().expect("there are thousands").major;
        }
    }
    assert!((3_000..3_100).contains(&most), "{most}");
    assert!(ladder.pool.room() <= 4_096, "{} links", ladder.pool.room());
    assert!(ladder.rungs.room() <= 4 * 4_096, "{} buckets", ladder.rungs.room());
}
