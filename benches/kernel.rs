//! The kernel alone: an agenda that holds its number of events, and a processor that is shared.

#![allow(missing_docs, reason = "criterion's macros write public items")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mxplan::engine::{Agenda, ProcessorSharing, Scaling};
use mxplan::random::{Key, Purpose};
use mxplan::units::Time;
use std::hint::black_box;

/// Each step takes the next event out and enters one more, an exponential time later (the hold model of Vaucher and Duval
/// 1975): the number that is pending stays.
fn hold(c: &mut Criterion) {
    let mut group = c.benchmark_group("hold");
    group.throughput(Throughput::Elements(1));
    for pending in [100_u64, 10_000, 1_000_000] {
        let mut chance = Key::new(1, 0, Purpose::Arrival, "hold").stream();
        let mut agenda: Agenda<u64> = Agenda::new();
        for event in 0..pending {
            agenda.schedule(Time::from_secs_f64(chance.exponential(1.0)), event);
        }
        group.bench_function(format!("{pending} pending"), |b| {
            b.iter(|| {
                let (now, event) = agenda.pop().expect("as many are entered as are taken out");
                agenda.schedule(now + Time::from_secs_f64(chance.exponential(1.0)), black_box(event));
            });
        });
    }
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

criterion_group!(benches, hold, shared);
criterion_main!(benches);
