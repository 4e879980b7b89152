//! The fast stations beside the slow obvious ones, and what must hold for any history.

use super::history::{Act, LAWS, invent, live, residence, work};
use super::slow::{SlowFcfs, SlowSharing, SlowSlots};
use super::{Counts, Fcfs, Link, ProcessorSharing, Scaling, Slots};
use crate::engine::testing::SplitMix64;
use crate::units::{Bandwidth, Time};

const LOADS: [f64; 4] = [0.3, 0.6, 0.9, 1.2];
const CORES: [u32; 4] = [1, 2, 4, 16];

fn assert_same(fast: &[Time], slow: &[Time], tolerance: u64, what: &str) {
    assert_eq!(fast.len(), slow.len());
    for (job, (fast, slow)) in fast.iter().zip(slow).enumerate() {
        assert!(fast.0.abs_diff(slow.0) <= tolerance, "{what}: job {job} leaves at {} ns, not {} ns", fast.0, slow.0);
    }
}

#[test]
fn processor_sharing_lets_jobs_go_when_the_obvious_one_does() {
    let mut seed = 0;
    for cores in CORES {
        for (contention, coherency) in [(0.0, 0.0), (0.06, 0.003)] {
            let scaling = Scaling { cores, contention, coherency };
            for load in LOADS {
                for law in LAWS {
                    seed += 1;
                    let (disturbed, departures_first) = (seed % 3 == 0, seed % 2 == 0);
                    let rate = load * scaling.total(cores);
                    let acts = invent(&mut SplitMix64(seed), law, 3_000, rate, disturbed);
                    let (mut fast, mut slow) = (ProcessorSharing::new(scaling), SlowSharing::new(scaling));
                    let (fast_left, end) = live(&mut fast, &acts, departures_first);
                    let (slow_left, _) = live(&mut slow, &acts, departures_first);
                    let what = format!("seed {seed}, {scaling:?}, load {load}, {law:?}, disturbed {disturbed}");
                    assert_same(&fast_left, &slow_left, 1, &what);
                    assert_eq!(fast.number_integral(end), residence(&acts, &fast_left), "{what}");
                    let counts = fast.counts();
                    assert_eq!((counts.arrivals, counts.departures + counts.removals), (3_000, 3_000), "{what}");
                    if !disturbed {
                        // Rounded up: each job may be served for less than a nanosecond longer than it needs.
                        let (busy, work) = (fast.busy(end), work(&acts));
                        let dust = 1 + work / 1_000_000_000;
                        assert!(busy + dust >= work && busy <= work + 3_000 + dust, "{what}: {busy} for {work}");
                    }
                }
            }
        }
    }
}

#[test]
fn first_come_first_served_lets_jobs_go_exactly_when_the_obvious_one_does() {
    let mut seed = 1_000;
    for servers in CORES {
        for load in LOADS {
            for law in LAWS {
                seed += 1;
                let (disturbed, departures_first) = (seed % 3 == 0, seed % 2 == 0);
                let acts = invent(&mut SplitMix64(seed), law, 3_000, load * f64::from(servers), disturbed);
                let (mut fast, mut slow) = (Fcfs::new(servers), SlowFcfs::new(servers));
                let (fast_left, end) = live(&mut fast, &acts, departures_first);
                let (slow_left, _) = live(&mut slow, &acts, departures_first);
                let what = format!("seed {seed}, {servers} servers, load {load}, {law:?}, disturbed {disturbed}");
                assert_same(&fast_left, &slow_left, 0, &what);
                assert_eq!(fast.number_integral(end), residence(&acts, &fast_left), "{what}");
                assert_eq!(fast.number_integral(end), slow.number_integral, "{what}");
                assert!(disturbed || fast.busy(end) == work(&acts), "{what}");
            }
        }
    }
}

#[test]
fn a_link_ends_its_transfers_when_the_obvious_one_does() {
    for (seed, load) in (2_000..).zip(LOADS) {
        for law in LAWS {
            let acts = invent(&mut SplitMix64(seed), law, 3_000, load, seed % 2 == 0);
            let (mut fast, mut slow) = (Link::new(Bandwidth(1e9)), SlowSharing::new(Scaling::linear(1)));
            let (fast_left, end) = live(&mut fast, &acts, true);
            let (slow_left, _) = live(&mut slow, &acts, true);
            let what = format!("seed {seed}, load {load}, {law:?}");
            assert_same(&fast_left, &slow_left, 1, &what);
            assert_eq!(fast.number_integral(end), residence(&acts, &fast_left), "{what}");
            let gone = fast.counts().removals;
            assert!(gone > 0 || u128::from(fast.carried().0) == work(&acts), "{what}");
        }
    }
}

#[test]
fn slots_are_handed_on_as_by_the_obvious_ones() {
    for seed in 3_000..3_040 {
        let mut random = SplitMix64(seed);
        let (slots, limit) = (1 + random.below(6) as usize, random.below(8) as usize);
        let (mut fast, mut slow) = (Slots::new(slots, Some(limit)), SlowSlots::new(slots, limit));
        let (mut now, mut refused) = (Time::ZERO, 0);
        for job in 0..10_000 {
            now += Time(random.below(3));
            match random.below(5) {
                0 | 1 if !slow.holders.is_empty() => {
                    let holder = random.below(slow.holders.len() as u64) as usize;
                    assert_eq!(fast.release(now), slow.release(now, holder), "seed {seed}, job {job}");
                }
                2 if !slow.line.is_empty() => {
                    let waiting = slow.line[random.below(slow.line.len() as u64) as usize];
                    assert_eq!(fast.cancel_waiting(now, waiting), slow.cancel_waiting(now, waiting), "seed {seed}");
                }
                _ => {
                    let grant = slow.acquire(now, job);
                    refused += u64::from(grant == super::Grant::Refused);
                    assert_eq!(fast.acquire(now, job), grant, "seed {seed}, job {job}");
                }
            }
            assert_eq!((fast.held(), fast.waiting()), (slow.holders.len(), slow.line.len()), "seed {seed}");
        }
        slow.end(now);
        assert_eq!((fast.held_integral(now), fast.waiting_integral(now)), (slow.held_integral, slow.waiting_integral));
        assert_eq!(fast.refused(), refused);
    }
}

#[test]
fn work_without_any_demand_leaves_at_once() {
    let mut cpu = ProcessorSharing::new(Scaling::linear(1));
    cpu.arrive(Time(3), 'a', Time(1_000));
    cpu.arrive(Time(3), 'b', Time::ZERO);
    cpu.arrive(Time(3), 'c', Time::ZERO);
    assert_eq!(cpu.next_departure(), Some(Time(3)));
    assert_eq!([(); 3].map(|()| cpu.pop_departed(Time(3))), [Some('b'), Some('c'), None]);
    assert_eq!(cpu.next_departure(), Some(Time(1_003)));
}

#[test]
fn three_jobs_on_two_cores_get_two_thirds_each() {
    let mut cpu = ProcessorSharing::new(Scaling::linear(2));
    for job in 0..3 {
        cpu.arrive(Time::ZERO, job, Time(100));
    }
    assert_eq!(cpu.next_departure(), Some(Time(150)));
    assert_eq!([(); 4].map(|()| cpu.pop_departed(Time(150))), [Some(0), Some(1), Some(2), None]);
    assert_eq!((cpu.busy(Time(1_000)), cpu.number_integral(Time(1_000))), (300, 450));
}

#[test]
fn a_frozen_station_waits_and_goes_on_where_it_was() {
    let mut cpu = ProcessorSharing::new(Scaling::linear(1));
    cpu.arrive(Time::ZERO, 'a', Time(1_000));
    cpu.set_rate(Time(400), 0.0);
    assert_eq!(cpu.next_departure(), None);
    cpu.arrive(Time(450), 'b', Time::ZERO);
    assert_eq!(cpu.next_departure(), Some(Time(450)));
    assert_eq!((cpu.pop_departed(Time(450)), cpu.pop_departed(Time(450))), (Some('b'), None));
    cpu.set_rate(Time(2_000), 0.5);
    assert_eq!(cpu.next_departure(), Some(Time(3_200)));
}

#[test]
fn an_hour_of_work_in_a_busy_day_ends_on_the_nanosecond() {
    let mut cpu = ProcessorSharing::new(Scaling::linear(1));
    let hour = Time::from_secs(3_600);
    cpu.arrive(Time::ZERO, u32::MAX, hour);
    // A second job at every instant: the hour takes two. The odd length leaves halves of nanoseconds behind.
    let (mut now, mut job) = (Time::ZERO, 0);
    loop {
        cpu.arrive(now, job, Time(1_000_003));
        now = cpu.next_departure().unwrap();
        let left = cpu.pop_departed(now).unwrap();
        if left == u32::MAX {
            break;
        }
        job += 1;
    }
    assert_eq!(now, hour * 2);
}

#[test]
fn a_reset_forgets_the_past_and_keeps_the_jobs() {
    let mut cpu = ProcessorSharing::new(Scaling::linear(1));
    cpu.arrive(Time::ZERO, 1, Time(100));
    cpu.arrive(Time::ZERO, 2, Time(100));
    cpu.reset_statistics(Time(50));
    let end = cpu.next_departure().unwrap();
    while cpu.pop_departed(end).is_some() {}
    assert_eq!(end, Time(200));
    assert_eq!(cpu.counts(), Counts { arrivals: 0, departures: 2, removals: 0 });
    assert_eq!((cpu.busy(end), cpu.number_integral(end)), (150, 300));
}

#[test]
fn a_removed_job_frees_its_server_for_the_next_in_line() {
    let mut disk = Fcfs::new(1);
    for job in 0..3 {
        disk.arrive(Time::ZERO, job, Time(100));
    }
    assert!(disk.remove(Time(10), 1));
    assert!(disk.remove(Time(20), 0) && !disk.remove(Time(20), 0));
    assert_eq!(disk.next_departure(), Some(Time(120)));
    assert_eq!(disk.pop_departed(Time(119)), None);
    assert_eq!(disk.pop_departed(Time(120)), Some(2));
    assert_eq!(disk.counts(), Counts { arrivals: 3, departures: 1, removals: 2 });
}

#[test]
fn histories_contain_what_they_promise() {
    let acts = invent(&mut SplitMix64(3), LAWS[1], 1_000, 0.9, true);
    let zero = acts.iter().filter(|act| matches!(act.1, Act::Arrive(_, Time::ZERO))).count();
    let ties = acts.windows(2).filter(|pair| pair[0].0 == pair[1].0).count();
    let removals = acts.iter().filter(|act| matches!(act.1, Act::Remove(_))).count();
    assert!(zero > 100 && ties > 100 && removals > 50, "{zero} without demand, {ties} ties, {removals} removals");
}
