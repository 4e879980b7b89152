//! The built-in profiles say what their sources say.

use crate::support::{resolve, run};
use mxplan::scenario::{Messages, Scenario, StoreTransfer, Stream};

const USERS: f64 = 10_000.0;

fn with(profile: &str, window: &str) -> Scenario {
    let text = format!(
        r#"
format = 1
name = "{profile}"
[time]
window = "{window}"
[population.people]
users = 10_000
profile = "{profile}"
[cluster]
configuration = "stand-alone"
[node.primary]
tier = "epyc-9654"
"#
    );
    resolve("profile.toml", &text, &[])
}

/// Executions of the operations that `counts` picks, for a user on an average day.
fn per_day(scenario: &Scenario, counts: fn(&mxplan::scenario::Operation) -> bool, of: fn(&Stream) -> bool) -> f64 {
    let mut total = 0.0;
    for stream in scenario.streams.iter().filter(|stream| of(stream)) {
        for (place, index) in stream.operations.iter().enumerate() {
            let operation = &scenario.operations[*index];
            if counts(operation) {
                total += stream.per_day * stream.executions(place, operation);
            }
        }
    }
    total / USERS
}

#[test]
fn people_send_and_receive_as_much_as_the_sources_say() {
    // Messages sent, copies received, and the mean size in KB.
    for (profile, sent, received, size) in [
        ("pop-isp-2003", 2.0, 4.0, 24.5),
        ("all-services-2004", 2.0, 4.0, 24.5),
        ("corporate-imap-2010", 20.0, 80.0, 75.3),
        ("imap-mobile", 30.0, 120.0, 186.9),
        ("webmail", 3.0, 20.1, 49.5),
    ] {
        let scenario = with(profile, "week");
        let is_sent = |stream: &Stream| stream.name.contains("submission") || stream.name.contains("compose");
        let takes = |o: &mxplan::scenario::Operation| o.name == "accept" || o.name == "send";
        let deposits = |o: &mxplan::scenario::Operation| {
            o.store_transfer == StoreTransfer::Save && o.messages == Messages::Local && !o.client_waits
        };
        let near = |what: &str, is: f64, says: f64, part: f64| {
            assert!((is / says - 1.0).abs() < part, "{profile}: {is} {what}, {says} by its sources");
        };
        near("sent", per_day(&scenario, takes, is_sent), sent, 1e-9);
        near("received", per_day(&scenario, deposits, |_| true), received, 5e-3);
        near("KB", scenario.streams[0].size.mean() / 1_000.0, size, 5e-3);
    }
}

#[test]
fn open_connections_follow_from_their_length() {
    // Little: 53.3 sessions a day for 20 min, and 7.5 for 8 h.
    for (profile, open) in [("corporate-imap-2010", 53.3 / 72.0), ("imap-mobile", 7.5 / 3.0)] {
        let scenario = with(profile, "week");
        let (connect, standing) = scenario.streams.iter().find_map(|s| s.standing.map(|held| (s, held))).unwrap();
        let visits = &scenario.streams[standing.visits.unwrap()];
        let mean = visits.mean_per_s / standing.visits_per_s / USERS;
        assert!((mean / open - 1.0).abs() < 1e-6, "{profile}: {mean} open connections for each user, not {open}");
        assert!((connect.mean_per_s - standing.leaves_per_s * mean * USERS).abs() < 1e-6, "as many come as go");
    }
    // In the busiest hour SPECmail2009 has 4.8 sessions for each user; the hour that is busiest with the visits has a
    // little less than the 9 % of the day.
    let peak = with("corporate-imap-2010", "week");
    let imap = peak.streams.iter().find(|stream| stream.standing.is_some()).unwrap();
    let sessions = imap.hours_per_s.iter().copied().fold(0.0, f64::max) * 3_600.0 / USERS;
    assert!((sessions / 4.8 - 1.0).abs() < 1e-2, "{sessions}");
}

#[test]
fn every_profile_is_simulated_and_its_mail_is_found() {
    for profile in ["all-services-2004", "corporate-imap-2010", "imap-mobile", "webmail"] {
        let scenario = with(profile, "900 s");
        let summary = run(&scenario, 2);
        for (name, service) in &summary.services {
            let called = profile == "webmail" && name == "imap";
            assert!(called || service.served > 0 || service.offered < 10, "{profile}: nobody used {name}");
            for (operation, done) in &service.operations {
                assert!(done.done > 0 || service.offered < 1_000, "{profile}: {name}/{operation} is never done");
            }
        }
    }
}
