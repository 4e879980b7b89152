//! The mailbox law: visits find what was delivered, and in the long run that is SPEC's occupancy.
//!
//! Each comparison is within three standard errors of the closed form, over replications with a fixed seed.

use crate::support::{resolve, scenario};
use mxplan::analytic::{Resource, offered};
use mxplan::experiment::{Control, Execution, Record, Rule, Summary, replicate, summarise};
use mxplan::scenario::Scenario;
use mxplan::stats::{CONFIDENCE, Estimate, mean_interval, student_t};

const REPLICATIONS: u64 = 20;
/// Of the pools in the order of their names: share of the mailboxes, and mail over visits.
const EAGER: (f64, f64) = (0.075, 0.1);
const QUIET: (f64, f64) = (0.925, 3.7);

fn simulated(scenario: &Scenario) -> (Vec<Record>, Summary) {
    let run = replicate(scenario, Rule::Count(REPLICATIONS), &Control::default(), Execution::InOrder).unwrap();
    let summary = summarise(scenario, &run.records, run.stop_reason);
    (run.records, summary)
}

/// Within three standard errors, which are at most `precision` of the exact value.
#[track_caller]
fn assert_near(what: &str, estimate: Estimate, exact: f64, precision: f64) {
    let (value, half) = (estimate.estimate.unwrap(), estimate.half_width().unwrap());
    let error = half / student_t(REPLICATIONS as usize - 1, 0.5 + CONFIDENCE / 2.0);
    println!("{what}: {value:.5} against {exact:.5}, {:+.2} standard errors of {error:.6}", (value - exact) / error);
    assert!((value - exact).abs() <= 3.0 * error, "{what}: {value} is not {exact} ± 3 · {error}");
    assert!(3.0 * error <= precision * exact, "{what}: an error of {error} shows little of {exact}");
}

fn over_replications(records: &[Record], of: impl Fn(&Record) -> f64) -> Estimate {
    mean_interval(&records.iter().map(of).collect::<Vec<_>>(), CONFIDENCE)
}

/// The share of mailboxes that hold so many messages, as visits see it: they see the time average (Wolff 1982).
fn holding(record: &Record, messages: usize) -> f64 {
    let pools = &record.observed.mailboxes[0];
    let of = |pool: usize| pools[pool].histogram[messages] as f64 / pools[pool].visits as f64;
    EAGER.0 * of(0) + QUIET.0 * of(1)
}

fn geometric(mean: f64, messages: i32) -> f64 {
    (mean / (1.0 + mean)).powi(messages) / (1.0 + mean)
}

/// SPECmail2001's occupancy, from its closed form and as published.
fn assert_occupancy(records: &[Record], summary: &Summary, precision: f64) {
    for (messages, published) in [(0, 26.50), (1, 16.11), (2, 12.25), (3, 9.61), (5, 5.95), (10, 1.80), (20, 0.16)] {
        let exact = EAGER.0 * geometric(EAGER.1, messages) + QUIET.0 * geometric(QUIET.1, messages);
        assert!((exact * 100.0 - published).abs() < 0.0051, "{messages}: {exact} and {published} %");
        let rare = [1.0, 1.5, 12.0][usize::from(messages >= 3) + usize::from(messages >= 10)];
        let share = over_replications(records, |record| holding(record, messages as usize));
        assert_near(&format!("mailboxes with {messages} messages"), share, exact, precision * rare);
    }
    let pool = |name: &str| &summary.mailboxes[&format!("subscribers/{name}")];
    assert_near("a quiet mailbox", pool("quiet").found, QUIET.1, precision);
    assert_near("an eager mailbox", pool("eager").found, EAGER.1, precision);
    let stored = over_replications(records, |record| {
        let of = |pool: usize| {
            let pool = &record.observed.mailboxes[0][pool];
            pool.found as f64 / pool.visits as f64
        };
        EAGER.0 * of(0) + QUIET.0 * of(1)
    });
    assert_near("stored messages", stored, 3.43, precision);
    let empty = over_replications(records, |record| {
        let pools = &record.observed.mailboxes[0];
        let empty: u64 = pools.iter().map(|pool| pool.histogram[0]).sum();
        empty as f64 / pools.iter().map(|pool| pool.visits).sum::<u64>() as f64
    });
    // Published as 75 %, "3 of 4"; the closed form is 73.5 %.
    let exact = (geometric(QUIET.1, 0) + 3.0 * geometric(EAGER.1, 0)) / 4.0;
    assert!((exact - 0.735).abs() < 0.0005);
    assert_near("checks that find nothing", empty, exact, precision);
}

#[test]
fn the_mailboxes_of_a_hundred_thousand_users_are_filled_and_emptied_at_the_published_rates() {
    let large =
        "tier={ large = { cores = 4, speed = 3.0, disks = 10, disk_iops = \"150 /s\", network = \"1 Gbit/s\" } }";
    let options = ["population.subscribers.users=100_000", large, "node.primary.tier=large"];
    let scenario = scenario("stand-alone.toml", &options);
    let (records, summary) = simulated(&scenario);
    assert_occupancy(&records, &summary, 0.02);
    let per_s = |record: &Record, count: u64| count as f64 * 1e9 / record.observed.window_ns as f64;
    let visits = |pool: usize| over_replications(&records, |r| per_s(r, r.observed.mailboxes[0][pool].visits));
    assert_near("initial checks a second", visits(1), 100_000.0 * 0.15 / 3_600.0, 0.02);
    assert_near("repeated checks a second", visits(0), 100_000.0 * 3.0 * 0.15 / 3_600.0, 0.02);
    // Who submits sends nine of ten on, and nobody else does; what comes from outside is the rest.
    let done = |name: &str| {
        let index = scenario.operations.iter().position(|operation| operation.name == name).unwrap();
        over_replications(&records, |r| per_s(r, r.observed.operations[index].response.count()))
    };
    assert_near("submissions a second that go on", done("relay"), 0.9 * 8.3333, 0.02);
    assert_near("sessions a second that bring mail", done("accept"), 8.3333 + 7.5, 0.02);
    assert_near("messages fetched a second", done("retrieve"), 16.667, 0.02);
    assert_near("messages stored a second", done("deposit"), 16.667, 0.02);
    // Bytes on the link: 24.53 KB a message in and out.
    let network = scenario.cluster.nodes[0].tier.network.unwrap().0;
    let bytes = |resource: Resource| {
        over_replications(&records, |r| {
            r.observed.nodes[0].stations[resource as usize].unwrap().utilisation(r.observed.window_ns) * network
        })
    };
    let size = scenario.streams[0].size.mean();
    assert!((size - 24_530.0).abs() < 10.0, "{size}");
    assert_near("bytes a second in", bytes(Resource::LinkIn), 15.8333 * size, 0.05);
    assert_near("bytes a second out", bytes(Resource::LinkOut), 16.667 * size, 0.05);
}

/// A thousand users for four days at the rates of the peak hour: nearly all that is found was delivered in the simulation.
const LONG: [&str; 3] =
    ["population.subscribers.users=1000", "population.subscribers.finite=false", "time.window=100 h"];

#[test]
fn what_was_delivered_in_the_simulation_is_found_as_the_closed_form_says() {
    let (records, summary) = simulated(&scenario("stand-alone.toml", &LONG));
    assert_occupancy(&records, &summary, 0.02);
}

#[test]
fn few_mailboxes_hold_the_same_as_many() {
    // One copy of each message: with so few mailboxes, the copies of one would be seen to come together.
    let single = "service.smtp.operation.deposit.times=per-message";
    let options = [LONG[1], "population.subscribers.users=40", "time.window=2000 h", single];
    let (records, summary) = simulated(&scenario("stand-alone.toml", &options));
    for (pool, name, mean) in [(0, "eager", EAGER.1 / 2.0), (1, "quiet", QUIET.1 / 2.0)] {
        let summary = &summary.mailboxes[&format!("subscribers/{name}")];
        assert_near(&format!("{name}, nothing"), summary.empty_ratio, geometric(mean, 0), 0.02);
        assert_near(&format!("{name}, mean"), summary.found, mean, 0.05);
        let three = over_replications(&records, |record| {
            let pool = &record.observed.mailboxes[0][pool];
            pool.histogram[1..4].iter().sum::<u64>() as f64 / pool.visits as f64
        });
        let exact = (1..4).map(|messages| geometric(mean, messages)).sum();
        assert_near(&format!("{name}, one to three"), three, exact, 0.04);
    }
}

#[test]
fn the_hours_of_a_day_change_nothing_while_mail_and_visits_keep_their_ratio() {
    let options = ["population.subscribers.users=4000", "time.window=week"];
    let (records, summary) = simulated(&scenario("stand-alone.toml", &options));
    assert_occupancy(&records, &summary, 0.02);
}

#[test]
fn mail_that_waits_in_the_queue_is_not_found() {
    // 600 messages an hour, and one worker who puts a fifth of them into the mailboxes.
    let slow = "service.smtp={ queue_workers = 1, operation = { deposit = { cpu = \"30 s\", store_writes = 0 } } }";
    let mail = 1_000.0 * 4.0 * 0.15 / 3_600.0;
    let scenario = scenario("stand-alone.toml", &[LONG[0], LONG[1], LONG[2], "time.warm_up=100 h", slow]);
    assert!(offered(&scenario).station(0, Resource::Cpu).unwrap().utilisation > 1.0);
    let (records, summary) = simulated(&scenario);
    let deposit = scenario.operations.iter().position(|operation| operation.name == "deposit").unwrap();
    let done = over_replications(&records, |r| {
        r.observed.operations[deposit].response.count() as f64 * 1e9 / r.observed.window_ns as f64
    });
    let delivered = done.estimate.unwrap() / mail;
    assert!(delivered < 0.25, "{delivered}");
    let found = &summary.mailboxes["subscribers/eager"].found;
    assert_near("an eager mailbox", *found, EAGER.1 * delivered, 0.1);
}

#[test]
fn the_mean_of_the_law_is_mail_over_visits_and_counts_copies_filters_and_spam() {
    let mean = |options: &[&str], stream: &str| {
        let scenario = scenario("stand-alone.toml", options);
        scenario.streams.iter().find(|s| s.name.ends_with(stream)).unwrap().messages.mean()
    };
    let near = |value: f64, exact: f64| assert!((value - exact).abs() < 1e-9, "{value} is not {exact}");
    near(mean(&[], "quiet-check"), 3.7);
    near(mean(&[], "eager-check"), 0.1);
    // Of the day's 4 messages 3.6 come from outside: half of them, and as much spam again of which a tenth passes.
    let filtered = ["population.subscribers.spam=50 %", "filter={ scan = { pass = \"50 %\", spam_pass = \"10 %\" } }"];
    near(mean(&filtered, "quiet-check"), 0.925 * (0.4 + 1.8 + 0.36));
    near(mean(&["service.smtp.operation.deposit.delivers=true"], "quiet-check"), 3.7);
    near(mean(&["service.smtp.operation.deposit.times=per-message"], "quiet-check"), 0.925 * 2.0);
}

#[test]
fn the_shares_of_the_pools_move_what_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let profile = include_str!("../../scenarios/profiles/pop-isp-2003.toml")
        .replace("\"92.5 %\"", "\"50 %\"")
        .replace("\"7.5 %\"", "\"50 %\"");
    std::fs::write(folder.path().join("mine.toml"), profile).unwrap();
    let path = folder.path().join("x.toml").display().to_string();
    let text = include_str!("../../scenarios/stand-alone.toml").replace("\"pop-isp-2003\"", "\"mine.toml\"");
    let (_, summary) = simulated(&resolve(&path, &text, &["population.subscribers.users=5000"]));
    assert_near("half of the mail, one visit", summary.mailboxes["subscribers/quiet"].found, 2.0, 0.1);
    assert_near("half of the mail, three visits", summary.mailboxes["subscribers/eager"].found, 2.0 / 3.0, 0.1);
}

#[test]
fn a_locked_mailbox_refuses_as_a_line_of_erlang() {
    // Sessions of 5 round trips of 30 s each; a mailbox is opened 40 times a day by the eager, 1/0.925 times by the others.
    let options = [
        LONG[0],
        LONG[1],
        LONG[2],
        "time.warm_up=1000 s",
        "client_group={ far = { share = 1, rtt = \"30 s\" } }",
        "service.pop3={ mailbox_lock = true, operation = { retrieve = { round_trips = 0 } } }",
    ];
    let scenario = scenario("stand-alone.toml", &options);
    assert!(!offered(&scenario).is_exact());
    let (records, summary) = simulated(&scenario);
    let held = |visits_per_day: f64| {
        let busy = visits_per_day * 0.15 / 3_600.0 * 150.0;
        busy / (1.0 + busy)
    };
    let exact = (3.0 * held(3.0 / 0.075) + held(1.0 / 0.925)) / 4.0;
    let locked = over_replications(&records, |record| {
        let pop3 = &record.observed.services[0];
        pop3.locked as f64 / pop3.flow.began as f64
    });
    assert_near("found locked", locked, exact, 0.02);
    let pop3 = &summary.services["pop3"];
    assert_eq!((pop3.locked, summary.services["smtp"].locked), (Some(pop3.refused), None));
    // They are late in the levels of whole sessions, and no visits: mail waits for the next one.
    let visits: u64 = summary.mailboxes.values().map(|pool| pool.visits).sum();
    assert_eq!(visits, pop3.offered - pop3.refused);
    let visits = EAGER.1 / (1.0 - held(3.0 / 0.075));
    assert_near(
        "an eager mailbox that is opened less often",
        summary.mailboxes["subscribers/eager"].found,
        visits,
        0.03,
    );
}
