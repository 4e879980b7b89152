//! Bursts: for a while sessions come at a multiple of their rate, and the busiest hour knows it.

use crate::support::scenario;
use mxplan::analytic::{offered, offered_on_average};
use mxplan::experiment::{Control, Execution, Rule, replicate};
use mxplan::scenario::Scenario;

const NEWS: &str = "burst={ news = { population = \"subscribers\", session = \"submission\", at = \"600 s\", lasts = \"5 min\", factor = 15 } }";

/// Sessions that began in each minute, by service in the order of their names, over `replications`.
fn minutes(scenario: &Scenario, replications: u64) -> Vec<[u64; 2]> {
    let run = replicate(scenario, Rule::Count(replications), &Control::default(), Execution::InOrder).unwrap();
    let count = |minute: usize, service: usize| {
        run.records.iter().map(|record| record.observed.minutes[minute].services[service].0).sum()
    };
    (0..run.records[0].observed.minutes.len()).map(|minute| [count(minute, 0), count(minute, 1)]).collect()
}

/// Poisson with this mean: within 4.5 standard deviations.
#[track_caller]
fn assert_poisson(what: &str, count: u64, mean: f64) {
    let distance = (count as f64 - mean) / mean.sqrt();
    assert!(distance.abs() < 4.5, "{what}: {count} sessions, {mean:.0} expected");
}

fn rate(scenario: &Scenario, name: &str) -> (f64, f64) {
    let stream = scenario.streams.iter().find(|stream| stream.name.ends_with(name)).unwrap();
    (stream.rate_per_s, stream.mean_rate_per_s())
}

fn near(value: f64, exact: f64) {
    assert!((value / exact - 1.0).abs() < 1e-9, "{value} is not {exact}");
}

#[test]
fn a_burst_multiplies_the_arrivals_of_its_session_while_it_lasts() {
    let options = ["population.subscribers.users=20_000", "time.warm_up=90 s", NEWS];
    let scenario = scenario("stand-alone.toml", &options);
    // 20 000 users, 15 % of the day in the hour; in minutes 10 to 14 fifteen times the 2 submissions, beside 1.8 from outside.
    let visit = 20_000.0 * 0.15 / 60.0;
    let counts = minutes(&scenario, 20);
    let (mut within, mut before) = (0, 0);
    for (minute, [pop3, smtp]) in counts.iter().enumerate() {
        let factor = if (10..15).contains(&minute) { 15.0 } else { 1.0 };
        assert_poisson(&format!("pop3 in minute {minute}"), *pop3, 20.0 * 4.0 * visit);
        assert_poisson(&format!("smtp in minute {minute}"), *smtp, 20.0 * (2.0 * factor + 1.8) * visit);
        within += if factor > 1.0 { *smtp } else { 0 };
        before += if minute < 10 { *smtp } else { 0 };
    }
    // Power: 159 000 sessions in the burst are known to a hundredth.
    assert_poisson("the burst", within, 100.0 * 31.8 * visit);
    assert_poisson("before it", before, 200.0 * 3.8 * visit);
    assert!(4.5 / (within as f64).sqrt() < 0.02);
}

#[test]
fn the_busiest_hour_has_the_burst_by_its_mean() {
    let options = ["population.subscribers.users=20_000", "time.window=7200 s", NEWS];
    let scenario = scenario("stand-alone.toml", &options);
    let plain = 20_000.0 * 0.15 / 3_600.0;
    let (busiest, mean) = rate(&scenario, "submission");
    near(busiest, 2.0 * plain * (1.0 + 14.0 / 12.0));
    near(mean, 2.0 * plain * (1.0 + 14.0 / 24.0));
    assert_eq!(rate(&scenario, "inbound"), (1.8 * plain, 1.8 * plain));
    let node = |load: mxplan::analytic::Load| load.stations[0].utilisation;
    assert!(node(offered(&scenario)) > 1.1 * node(offered_on_average(&scenario)));
}

#[test]
fn a_burst_at_a_time_of_the_day_comes_every_day_and_may_make_its_hour_the_busiest() {
    let morning = "burst={ news = { population = \"subscribers\", at = \"09:00\", lasts = \"30 min\", factor = 15 } }";
    let options = ["population.subscribers.users=2000", "time.window=week", morning];
    let scenario = scenario("stand-alone.toml", &options);
    // 3.7 % of the day in the hour from nine: half of it fifteen times.
    let day = 2_000.0 * 2.0;
    near(rate(&scenario, "submission").0, day * 0.037 * 8.0 / 3_600.0);
    near(rate(&scenario, "submission").1, day * (1.0 + 0.037 * 7.0) / 86_400.0);
    let counts = minutes(&scenario, 4);
    let smtp: Vec<u64> = counts.iter().map(|[_, smtp]| *smtp).collect();
    for day in 0..7 {
        let half = |from: usize| smtp[day * 1_440 + from..day * 1_440 + from + 30].iter().sum();
        let plain = 4.0 * 2_000.0 * 3.8 * 0.037 / 2.0;
        assert_poisson("half an hour from nine", half(540), 15.0 * plain);
        assert_poisson("the next half", half(570), plain);
    }
    let total: u64 = smtp.iter().sum();
    assert_poisson("the week", total, 4.0 * 7.0 * 2_000.0 * 3.8 * (1.0 + 0.037 * 7.0));
}

#[test]
fn without_bursts_everything_is_as_before() {
    let plain = scenario("stand-alone.toml", &[]);
    let lull = "burst={ a = { population = \"subscribers\", at = \"0 s\", lasts = \"1 s\", factor = 1 } }";
    let neutral = scenario("stand-alone.toml", &[lull]);
    for (one, other) in plain.streams.iter().zip(&neutral.streams) {
        assert!(one.bursts.is_empty() && other.bursts.len() == 1);
        near(one.rate_per_s, other.rate_per_s);
    }
}
