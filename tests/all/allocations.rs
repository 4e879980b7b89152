//! No memory is asked for by an event in the steady state.

#![allow(unsafe_code, reason = "an allocator that counts can't be written without")]

use crate::support::scenario;
use mxplan::cluster::World;
use mxplan::engine::{Agenda, run};
use mxplan::units::Time;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: everything is handed on to the system's allocator as it came; a counter of plain integers does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Allocations of this thread while the scenario goes from `from` on for a while, and the events in that time.
fn allocations(file: &str, options: &[&str], from: Time) -> (u64, u64) {
    let scenario = scenario(file, options);
    let mut agenda = Agenda::new();
    let mut world = World::new(&scenario, 0, Time::ZERO, &mut agenda);
    run(&mut world, &mut agenda, &mut (), from, || true);
    let (before, events) = (ALLOCATIONS.with(Cell::get), agenda.popped());
    run(&mut world, &mut agenda, &mut (), from + Time::from_secs(600), || true);
    (ALLOCATIONS.with(Cell::get) - before, agenda.popped() - events)
}

#[test]
fn the_steady_state_allocates_nothing() {
    // Long enough before that the busiest moment has been, with this seed; after it every structure has its size.
    let behind =
        ["tier.store.write_back=true", "tier.store.write_back_limit=2", "service.mail.operation.put.store_fsyncs=1"];
    let together = [
        "tier.store.group_commit=true",
        "service.mail.operation.put.store_fsyncs=4",
        "tier.front.cpu_quota=0.9",
        "arrivals.store.rate=40 /s",
    ];
    for (file, options, from) in [
        ("theory/mm1-ps.toml", &[][..], 4_000),
        ("regional-isp.toml", &[], 12_000),
        ("theory/network.toml", &[], 4_000),
        ("theory/network.toml", &behind, 4_000),
        ("theory/network.toml", &together, 4_000),
    ] {
        let (allocations, events) = allocations(file, options, Time::from_secs(from));
        assert!(events > 50_000, "{file}: {events} events show little");
        assert_eq!(allocations, 0, "{file}: in {events} events");
    }
}

#[test]
fn the_counter_counts() {
    let before = ALLOCATIONS.with(Cell::get);
    drop(std::hint::black_box(vec![1_u8; 1_000]));
    assert!(ALLOCATIONS.with(Cell::get) > before);
}
