//! What belongs to the mail software: its edition, and the limit of its domains.

use crate::support::{run, scenario};
use mxplan::analytic::{Resource, offered};
use mxplan::scenario::Scenario;

/// The reference machine with few users and so many domains.
fn domains(users: u32, domains: u32, more: &[&str]) -> Scenario {
    let options = [
        "node.primary.tier=piii-1000".to_owned(),
        format!("population.subscribers.users={users}"),
        format!("population.subscribers.domains={domains}"),
        "time.window=1200 s".to_owned(),
        "time.warm_up=300 s".to_owned(),
    ];
    let options: Vec<&str> = options.iter().map(String::as_str).chain(more.iter().copied()).collect();
    scenario("stand-alone.toml", &options)
}

/// Where the CPU is full, by `check`: its utilisation is linear in the domains.
fn limit(users: u32) -> f64 {
    let cpu = |n: u32| *offered(&domains(users, n, &[])).station(0, Resource::Cpu).unwrap();
    let (few, many) = (cpu(1), cpu(1_001));
    (1.0 - few.by_sessions) / (many.utilisation - few.utilisation) * 1_000.0
}

#[test]
fn near_3000_domains_fill_the_reference_machine_whatever_its_few_users() {
    println!("domains  check  run    login s");
    let mut logins = Vec::new();
    for n in [500, 1_000, 1_500, 2_000, 2_500, 2_800, 3_200, 4_000, 5_000, 6_000] {
        let scenario = domains(2_000, n, &[]);
        let offered = offered(&scenario).station(0, Resource::Cpu).unwrap().utilisation;
        let summary = run(&scenario, 3);
        let cpu = summary.nodes["primary"].cpu_ratio.estimate.unwrap();
        let login = summary.services["pop3"].operations["login"].response_s.mean.estimate.unwrap();
        println!("{n:7}  {offered:.3}  {cpu:.3}  {login:.3}");
        // 20 ms of each 60 s for every domain, and the little that 2000 users bring.
        assert!((cpu - offered.min(1.0)).abs() < 0.01, "{n} domains: {cpu} and not {offered}");
        logins.push(login);
    }
    assert!(logins.windows(2).all(|pair| pair[0] < pair[1] * 1.05), "{logins:?}");
    // Comfortable below the limit; beyond it the backlog grows as long as one looks.
    assert!(logins[5] < 1.0 && logins[6] > 10.0, "{logins:?}");
    // Half or twice the few users moves the limit by less than 4 %.
    let (half, whole, twice) = (limit(1_000), limit(2_000), limit(4_000));
    println!("limit: {half:.0} domains with 1000 users, {whole:.0} with 2000, {twice:.0} with 4000");
    assert!((half / whole - 1.0).abs() < 0.02 && (twice / whole - 1.0).abs() < 0.04, "{half}, {whole}, {twice}");
    assert!((2_800.0..3_000.0).contains(&whole), "{whole}");
}

#[test]
fn the_limit_is_the_product_s_and_not_the_machine_s() {
    let cpu = |more: &[&str]| offered(&domains(2_000, 3_000, more)).station(0, Resource::Cpu).unwrap().utilisation;
    let sessions = offered(&domains(2_000, 3_000, &[])).station(0, Resource::Cpu).unwrap().by_sessions;
    assert!((cpu(&[]) - sessions - 1.0).abs() < 1e-9);
    assert!((cpu(&["product.domain_cpu=5 ms"]) - sessions - 0.25).abs() < 1e-9);
    assert!((cpu(&["product.domain_period=2 min"]) - sessions - 0.5).abs() < 1e-9);
    // Without work there is nothing to do, and nothing is done.
    let idle = run(&domains(2_000, 3_000, &["product.domain_cpu=0 s"]), 3);
    assert!((idle.nodes["primary"].cpu_ratio.estimate.unwrap() - sessions).abs() < 0.01);
}

#[test]
fn plus_serves_one_domain() {
    // Refused with more of them: see the messages. With one it is the same software.
    let plus = domains(2_000, 1, &["product.edition=plus"]);
    let pro = domains(2_000, 1, &[]);
    assert_eq!(offered(&plus), offered(&pro));
    let edition = |s: &Scenario| s.settings.iter().find(|s| s.key == "product.edition").unwrap().value.clone();
    assert_eq!((edition(&plus).as_str(), edition(&pro).as_str()), ("plus", "pro"));
}
