//! The kernel alone: an agenda that holds its number of events, an M/M/1 beside one by hand, and a processor that is shared.

#![allow(missing_docs, reason = "criterion's macros write public items")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mxplan::engine::{Agenda, Model, ProcessorSharing, Scaling, run};
use mxplan::random::{Key, Purpose, Stream};
use mxplan::stats::{Histogram, Tally};
use mxplan::units::Time;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::hint::black_box;

/// How long until the next event, drawn beforehand, so that the clock sees the agenda and not a logarithm.
struct Delays {
    drawn: Vec<Time>,
    next: usize,
}

impl Delays {
    const DRAWN: usize = 1 << 16;

    fn new(mut draw: impl FnMut(&mut Stream) -> f64) -> Delays {
        let mut chance = Key::new(1, 0, Purpose::Arrival, "hold").stream();
        Delays { drawn: (0..Delays::DRAWN).map(|_| Time::from_secs_f64(draw(&mut chance))).collect(), next: 0 }
    }

    fn exponential() -> Delays {
        Delays::new(|chance| chance.exponential(1.0))
    }

    /// Nine in ten are services of 50 ms in the mean, one in ten waits from a minute to an hour to be tried again.
    fn mail() -> Delays {
        Delays::new(
            |chance| {
                if chance.unit() < 0.9 { chance.exponential(0.05) } else { 60.0 + 3_540.0 * chance.unit() }
            },
        )
    }

    fn next(&mut self) -> Time {
        self.next = (self.next + 1) % Delays::DRAWN;
        self.drawn[self.next]
    }
}

/// Each step takes the next event out and enters one more, a delay later (the hold model of Vaucher and Duval 1975): the
/// number that is pending stays. Measured once the entries of the beginning have gone.
fn hold(c: &mut Criterion) {
    for (name, delays) in [("exponential", Delays::exponential as fn() -> Delays), ("mail", Delays::mail)] {
        let mut group = c.benchmark_group(format!("hold, {name}"));
        group.throughput(Throughput::Elements(1));
        for pending in [2_u64, 10, 30, 100, 1_000, 10_000, 100_000, 1_000_000] {
            let mut delays = delays();
            let mut agenda: Agenda<u64> = Agenda::new();
            for event in 0..pending {
                agenda.schedule(delays.next(), event);
            }
            let mut hold = || {
                let (now, event) = agenda.pop().expect("as many are entered as are taken out");
                agenda.schedule(now + delays.next(), black_box(event));
            };
            for _ in 0..(10 * pending).max(100_000) {
                hold();
            }
            group.bench_function(format!("{pending} pending"), |b| b.iter(&mut hold));
        }
        group.finish();
    }
}

const CUSTOMERS: u64 = 1_000_000;

/// What the M/M/1 keeps of its customers' stays.
trait Keep: Default {
    fn keep(&mut self, stay: Time);
    fn sum_ns(&self) -> u128;
}

impl Keep for Tally {
    fn keep(&mut self, stay: Time) {
        self.record(stay);
    }
    fn sum_ns(&self) -> u128 {
        Tally::sum_ns(self)
    }
}

/// The mean and what percentiles are read from.
struct WithPercentiles(Tally, Histogram);

impl Default for WithPercentiles {
    fn default() -> Self {
        WithPercentiles(Tally::default(), Histogram::headline())
    }
}

impl Keep for WithPercentiles {
    fn keep(&mut self, stay: Time) {
        self.0.record(stay);
        self.1.record(stay);
    }
    fn sum_ns(&self) -> u128 {
        self.0.sum_ns()
    }
}

/// Gaps between arrivals and demands of an M/M/1 at nine tenths of what it can do.
fn gaps_and_demands() -> (Delays, Delays) {
    (Delays::new(|chance| chance.exponential(1.0 / 0.9)), {
        let mut delays = Delays::exponential();
        delays.drawn.reverse();
        delays
    })
}

#[derive(Clone, Copy)]
enum Customer {
    Arrives,
    Departs,
}

/// One server, first come, first served, as a model of the engine.
struct Queue<K> {
    gaps: Delays,
    demands: Delays,
    present: VecDeque<Time>,
    arrived: u64,
    kept: K,
}

impl<K: Keep> Model for Queue<K> {
    type Event = Customer;

    fn handle(&mut self, now: Time, event: Customer, agenda: &mut Agenda<Customer>) {
        match event {
            Customer::Arrives => {
                self.present.push_back(now);
                if self.present.len() == 1 {
                    agenda.schedule(now + self.demands.next(), Customer::Departs);
                }
                self.arrived += 1;
                if self.arrived < CUSTOMERS {
                    agenda.schedule(now + self.gaps.next(), Customer::Arrives);
                }
            }
            Customer::Departs => {
                let came = self.present.pop_front().expect("who departs was present");
                self.kept.keep(now - came);
                if !self.present.is_empty() {
                    agenda.schedule(now + self.demands.next(), Customer::Departs);
                }
            }
        }
    }
}

fn by_the_engine<K: Keep>() -> u128 {
    let (gaps, demands) = gaps_and_demands();
    let mut queue = Queue { gaps, demands, present: VecDeque::new(), arrived: 0, kept: K::default() };
    let mut agenda = Agenda::new();
    agenda.schedule(Time::ZERO, Customer::Arrives);
    run(&mut queue, &mut agenda, &mut (), Time::MAX, || true);
    queue.kept.sum_ns()
}

/// The same by a loop that does nothing else: the standard heap on one integer of instant, insertion and kind of event.
fn by_hand<K: Keep>() -> u128 {
    let (mut gaps, mut demands) = gaps_and_demands();
    let mut present: VecDeque<Time> = VecDeque::new();
    let (mut arrived, mut kept, mut inserted) = (0, K::default(), 0_u64);
    let mut pending: BinaryHeap<Reverse<u128>> = BinaryHeap::new();
    let mut schedule = |pending: &mut BinaryHeap<Reverse<u128>>, at: Time, departs: bool| {
        inserted += 1;
        pending.push(Reverse(u128::from(at.0) << 64 | u128::from(inserted << 1 | u64::from(departs))));
    };
    schedule(&mut pending, Time::ZERO, false);
    while let Some(Reverse(key)) = pending.pop() {
        let now = Time((key >> 64) as u64);
        if key & 1 == 0 {
            present.push_back(now);
            if present.len() == 1 {
                schedule(&mut pending, now + demands.next(), true);
            }
            arrived += 1;
            if arrived < CUSTOMERS {
                schedule(&mut pending, now + gaps.next(), false);
            }
        } else {
            let came = present.pop_front().expect("who departs was present");
            kept.keep(now - came);
            if !present.is_empty() {
                schedule(&mut pending, now + demands.next(), true);
            }
        }
    }
    kept.sum_ns()
}

/// A million customers, an arrival and a departure each, by the engine and by hand: both do the same to the nanosecond.
fn mm1(c: &mut Criterion) {
    assert_eq!(by_the_engine::<Tally>(), by_hand::<Tally>());
    let mut group = c.benchmark_group("M/M/1");
    group.throughput(Throughput::Elements(2 * CUSTOMERS)).sample_size(20);
    group.bench_function("mean, by hand", |b| b.iter(by_hand::<Tally>));
    group.bench_function("mean, by the engine", |b| b.iter(by_the_engine::<Tally>));
    group.bench_function("mean and percentiles, by hand", |b| b.iter(by_hand::<WithPercentiles>));
    group.bench_function("mean and percentiles, by the engine", |b| b.iter(by_the_engine::<WithPercentiles>));
    group.finish();
}

/// One job comes and one goes at a processor with so many in it.
fn shared(c: &mut Criterion) {
    let mut group = c.benchmark_group("processor sharing");
    group.throughput(Throughput::Elements(1));
    for present in [2_u64, 100, 10_000] {
        let scaling = Scaling { cores: 2, contention: 0.0, coherency: 0.0 };
        let mut chance = Key::new(1, 0, Purpose::Session, "shared").stream();
        let mut station = ProcessorSharing::new(scaling);
        for job in 0..present {
            station.arrive(Time::ZERO, job, Time::from_secs_f64(chance.exponential(1.0)));
        }
        group.bench_function(format!("{present} present"), |b| {
            b.iter(|| {
                let now = station.next_departure().expect("as many come as go");
                let job = station.pop_departed(now).expect("it was announced");
                station.arrive(now, black_box(job), Time::from_secs_f64(chance.exponential(1.0)));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, hold, mm1, shared);
criterion_main!(benches);
