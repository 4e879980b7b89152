//! Web mail: a connection for each page, and a login where nobody knows the session.

use crate::support::{resolve, run, scenario};
use mxplan::analytic::{Resource, offered};
use mxplan::experiment::Summary;
use mxplan::scenario::Scenario;

/// Four nodes; a session logs on and asks for three pages, a second of thought before each.
fn pages(switch: &str, group: &str, more: &[&str]) -> Scenario {
    let text = format!(
        "format = 1\nname = \"pages\"\n[time]\nwindow = \"1000 s\"\nwarm_up = \"60 s\"\n[arrivals.visit]\nservice = \"web\"\n\
         rate = \"20 /s\"\noperations = [\"logon\", \"page\"]\nmessages = 3\n[service.web]\nrelogin = \"logon\"\n\
         [service.web.operation.logon]\ncpu = \"20 ms\"\n[service.web.operation.page]\ncpu = \"10 ms\"\nthink = {{ exponential = {{ mean = \"1 s\" }} }}\n\
         times = \"per-message\"\n[client_group.all]\nshare = 1\n{group}\n[tier.unit]\ncores = 1\nspeed = 1.0\n[cluster]\n\
         configuration = \"multiple-primaries\"\n[node.primary]\ntier = \"unit\"\ncount = 4\n[node.data]\ntier = \"unit\"\n\
         [routing.default.switch]\n{switch}\n"
    );
    resolve("pages.toml", &text, more)
}

fn relogins(summary: &Summary) -> f64 {
    let service = &summary.services["web"];
    service.relogins.unwrap() as f64 / service.offered as f64
}

#[test]
fn a_random_switch_sends_three_pages_of_four_to_a_node_that_asks_for_the_password() {
    let scenario = pages("algorithm = \"random\"", "", &[]);
    let summary = run(&scenario, 10);
    // 600 000 pages: the standard error of a share of 3/4 is 0.0006 of a page.
    assert!((relogins(&summary) - 2.25).abs() < 0.01, "{}", relogins(&summary));
    // A logon, three pages, and 2.25 logons again: 95 ms a session, 5 sessions a second at each node.
    let load = offered(&scenario);
    assert!((load.station(0, Resource::Cpu).unwrap().utilisation - 0.475).abs() < 1e-12 && load.is_exact());
    for node in ["primary-1", "primary-4"] {
        let cpu = summary.nodes[node].cpu_ratio;
        let (estimate, half) = (cpu.estimate.unwrap(), cpu.half_width().unwrap());
        assert!((estimate - 0.475).abs() < 3.0 * half && half < 0.005, "{estimate} ± {half}");
    }
}

#[test]
fn who_is_recognised_comes_back_and_a_proxy_that_changes_its_addresses_is_not() {
    let few = "addresses = 1_000_000";
    let changing = "addresses = 1_000_000\nnew_address_per_connection = true";
    let [sticky, hash] = ["algorithm = \"random\"\npersistence = {}", "algorithm = \"source-hash\""];
    assert_eq!(relogins(&run(&pages(sticky, few, &[]), 2)), 0.0);
    assert_eq!(relogins(&run(&pages(hash, few, &[]), 2)), 0.0);
    for switch in [sticky, hash] {
        let moved = relogins(&run(&pages(switch, changing, &[]), 2));
        // 120 000 pages: the standard error is 0.004 of a session's 2.25; a million addresses are seldom remembered.
        assert!((moved - 2.25).abs() < 0.05, "{switch}: {moved}");
    }
    // All of a proxy's addresses lie in one network of 2^16: a mask that covers it holds them together.
    let proxy = "addresses = 256\nnew_address_per_connection = true";
    let masked = "algorithm = \"random\"\npersistence = { mask = 24 }";
    assert_eq!(relogins(&run(&pages(masked, proxy, &[]), 2)), 0.0);
    // A memory shorter than the thoughts forgets: between two connections lie the work on a page, of 10 to 80 ms here, and a
    // thought of a second on average.
    let forgetful = "algorithm = \"random\"\npersistence = { timeout = \"100 ms\" }";
    let moved = relogins(&run(&pages(forgetful, few, &[]), 2));
    assert!(moved > 2.25 * (-0.09_f64).exp() && moved < 2.25 * (-0.02_f64).exp(), "{moved}");
}

#[test]
fn a_page_lasts_longer_by_the_login_and_a_session_survives_its_node_between_two_pages() {
    let response = |switch: &str| {
        let summary = run(&pages(switch, "", &["arrivals.visit.rate=0.5 /s"]), 4);
        summary.services["web"].operations["page"].response_s.mean.estimate.unwrap()
    };
    let (known, unknown) = (response("algorithm = \"source-hash\""), response("algorithm = \"random\""));
    // 20 ms in three of four cases, beside a machine that is idle most of the time.
    assert!((unknown - known - 0.015).abs() < 0.001, "{known} and {unknown}");
    let fault = "fault.crash={ component = \"primary-1\", kind = \"stop\", at = \"500 s\", lasts = \"1 ms\" }";
    let summary = run(&pages("algorithm = \"source-hash\"", "", &[fault]), 10);
    // 60 sessions are under way of which 57 think: only those who wait for the node at that moment are lost.
    let lost = summary.services["web"].lost + summary.services["web"].refused;
    assert!((1..60).contains(&lost), "{lost} of the 150 that the node had in ten runs");
}

#[test]
fn the_shipped_web_mail_returns_to_its_node() {
    let options = ["time.window=600 s", "population.readers.users=5000"];
    let sticky = run(&scenario("webmail.toml", &options), 2);
    let service = &sticky.services["webmail"];
    assert!((service.relogins.unwrap() as f64) < 0.02 * service.offered as f64, "{:?}", service.relogins);
    let random = ["routing.webmail.switch={ algorithm = \"random\" }"];
    let loose = run(&scenario("webmail.toml", &[&options[..], &random].concat()), 2);
    // Eight pages a visit, four of which come to the other node; a message sent is three to four.
    assert!(loose.services["webmail"].relogins.unwrap() as f64 > 1.5 * loose.services["webmail"].offered as f64);
}
