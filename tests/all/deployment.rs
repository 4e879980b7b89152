//! The six configurations written out: the zone as in the white paper, what they need, and how they are set up.

use crate::cli::{json, outcome, shipped};
use crate::support::{resolve, scenario};
use mxplan::deployment::{Deployment, deployment, dns};
use mxplan::scenario::Configuration;

fn written_out(configuration: Configuration, options: &[&str]) -> Deployment {
    let file = format!("config-{}-{}.toml", configuration.number(), configuration.name());
    deployment(&scenario(&file, options))
}

fn zone(deployment: &Deployment) -> Vec<String> {
    deployment.dns.iter().map(ToString::to_string).collect()
}

#[test]
fn the_zone_of_each_configuration_is_the_white_papers() {
    let alone: &[&str] = &["mail.domain.com = 192.0.2.1", "mx 5 = mail.domain.com"];
    let backed: &[&str] = &[
        "mail.domain.com = 192.0.2.1",
        "backup.domain.com = 192.0.2.2",
        "mx 5 = mail.domain.com",
        "mx 10 = backup.domain.com",
    ];
    let split: &[&str] = &["smtp.domain.com = 192.0.2.1", "pop3.domain.com = 192.0.2.2", "mx 5 = smtp.domain.com"];
    for (configuration, expected) in Configuration::ALL.into_iter().zip([alone, backed, alone, backed, alone, split]) {
        assert_eq!(zone(&written_out(configuration, &[])), expected, "{}", configuration.name());
    }
}

/// The white paper's example of configuration 6: sending, fetching and web mail on a machine each.
const THREE: &str = r#"
format = 1
name = "three"
[time]
window = "100 s"
[arrivals]
a = { service = "smtp", rate = "1 /s" }
b = { service = "pop3", rate = "1 /s" }
c = { service = "webmail", rate = "1 /s" }
d = { service = "imap", rate = "1 /s" }
[service]
smtp.operation.work.cpu = "1 ms"
pop3.operation.work.cpu = "1 ms"
imap.operation.work.cpu = "1 ms"
webmail.operation.work.cpu = "1 ms"
[tier.unit]
cores = 1
speed = 1.0
[cluster]
configuration = "service-specific"
[node]
one = { tier = "unit", services = ["smtp"] }
two = { tier = "unit", services = ["pop3", "imap"] }
three = { tier = "unit", services = ["webmail"] }
data = { tier = "unit" }
"#;

#[test]
fn services_have_names_of_their_own_and_those_of_one_node_its_address() {
    let records: Vec<String> = dns(&resolve("three.toml", THREE, &[])).iter().map(ToString::to_string).collect();
    assert_eq!(
        records,
        [
            "smtp.domain.com = 192.0.2.1",
            "pop3.domain.com = 192.0.2.2",
            "imap.domain.com = 192.0.2.2",
            "webmail.domain.com = 192.0.2.3",
            "mx 5 = smtp.domain.com",
        ]
    );
    let with = THREE.replace("data = {", "backup = { tier = \"unit\" }\ndata = {");
    assert!(dns(&resolve("three.toml", &with, &[])).iter().any(|r| r.to_string() == "mx 10 = backup.domain.com"));
}

#[test]
fn each_server_that_is_found_by_dns_has_its_record_and_needs_no_balancer() {
    let one = "routing={ default = { round-robin-dns = {} } }";
    let plain = deployment(&scenario("theory/split.toml", &[one]));
    let addresses: Vec<String> = (1..=4).map(|node| format!("mail.domain.com = 192.0.2.{node}")).collect();
    assert_eq!(zone(&plain)[..4], addresses);
    assert!(!plain.single_points_of_failure.contains(&"switch".to_owned()));
    assert!(!plain.requirements.iter().any(|need| need.contains("a balancer")));
    let within = "within = { clusters = 2, switch = { algorithm = \"random\" } }";
    let clusters = format!("routing={{ default = {{ round-robin-dns = {{ {within} }} }} }}");
    let clusters = deployment(&scenario("theory/split.toml", &[&clusters, "node.primary.count=5"]));
    assert_eq!(
        zone(&clusters),
        ["mail.domain.com = 192.0.2.1", "mail.domain.com = 192.0.2.2", "mx 5 = mail.domain.com"]
    );
    assert!(clusters.single_points_of_failure.contains(&"switch".to_owned()));
    let far = deployment(&scenario("theory/split.toml", &[one, "node.primary.address=\"198.51.100.7\""]));
    assert_eq!(zone(&far)[3], "mail.domain.com = 198.51.100.10");
}

#[test]
fn what_stops_everything_is_the_store_the_switch_and_whoever_is_alone() {
    let expected: [&[&str]; 6] = [
        &["primary"],
        &["primary"],
        &["primary-1", "switch"],
        &["primary", "data"],
        &["data", "switch"],
        &["smtp", "data", "switch"],
    ];
    for (configuration, expected) in Configuration::ALL.into_iter().zip(expected) {
        assert_eq!(written_out(configuration, &[]).single_points_of_failure, expected, "{}", configuration.name());
    }
    let moved = written_out(Configuration::DualPrimaries, &["cluster.store=primary-2"]);
    assert_eq!(moved.single_points_of_failure, ["primary-2", "switch"]);
    assert!(moved.protection.contains("without `primary-2`"), "{}", moved.protection);
}

#[test]
fn a_site_is_a_point_of_failure_and_a_backup_elsewhere_outlasts_it() {
    let backed = |options: &[&str]| written_out(Configuration::PrimaryWithDataAndBackup, options);
    let away = backed(&["node.primary.site=main", "node.data.site=main", "node.backup.site=colo"]);
    assert_eq!(away.single_points_of_failure, ["primary", "data", "site `main`"]);
    assert!(
        away.protection.ends_with("at site `colo` it outlasts a power failure of the others"),
        "{}",
        away.protection
    );
    assert!(away.requirements.contains(&"a place for the backup at site `colo`, with a line of its own".to_owned()));
    let sites: Vec<_> = away.sites.iter().map(|place| (place.site.as_deref().unwrap(), place.nodes.len())).collect();
    assert_eq!(sites, [("main", 2), ("colo", 1)]);
    let together = backed(&["node.primary.site=main", "node.data.site=main", "node.backup.site=main"]);
    assert!(together.protection.contains("at site `main` it is down with the others"), "{}", together.protection);
    // Whoever names no site is at the one without a name.
    let rest = backed(&["node.backup.site=colo"]);
    assert_eq!(rest.single_points_of_failure, ["primary", "data", "the site without a name"]);
    let plain = backed(&[]);
    assert!(plain.sites.is_empty() && plain.protection.ends_with("at another site it outlasts a power failure"));
    // Where no site has all of anything, none of them is missed more than its nodes are.
    let text = THREE.replace("services = [\"webmail\"]", "services = [\"webmail\", \"smtp\"]");
    let of = |places: [&str; 4]| {
        let mut text = text.clone();
        for (node, site) in ["one", "two", "three", "data"].into_iter().zip(places) {
            text = text.replace(&format!("{node} = {{"), &format!("{node} = {{ site = \"{site}\","));
        }
        let points = deployment(&resolve("three.toml", &text, &[])).single_points_of_failure;
        points.into_iter().filter(|point| point.starts_with("site")).collect::<Vec<_>>()
    };
    // In the order of the nodes, which is that of their names: one, three, two, data.
    assert_eq!(of(["a", "b", "c", "d"]), ["site `c`", "site `b`", "site `d`"]);
    assert_eq!(of(["a", "b", "a", "b"]), ["site `a`", "site `b`"]);
    let (code, text, _) = outcome(&[
        "check",
        shipped("config-2-primary-with-backup.toml").to_str().unwrap(),
        "--set",
        "node.primary.site=main",
    ]);
    assert_eq!(code, 0);
    assert!(text.contains(" site `main`: primary\n the site without a name: backup\n"), "{text}");
}

#[test]
fn a_shared_drive_is_needed_from_configuration_3_on() {
    for configuration in Configuration::ALL {
        let Deployment { requirements, steps, protection, scalability, .. } = written_out(configuration, &[]);
        let shares = configuration.number() >= 3;
        for part in ["a drive on", "one drive letter", "one Windows user"] {
            assert_eq!(requirements.iter().any(|need| need.contains(part)), shares, "{part}, {}", configuration.name());
        }
        for part in ["copy `mail` and `config`", "log on as the user", "the drive must be there before them", "reload"]
        {
            assert_eq!(steps.iter().any(|step| step.contains(part)), shares, "{part}, {}", configuration.name());
        }
        let backed = matches!(configuration.number(), 2 | 4);
        assert_eq!(steps.iter().any(|step| step.contains("pass it on")), backed);
        assert_eq!(protection.contains("`backup` takes mail"), backed, "{protection}");
        let balanced = matches!(configuration.number(), 3 | 5 | 6);
        assert_eq!(steps.iter().any(|step| step.contains("at the balancer")), balanced);
        assert!(!scalability.is_empty());
    }
    let drive = |store: &str| {
        let option = format!("cluster.store={store}");
        written_out(Configuration::DualPrimaries, &[&option]).requirements.join("\n")
    };
    assert!(drive("primary-2").contains("a drive on `primary-2`"));
}

#[test]
fn check_writes_the_design_out_for_people_and_for_programs() {
    let path = shipped("config-6-service-specific.toml");
    let path = path.to_str().unwrap();
    let (code, text, _) = outcome(&["check", path]);
    assert_eq!(code, 0);
    for part in ["configuration 6, service-specific", " mx 5 = smtp.domain.com", "Needed:", "Set-up:", "  1. install"] {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
    let (_, text, _) = outcome(&["check", path, "--format", "json"]);
    let value = json(&text);
    let deployment = &value["deployment"];
    assert_eq!(deployment["number"], 6);
    assert_eq!(deployment["dns"][0]["address"]["name"], "smtp.domain.com");
    assert_eq!(deployment["dns"][2]["mail"]["preference"], 5);
    assert_eq!(deployment["nodes"][2]["services"][0], "smtp");
    assert_eq!(deployment["nodes"][3]["holds_store"], true);
}
