//! Greylists: who is turned away for now, who comes back, and what it costs and saves.

use crate::support::{run, scenario};
use mxplan::analytic::{Resource, offered};
use mxplan::cluster::GreylistObserved;
use mxplan::experiment::{Control, Summary, simulate};
use mxplan::scenario::Scenario;

const FILE: &str = "regional-isp-scanned.toml";
const DEFER: &str = "filter.reject-list.defer=60 %";

/// Everything is back within minutes, so that the windows can be short.
fn listed(options: &[&str]) -> Scenario {
    let soon = "filter.reject-list.after={ uniform = { low = \"60 s\", high = \"180 s\" } }";
    let base = ["time.window=1800 s", "time.warm_up=300 s", DEFER];
    let soon = options.contains(&DEFER).then_some(soon);
    let all: Vec<&str> = base[..2].iter().chain(options).copied().chain(soon).collect();
    scenario(FILE, &all)
}

fn done(summary: &Summary, operation: &str) -> f64 {
    summary.services["smtp"].operations[operation].done as f64
}

#[track_caller]
fn near(what: &str, count: f64, mean: f64) {
    assert!((count - mean).abs() < 5.0 * mean.sqrt(), "{what}: {count}, {mean:.0} expected");
    assert!(5.0 * mean.sqrt() < 0.06 * mean, "{what}: {mean:.0} are too few to see a fault");
}

#[test]
fn who_is_turned_away_and_comes_back_is_counted_as_by_hand() {
    let spam_too = ["filter.reject-list.spam_defer=90 %", "filter.reject-list.returns=80 %"];
    let summary = run(&listed(&[DEFER, spam_too[0], spam_too[1], "filter.reject-list.spam_returns=10 %"]), 8);
    // Sessions from outside per second: 2.25 wanted, and 45/55 of that spam, of which 70 % passes the list itself.
    let window = 8.0 * 1_800.0;
    let (wanted, spam) = (2.25 * window, 2.25 * 45.0 / 55.0 * window);
    let (away, spam_away) = (0.6 * wanted, 0.9 * 0.7 * spam);
    let (back, spam_back) = (0.8 * away, 0.1 * spam_away);
    let smtp = &summary.services["smtp"];
    near("deferred", smtp.deferred.unwrap() as f64, away + spam_away);
    near("returned", smtp.returned.unwrap() as f64, back + spam_back);
    near("reject list", done(&summary, "reject-list"), wanted + spam + back + spam_back);
    // Who comes back passed the list before, and passes it again.
    near("rejected", smtp.rejected as f64, 0.3 * spam);
    let through = wanted - away + back + 0.7 * spam - spam_away + spam_back;
    near("antivirus", done(&summary, "antivirus"), through);
}

#[test]
fn the_load_with_returns_is_computed_as_it_is_simulated() {
    let two = "filter.second={ stage = \"connection\", cpu = \"400 ms\", defer = \"50 %\", returns = \"70 %\", \
               spam_returns = \"20 %\", after = { exponential = { mean = \"60 s\" } } }";
    // Without the scans of seconds a window of half an hour says more.
    let cheap = ["filter.antivirus.cpu=50 ms", "filter.antispam.cpu=50 ms", "filter.reject-list.cpu=300 ms"];
    let text = std::fs::read_to_string(format!("{}/scenarios/{FILE}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let text =
        text.replace("[filter.antispam]", "[filter.second]\nstage = \"connection\"\norder = 1\n\n[filter.antispam]");
    let soon = "filter.reject-list.after={ exponential = { mean = \"60 s\" } }";
    let options =
        ["time.window=7200 s", "time.warm_up=600 s", DEFER, soon, "filter.reject-list.spam_returns=50 %", two]
            .into_iter()
            .chain(cheap)
            .collect::<Vec<_>>();
    let scenario = crate::support::resolve("x.toml", &text, &options);
    let cpu = offered(&scenario).station(0, Resource::Cpu).unwrap().utilisation;
    let summary = run(&scenario, 30);
    crate::theory::assert_exact("CPU", summary.nodes["primary-1"].cpu_ratio, cpu, 30);
    // Executions, stream by stream.
    for operation in ["reject-list", "second", "accept", "deposit"] {
        let index = scenario.operations.iter().position(|o| o.name == operation).unwrap();
        let expected: f64 = scenario
            .streams
            .iter()
            .flat_map(|stream| {
                let places = stream.operations.iter().enumerate().filter(move |(_, o)| **o == index);
                let operation = &scenario.operations[index];
                places.map(move |(place, _)| stream.rate_per_s * stream.executions(place, operation))
            })
            .sum();
        let expected = expected * 30.0 * 7_200.0;
        let done = done(&summary, operation);
        assert!((done / expected - 1.0).abs() < 0.02, "{operation}: {done}, {expected:.0} expected");
    }
}

#[test]
fn a_sender_is_turned_away_once_by_each_list() {
    // Everybody is, and everybody comes back: three attempts through two lists, the first of them all three times.
    let all = "defer = \"100 %\", spam_returns = \"100 %\", after = \"1 s\", cpu = \"1 ms\", stage = \"connection\"";
    let filters = format!("filter={{ a = {{ {all} }}, b = {{ {all} }} }}");
    let scenario = scenario(FILE, &["time.window=1800 s", &filters, "level={}"]);
    let inbound = scenario.streams.iter().find(|stream| stream.name.ends_with("inbound")).unwrap();
    assert_eq!([0, 1, 2].map(|place| inbound.arrivals_at(place)), [3.0, 2.0, 1.0]);
    let summary = run(&scenario, 4);
    let [a, b, accept] = ["a", "b", "accept"].map(|operation| done(&summary, operation));
    assert!((a / b - 1.5).abs() < 0.01, "{a} and {b}");
    let own = accept
        - run(&crate::support::scenario(FILE, &["time.window=1800 s", "filter={}", "level={}"]), 4).services["smtp"]
            .operations["accept"]
            .done as f64;
    assert!(own.abs() < 0.01 * accept, "all get through in the end: {accept}, {own} more than without");
}

#[test]
fn spam_that_does_not_come_back_is_never_scanned() {
    let cpu = |options: &[&str]| offered(&scenario(FILE, options)).station(0, Resource::Cpu).unwrap().utilisation;
    let (with, without) = (cpu(&["filter.reject-list.defer=100 %"]), cpu(&[]));
    // Of what is scanned 2.25 /s is wanted and 2.25 × 45/55 × 70 % is spam; the rest of the work is small beside it.
    let wanted = 1.0 / (1.0 + 0.7 * 45.0 / 55.0);
    assert!((with / without - wanted).abs() < 0.02, "{with} of {without}, {wanted} expected");
}

#[test]
fn turned_away_is_neither_lost_nor_late() {
    let scenario = listed(&[DEFER]);
    let observed = simulate(&scenario, 1, &Control::default()).unwrap().observed;
    assert!(observed.contradictions().is_empty(), "{:?}", observed.contradictions());
    let smtp = &observed.services[scenario.service("smtp").unwrap()];
    let greylist = smtp.greylist.unwrap();
    assert!(greylist.returning.began > 1_000 && greylist.given_up > 1_000 && greylist.returning.present_at_start > 50);
    assert!(observed.services[scenario.service("pop3").unwrap()].greylist.is_none());
    // A sender who gets lost on the way is found out.
    let losses: [fn(&mut GreylistObserved); 2] = [|list| list.returning.ended -= 1, |list| list.given_up -= 1];
    for lose in losses {
        let mut broken = observed.clone();
        lose(broken.services[scenario.service("smtp").unwrap()].greylist.as_mut().unwrap());
        assert_eq!(broken.contradictions().len(), 1, "{:?}", broken.contradictions());
    }
}

#[test]
fn without_a_greylist_nothing_is_said_of_one() {
    let text = serde_json::to_string(&run(&listed(&[]), 1)).unwrap();
    assert!(!text.contains("deferred") && !text.contains("returned"));
}

#[test]
fn every_key_of_a_greylist_moves_what_it_is_about() {
    let smtp = |options: &[&str]| {
        let mut smtp = run(&listed(options), 2).services;
        let smtp = smtp.remove("smtp").unwrap();
        (smtp.deferred.unwrap() as f64, smtp.returned.unwrap() as f64)
    };
    let usual = smtp(&[DEFER]);
    let moved = |option: &str| {
        let (deferred, returned) = smtp(&[DEFER, option]);
        (deferred / usual.0, returned / usual.1)
    };
    let spam = 0.7 * 45.0 / 55.0;
    let is = |what: &str, (deferred, returned): (f64, f64), expected: (f64, f64)| {
        let close = |value: f64, expected: f64| (value - expected).abs() < 0.05 * expected;
        assert!(close(deferred, expected.0) && close(returned, expected.1), "{what}: {deferred} and {returned}");
    };
    is("spam_defer", moved("filter.reject-list.spam_defer=0 %"), (1.0 / (1.0 + spam), 1.0));
    is("returns", moved("filter.reject-list.returns=50 %"), (1.0, 0.5));
    is("spam_returns", moved("filter.reject-list.spam_returns=100 %"), (1.0, 1.0 + spam));
    is("defer", moved("filter.reject-list.defer=30 %"), (0.5, 0.5));
    // `after`: nobody is back within the window and the warm-up.
    let later = scenario(FILE, &["time.window=600 s", "time.warm_up=0 s", DEFER, "filter.reject-list.after=15 min"]);
    let soon = scenario(FILE, &["time.window=600 s", "time.warm_up=0 s", DEFER, "filter.reject-list.after=1 s"]);
    let returned = |scenario: &Scenario| run(scenario, 1).services["smtp"].returned.unwrap();
    assert!(returned(&later) == 0 && returned(&soon) > 300);
    // By default that is 5 to 15 minutes, and the warm-up knows it.
    let plain = scenario(FILE, &[DEFER]);
    assert!((mxplan::analytic::settling(&plain).warm_up.as_secs_f64() - 899.4).abs() < 0.1);
}
