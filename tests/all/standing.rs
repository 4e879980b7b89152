//! Connections that stay open while nothing happens on them.

use crate::support::{run, scenario};
use crate::theory::assert_exact;
use mxplan::analytic::{Resource, offered};
use mxplan::queueing::erlang::erlang_b;

const FILE: &str = "theory/standing.toml";

#[test]
fn as_many_stand_open_as_come_in_the_time_that_they_stay() {
    let scenario = scenario(FILE, &[]);
    let summary = run(&scenario, 40);
    // 2 a second for 100 s, each with 0.1 visits a second: 2 · 50 ms + 20 · 20 ms.
    let imap = &summary.services["imap"];
    assert_exact("standing", imap.standing.unwrap(), 200.0, 40);
    assert_exact("CPU", summary.nodes["primary"].cpu_ratio, 0.5, 40);
    assert_exact("logins and visits", imap.throughput_per_s, 22.0, 40);
    let checked = offered(&scenario).station(0, Resource::Cpu).unwrap().utilisation;
    assert!((checked - 0.5).abs() < 1e-9, "{checked}");
    assert!(summary.nodes["primary"].connections_peak > 220, "open connections are connections");
}

#[test]
fn they_start_from_equilibrium() {
    // 5 s after the beginning, of the 100 s that a connection stays: nothing would be open yet.
    let scenario = scenario(FILE, &["time.window=5 s", "time.warm_up=1 ms"]);
    let summary = run(&scenario, 400);
    let standing = summary.services["imap"].standing.unwrap();
    // A Poisson number of mean 200 in each replication.
    let error = (200.0_f64 / 400.0).sqrt();
    assert!((standing.estimate.unwrap() - 200.0).abs() < 4.0 * error, "{standing:?}");
    let half = standing.half_width().unwrap() / 1.97;
    assert!((0.8..1.2).contains(&(half / error)), "the spread is that of a Poisson number: {half} and {error}");
}

#[test]
fn a_node_that_is_full_of_them_refuses_by_erlangs_loss_formula() {
    let options = [
        "time.window=100000 s",
        "arrivals.phone.rate=0.2 /s",
        "service.imap.connections=20",
        "service.imap.backlog=0",
        "arrivals.phone.visit.every=1000 s",
        "service.imap.operation.login.cpu=1 ms",
    ];
    let summary = run(&scenario(FILE, &options), 40);
    let imap = &summary.services["imap"];
    let lost = erlang_b(20, 0.2 * 100.001);
    assert_exact("standing", imap.standing.unwrap(), 20.0 * (1.0 - lost), 40);
    // Visits bring their connection along and are never refused.
    let logins = 0.2 * 100_000.0 * 40.0;
    let refused = imap.refused as f64 / logins;
    assert!((refused / lost - 1.0).abs() < 0.02, "{refused} and {lost}");
}
