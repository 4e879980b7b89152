//! The M/M/1 by a loop that does nothing else: the standard heap on one integer of instant, insertion and kind of event.

use peers::{Chance, Responses, answer, arguments};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Instant;

fn main() {
    let (seed, customers) = arguments();
    let began = Instant::now();
    let (mut gaps, mut demands) = (Chance::new(seed, 0), Chance::new(seed, 1));
    let (mut present, mut kept): (VecDeque<u64>, _) = (VecDeque::new(), Responses::default());
    let mut pending: BinaryHeap<Reverse<u128>> = BinaryHeap::new();
    let (mut inserted, mut arrived, mut events) = (0_u64, 0, 0);
    let mut schedule = |pending: &mut BinaryHeap<Reverse<u128>>, at: u64, departs: bool| {
        inserted += 1;
        pending.push(Reverse(u128::from(at) << 64 | u128::from(inserted << 1 | u64::from(departs))));
    };
    schedule(&mut pending, 0, false);
    while let Some(Reverse(key)) = pending.pop() {
        let now = (key >> 64) as u64;
        events += 1;
        if key & 1 == 0 {
            present.push_back(now);
            if present.len() == 1 {
                schedule(&mut pending, now + demands.exponential_ns(1.0), true);
            }
            arrived += 1;
            if arrived < customers {
                schedule(&mut pending, now + gaps.exponential_ns(1.0 / 0.9), false);
            }
        } else {
            kept.record(now - present.pop_front().expect("who departs was present"));
            if !present.is_empty() {
                schedule(&mut pending, now + demands.exponential_ns(1.0), true);
            }
        }
    }
    answer(began, events, &[("customer", &kept)]);
}
