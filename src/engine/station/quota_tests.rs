//! The processor with a budget beside the slow obvious one, and what must hold for any history.

use super::history::{LAWS, invent, live, residence, work};
use super::slow_quota::SlowQuota;
use super::warming::Warming;
use super::{Budget, Quota, Scaling};
use crate::engine::testing::SplitMix64;
use crate::units::Time;

/// A budget of `cores` for a period of so many mean demands, and long enough that a nanosecond is a small part of it, which keeps
/// so many budgets that are not used.
fn budget(cores: f64, mean: f64, periods: f64, kept: f64) -> Budget {
    let period = Time(((periods * mean).ceil() as u64).max(1_000));
    Budget::of_cores(cores, period, Time((kept * cores * period.0 as f64) as u64))
}

#[test]
fn jobs_leave_when_they_leave_the_obvious_one() {
    let mut seed = 5_000;
    for cores in [1, 2, 4, 16] {
        for (share, periods) in [(0.1, 0.7), (0.4, 5.0), (0.9, 0.3), (1.0, 2.0)] {
            for (shared, contention) in [(true, 0.0), (true, 0.06), (false, 0.0)] {
                for law in LAWS {
                    seed += 1;
                    let (disturbed, departures_first) = (seed % 3 == 0, seed % 2 == 0);
                    let scaling = Scaling { cores, contention, coherency: 0.0 };
                    let quota = share * f64::from(cores);
                    let kept = [0.0, 0.0, 0.3, 4.0][seed as usize % 4];
                    let mut budget = budget(quota, law.mean(), periods, kept);
                    let lost = [0.0, 0.02, 0.2, 0.0, 0.001][seed as usize % 5];
                    let lost_of_period = Time((lost * share * budget.period.0 as f64) as u64);
                    let spread = [1, 1, 3][seed as usize % 3];
                    budget.warming = Warming::new(lost_of_period, Time(lost_of_period.0 * spread));
                    let load = [0.3, 0.8, 1.1][seed as usize % 3] * (1.0 - lost);
                    let capacity = scaling.total(cores) * budget.core_ns as f64 / budget.period.0 as f64;
                    let rate = load * capacity / f64::from(cores);
                    let acts = invent(&mut SplitMix64(seed), law, 500, rate, disturbed);
                    let mut fast = match shared {
                        true => Quota::shared(scaling, budget),
                        false => Quota::in_order(cores, budget),
                    };
                    let mut slow = SlowQuota::new(scaling, shared, budget);
                    let (fast_left, end) = live(&mut fast, &acts, departures_first);
                    let (slow_left, _) = live(&mut slow, &acts, departures_first);
                    let what = format!("seed {seed}, {scaling:?}, {budget:?}, load {load}, {law:?}, shared {shared}");
                    for (job, (fast, slow)) in fast_left.iter().zip(&slow_left).enumerate() {
                        let apart = fast.0.abs_diff(slow.0);
                        assert!(apart <= u64::from(shared), "{what}: job {job} leaves at {} not {}", fast.0, slow.0);
                    }
                    assert_eq!(fast.number_integral(end), residence(&acts, &fast_left), "{what}");
                    let counts = fast.counts();
                    assert_eq!((counts.arrivals, counts.departures + counts.removals), (500, 500), "{what}");
                    if !disturbed {
                        let (busy, work) = (fast.busy(end) - fast.lost(end), work(&acts));
                        let dust = 1 + work / 1_000_000_000;
                        assert!(busy + dust >= work && busy <= work + 500 + dust, "{what}: {busy} for {work}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_full_budget_is_the_station_without_one() {
    use super::{Fcfs, ProcessorSharing};
    for (seed, law) in (6_000..).zip(LAWS) {
        let budget = budget(4.0, law.mean(), 3.0, 0.0);
        let acts = invent(&mut SplitMix64(seed), law, 2_000, 3.6, seed % 2 == 0);
        let (mut bound, mut free) = (Quota::in_order(4, budget), Fcfs::new(4));
        assert_eq!(live(&mut bound, &acts, true), live(&mut free, &acts, true), "{law:?} in order");
        let acts = invent(&mut SplitMix64(seed), law, 2_000, 3.6, false);
        let scaling = Scaling::linear(4);
        let (mut bound, mut free) = (Quota::shared(scaling, budget), ProcessorSharing::new(scaling));
        assert_eq!(live(&mut bound, &acts, true), live(&mut free, &acts, true), "{law:?} shared");
    }
}

#[test]
fn a_short_job_has_the_whole_machine_and_a_long_one_its_share() {
    // A quarter of one core: 25 ms in each 100 ms. 5 ms take 5 ms; 60 ms take two periods and 10 ms.
    let ms = Time::from_millis;
    let mut cpu = Quota::shared(Scaling::linear(1), Budget::of_cores(0.25, ms(100), Time::ZERO));
    cpu.arrive(ms(200), 's', ms(5));
    assert_eq!(cpu.next_departure(), Some(ms(205)));
    assert_eq!(cpu.pop_departed(ms(205)), Some('s'));
    cpu.arrive(ms(300), 'l', ms(60));
    assert_eq!(cpu.next_departure(), Some(ms(400)), "then the next budget decides");
    assert_eq!(cpu.pop_departed(ms(400)), None);
    assert_eq!((cpu.busy(ms(400)), cpu.busy(ms(410))), (u128::from(ms(30).0), u128::from(ms(40).0)));
    assert_eq!(cpu.next_departure(), Some(ms(500)));
    assert_eq!(cpu.pop_departed(ms(500)), None);
    assert_eq!(cpu.next_departure(), Some(ms(510)));
    assert_eq!((cpu.backlog(ms(505)), cpu.pop_departed(ms(510))), (5e6, Some('l')));
}

#[test]
fn a_stop_costs_what_it_takes_to_go_on() {
    // 25 ms in each 100 ms, of which 5 ms are lost after a stop.
    let ms = Time::from_millis;
    let budget = Budget { warming: Warming::new(ms(5), ms(5)), ..Budget::of_cores(0.25, ms(100), Time::ZERO) };
    let mut cpu = Quota::shared(Scaling::linear(1), budget);
    cpu.arrive(ms(200), 'l', ms(60));
    assert_eq!(cpu.next_departure(), Some(ms(300)));
    // 25 ms are done, then 20 in each period.
    assert_eq!((cpu.pop_departed(ms(400)), cpu.backlog(ms(400)), cpu.lost(ms(400))), (None, 15e6, 5_000_000));
    assert_eq!((cpu.busy(ms(402)), cpu.backlog(ms(402)), cpu.backlog(ms(405))), (52_000_000, 15e6, 15e6));
    assert_eq!(cpu.next_departure(), Some(ms(420)));
    // Nobody is kept who needs nothing.
    cpu.arrive(ms(402), 'n', Time::ZERO);
    assert_eq!((cpu.next_departure(), cpu.pop_departed(ms(402))), (Some(ms(402)), Some('n')));
    assert_eq!((cpu.pop_departed(ms(420)), cpu.busy(ms(420)), cpu.lost(ms(420))), (Some('l'), 70_000_000, 10_000_000));
    // Whoever was not stopped loses nothing, and nor does who is done when the budget is.
    cpu.arrive(ms(500), 's', ms(25));
    assert_eq!((cpu.pop_departed(ms(525)), cpu.lost(ms(600))), (Some('s'), 10_000_000));
    cpu.arrive(ms(600), 't', ms(10));
    assert_eq!((cpu.next_departure(), cpu.pop_departed(ms(610))), (Some(ms(610)), Some('t')));
    cpu.reset_statistics(ms(700));
    assert_eq!((cpu.busy(ms(700)), cpu.lost(ms(700))), (0, 0));
}

#[test]
fn what_a_stop_costs_may_be_spread() {
    // 25 ms in each 100 ms, of which 5 ms are lost in the first 50 ms after a stop: a tenth of two periods.
    let ms = Time::from_millis;
    let budget = Budget { warming: Warming::new(ms(5), ms(50)), ..Budget::of_cores(0.25, ms(100), Time::ZERO) };
    let mut cpu = Quota::shared(Scaling::linear(1), budget);
    cpu.arrive(ms(200), 'l', ms(52));
    assert_eq!(cpu.pop_departed(ms(300)), None);
    // Each period has a stop, after which it begins anew: 22.5 ms are done, and then the rest at the same nine tenths.
    assert_eq!((cpu.pop_departed(ms(400)), cpu.backlog(ms(400)), cpu.lost(ms(400))), (None, 4.5e6, 2_500_000));
    assert_eq!((cpu.next_departure(), cpu.pop_departed(ms(405))), (Some(ms(405)), Some('l')));
    assert_eq!((cpu.busy(ms(405)), cpu.lost(ms(405))), (55_000_000, 3_000_000));
    // Without a stop since, it is warm after the rest of those 50 ms.
    for (at, demand, leaves) in [(500, 18, 520.0), (600, 18, 620.0), (700, 5, 705.5)] {
        let leaves = Time::from_secs_f64(leaves / 1e3);
        cpu.arrive(ms(at), 's', ms(demand));
        assert_eq!((cpu.next_departure(), cpu.pop_departed(leaves)), (Some(leaves), Some('s')));
    }
    assert_eq!(cpu.lost(ms(706)), 7_500_000);
}

#[test]
fn what_was_not_used_is_there_later_up_to_a_limit() {
    // 25 ms in each 100 ms, of which up to 10 ms are kept.
    let ms = Time::from_millis;
    let mut cpu = Quota::shared(Scaling::linear(1), Budget::of_cores(0.25, ms(100), ms(10)));
    cpu.arrive(ms(300), 'a', ms(60));
    assert_eq!(cpu.busy(ms(400)), u128::from(ms(35).0));
    assert_eq!((cpu.pop_departed(ms(425)), cpu.busy(ms(450))), (Some('a'), u128::from(ms(60).0)));
    // All of it was used up; then 20 ms are left of one period, and 10 of them in the next.
    cpu.arrive(ms(500), 'b', ms(5));
    assert_eq!(cpu.pop_departed(ms(505)), Some('b'));
    cpu.arrive(ms(600), 'c', ms(80));
    assert_eq!((cpu.busy(ms(700)), cpu.busy(ms(800))), (u128::from(ms(100).0), u128::from(ms(125).0)));
}

#[test]
fn no_period_has_more_core_time_than_its_budget() {
    let (budget, mut random) =
        (Budget { core_ns: 700, period: Time(1_000), burst_ns: 0, warming: Warming::NONE }, SplitMix64(7_000));
    let mut cpu = Quota::in_order(3, budget);
    let (mut before, mut most) = (0, 0);
    for period in 1..20_000 {
        let began = Time(1_000 * (period - 1));
        cpu.arrive(began + Time(random.below(500)), period as u32, Time(random.below(1_350)));
        while let Some(at) = cpu.next_departure().filter(|at| at.0 <= 1_000 * period) {
            if cpu.pop_departed(at).is_none() && at.0 == 1_000 * period {
                break;
            }
        }
        let busy = cpu.busy(Time(1_000 * period));
        // Three cores stop together: the last nanosecond takes up to two too many, and the next period has them less.
        assert!(busy - before <= 702, "{} in period {period}", busy - before);
        most += usize::from(busy - before >= 698);
        before = busy;
    }
    assert!(most > 5_000, "only {most} periods used their budget up");
}
