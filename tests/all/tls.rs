//! Encrypted sessions begin with a handshake, in full or resumed.

use crate::support::{resolve, run};
use crate::theory::assert_exact;
use mxplan::analytic::{Resource, offered};

const TEXT: &str = r#"
format = 1
name = "tls"
[time]
window = "3000 s"
[client_group.all]
share = "100 %"
rtt = "100 ms"
[arrivals.web]
service = "web"
rate = "20 /s"
operations = ["page"]
[service.web]
tls = "50 %"
tls_resumed = "80 %"
[service.web.operation.page]
cpu = { exponential = { mean = "10 ms" } }
[tier.unit]
cores = 1
speed = 1.0
[cluster]
configuration = "stand-alone"
[node.primary]
tier = "unit"
"#;

#[test]
fn handshakes_cost_processor_and_round_trips() {
    let scenario = resolve("tls.toml", TEXT, &[]);
    let summary = run(&scenario, 40);
    // A tenth of the sessions has a full handshake of 30 ms and two round trips, two fifths a resumed one of 2 ms and one.
    let used = 20.0 * (0.010 + 0.1 * 0.030 + 0.4 * 0.002);
    assert_exact("CPU", summary.nodes["primary"].cpu_ratio, used, 40);
    let checked = offered(&scenario).station(0, Resource::Cpu).unwrap().utilisation;
    assert!((checked - used).abs() < 1e-9, "{checked}");
    let web = &summary.services["web"];
    assert_exact("round trips", web.link_s.mean, 0.1 * (0.1 * 2.0 + 0.4), 40);
    // Nobody has both.
    let (full, resumed) = (web.operations["tls-full"].done as f64, web.operations["tls-resumed"].done as f64);
    assert!((resumed / full / 4.0 - 1.0).abs() < 0.02, "{resumed} and {full}");
}

#[test]
fn every_key_moves_the_processor() {
    let used = |option: &str| offered(&resolve("tls.toml", TEXT, &[option])).stations[0].utilisation;
    let near =
        |option: &str, by_hand: f64| assert!((used(option) - by_hand).abs() < 1e-9, "{option}: {}", used(option));
    near("service.web.tls=100 %", 0.2 + 20.0 * (0.2 * 0.030 + 0.8 * 0.002));
    near("service.web.tls_resumed=0 %", 0.2 + 10.0 * 0.030);
    near("service.web.tls_cpu=60 ms", 0.2 + 10.0 * (0.2 * 0.060 + 0.8 * 0.002));
    near("service.web.tls_resumed_cpu=4 ms", 0.2 + 10.0 * (0.2 * 0.030 + 0.8 * 0.004));
}
