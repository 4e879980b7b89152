//! The curve of the day and of the week: each hour has its share, and the planner's peak hour is one of them.

use crate::support::{resolve, run, scenario};
use mxplan::analytic::{Resource, offered, offered_on_average};
use mxplan::experiment::{Control, Execution, Rule, replicate};
use mxplan::scenario::Scenario;

const PROFILE: &str = include_str!("../../scenarios/profiles/pop-isp-2003.toml");

/// Sessions of all services that began in each hour, over `replications`.
fn sessions_by_hour(scenario: &Scenario, replications: u64) -> Vec<u64> {
    let run = replicate(scenario, Rule::Count(replications), &Control::default(), Execution::InOrder).unwrap();
    let hours = run.records[0].observed.minutes.len() / 60;
    let count = |hour: usize| {
        let minutes = run.records.iter().flat_map(|record| &record.observed.minutes[hour * 60..(hour + 1) * 60]);
        minutes.flat_map(|minute| &minute.services).map(|(began, _, _)| began).sum()
    };
    (0..hours).map(count).collect()
}

/// Each count is Poisson with the mean that the curve gives: within 4.5 standard deviations, of which none of a few
/// hundred is outside by chance in a thousand such tests.
fn assert_poisson(counts: &[u64], expected: impl Fn(usize) -> f64) {
    for (hour, count) in counts.iter().enumerate() {
        let mean = expected(hour);
        let distance = (*count as f64 - mean) / mean.sqrt();
        assert!(distance.abs() < 4.5, "hour {hour}: {count} sessions, {mean:.0} expected");
    }
}

#[test]
fn every_hour_of_a_day_has_its_share_of_the_sessions() {
    let scenario = scenario("regional-isp.toml", &["time.window=day"]);
    let counts = sessions_by_hour(&scenario, 4);
    // 30 000 users with 2 + 1.8 + 1 + 3 sessions a day, in 4 days; the curve as it stands in the profile.
    let day = 4.0 * 30_000.0 * 7.8;
    let shares = [
        1.5, 0.8, 0.5, 0.3, 0.3, 0.5, 1.0, 2.0, 3.0, 3.7, 4.0, 4.0, 4.0, 4.0, 4.0, 4.5, 5.5, 7.0, 10.0, 13.0, 15.0,
        7.0, 3.0, 1.4,
    ];
    assert_eq!(counts.len(), 24);
    assert_poisson(&counts, |hour| day * shares[hour] / 100.0);
    // Power: the whole day is known to a thousandth.
    let total = counts.iter().sum::<u64>() as f64;
    assert!((total / day - 1.0).abs() < 4.5 / day.sqrt(), "{total} of {day}");
}

#[test]
fn the_peak_hour_and_the_mean_of_a_day_are_both_computed() {
    let day = scenario("regional-isp.toml", &["time.window=day"]);
    let hour = scenario("regional-isp.toml", &[]);
    assert_eq!(offered(&day), offered(&hour));
    let cpu = offered_on_average(&day).station(0, Resource::Cpu).unwrap().utilisation;
    assert!(cpu < offered(&day).station(0, Resource::Cpu).unwrap().utilisation);
    let measured = run(&day, 4).nodes["primary-1"].cpu_ratio;
    let (low, high) = (measured.low.unwrap(), measured.high.unwrap());
    assert!((low - 0.001..high + 0.001).contains(&cpu), "{cpu} is not in {low} to {high}");
}

/// The regional ISP with a profile of its own, whose weekdays differ.
fn with_week(week: &str, options: &[&str]) -> Result<Scenario, String> {
    let folder = tempfile::tempdir().unwrap();
    let profile = PROFILE.replace("[size] ", &format!("week = {week}\n\n[size] "));
    std::fs::write(folder.path().join("mine.toml"), profile).unwrap();
    let path = folder.path().join("x.toml").display().to_string();
    let text = include_str!("../../scenarios/regional-isp.toml").replace("\"pop-isp-2003\"", "\"mine.toml\"");
    let options: Vec<mxplan::scenario::Override> = options.iter().map(|option| option.parse().unwrap()).collect();
    mxplan::scenario::load(&path, &text, &options, &mxplan::scenario::Hardware::built_in()).map_err(|e| e.to_string())
}

#[test]
fn a_monday_is_busier_than_a_sunday() {
    let week = [1.6, 1.2, 1.1, 1.1, 1.0, 0.6, 0.4];
    let scenario = with_week(&format!("{week:?}"), &["time.window=week", "population.subscribers.users=3000"]).unwrap();
    let counts = sessions_by_hour(&scenario, 2);
    let days: Vec<u64> = counts.chunks(24).map(|hours| hours.iter().sum()).collect();
    assert_poisson(&days, |day| 2.0 * 3_000.0 * 7.8 * week[day]);
    // The peak hour is Monday's.
    let flat = resolve(
        "regional-isp.toml",
        include_str!("../../scenarios/regional-isp.toml"),
        &["population.subscribers.users=3000"],
    );
    assert!((scenario.streams[0].rate_per_s / flat.streams[0].rate_per_s - 1.6).abs() < 1e-9);
}

#[test]
fn curves_that_are_none_are_refused_with_their_place() {
    let error = with_week("[1.0, 1.0]", &[]).unwrap_err();
    assert!(error.contains("`week` has 2 days") && error.contains("mine.toml:"), "{error}");
    let error = with_week("[2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]", &[]).unwrap_err();
    assert!(error.contains("write 7 with a mean of 1"), "{error}");
}
