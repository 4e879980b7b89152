//! The six configurations of the white paper under one load: each is computed and simulated, and both agree for every
//! resource of every node; where the store and the services are decides who carries what.

use crate::support::{run, scenario, scenario as shipped};
use mxplan::analytic::{Resource, offered};
use mxplan::experiment::{Control, Execution, Record, Rule, replicate, summarise};
use mxplan::scenario::{Configuration, Scenario};
use mxplan::stats::{CONFIDENCE, mean_interval, student_t};

const REPLICATIONS: u64 = 24;

/// The shipped scenario of a configuration.
fn file(configuration: Configuration) -> String {
    format!("config-{}-{}.toml", configuration.number(), configuration.name())
}

fn records(scenario: &Scenario) -> Vec<Record> {
    let rule = Rule::Count(REPLICATIONS);
    replicate(scenario, rule, &Control::default(), Execution::InOrder).unwrap().records
}

/// Mean of the values, and the bound that a sound program passes once in a million times.
fn mean_and_bound(values: &[f64]) -> (f64, f64) {
    let interval = mean_interval(values, CONFIDENCE);
    let degrees = values.len() - 1;
    let error = interval.half_width().unwrap() / student_t(degrees, 0.5 + CONFIDENCE / 2.0);
    (interval.estimate.unwrap(), student_t(degrees, 1.0 - 1e-6) * error)
}

fn utilisation(record: &Record, node: usize, resource: Resource) -> f64 {
    record.observed.nodes[node].stations[resource as usize].unwrap().utilisation(record.observed.window_ns)
}

#[test]
fn six_configurations_carry_one_load_as_computed() {
    println!("configuration | node | role | CPU disk in out, computed | CPU disk in out, simulated | p95 smtp, pop3");
    for configuration in Configuration::ALL {
        let scenario = scenario(&file(configuration), &["time.window=20000 s"]);
        assert_eq!((scenario.cluster.configuration, scenario.users), (configuration, 5_000));
        let records = records(&scenario);
        for record in &records {
            assert_eq!(record.observed.contradictions(), Vec::<String>::new());
        }
        let load = offered(&scenario);
        let summary = summarise(&scenario, &records, mxplan::experiment::StopReason::Replications);
        for (index, node) in scenario.cluster.nodes.iter().enumerate() {
            let mut cells = [Vec::new(), Vec::new()];
            for resource in Resource::ALL {
                let exact = load.station(index, resource).unwrap().utilisation;
                let values: Vec<f64> = records.iter().map(|record| utilisation(record, index, resource)).collect();
                let (mean, bound) = mean_and_bound(&values);
                let what = format!("{} {} {}", configuration.name(), node.name, resource.name());
                assert!((mean - exact).abs() <= bound, "{what}: {mean} is not {exact} ± {bound}");
                // Bytes vary more than work does: one message in a hundred has half of them.
                let power = if matches!(resource, Resource::Cpu | Resource::Disk) { 0.05 } else { 0.2 };
                assert!(bound <= power * exact, "{what}: a bound of {bound} shows little about {exact}");
                cells[0].push(format!("{exact:.4}"));
                cells[1].push(format!("{mean:.4}"));
            }
            let p95 = |name: &str| summary.services[name].server_s.p95.estimate.unwrap();
            println!(
                "{} {} | {} | {} | {} | {} | {:.3} s, {:.3} s",
                configuration.number(),
                configuration.name(),
                node.name,
                node.role.name(),
                cells[0].join(" "),
                cells[1].join(" "),
                p95("smtp"),
                p95("pop3")
            );
        }
    }
}

#[test]
fn the_same_people_come_to_all_six() {
    let offered: Vec<Vec<u64>> = Configuration::ALL
        .iter()
        .map(|configuration| run(&scenario(&file(*configuration), &["time.warm_up=60 s"]), 2))
        .map(|summary| summary.services.values().map(|service| service.offered).collect())
        .collect();
    assert!(offered.iter().all(|one| *one == offered[0] && one[0] > 1_000), "{offered:?}");
}

/// Executions per second of an operation, by its name.
fn per_second(scenario: &Scenario, name: &str) -> f64 {
    let of_stream = |stream: &mxplan::scenario::Stream| -> f64 {
        let places = stream.operations.iter().map(|index| &scenario.operations[*index]).enumerate();
        let named = places.filter(|(_, operation)| operation.name == name);
        named.map(|(place, operation)| stream.rate_per_s * stream.executions(place, operation)).sum()
    };
    scenario.streams.iter().map(of_stream).sum()
}

#[test]
fn of_two_primaries_the_one_with_the_store_is_busier_by_the_work_of_the_other() {
    let scenario = scenario("config-3-dual-primaries.toml", &[]);
    // 5 000 users, 15 % of the day in the busiest hour; half of everything is done on the node without the store.
    let hour = 5_000.0 * 0.15 / 3_600.0;
    let recipients = scenario.streams.iter().find(|stream| stream.name.ends_with("inbound")).unwrap().recipients.mean();
    let (deposits, logins, fetched) = (hour * (2.0 * 0.1 + 1.8) * recipients, hour * 4.0, hour * (3.7 + 3.0 * 0.1));
    for (name, by_hand) in [("deposit", deposits), ("login", logins), ("retrieve", fetched)] {
        assert!((per_second(&scenario, name) / by_hand - 1.0).abs() < 1e-6, "{name}: {by_hand}");
    }
    // 2 ms of the holder's CPU for each; 2 reads a login, 1 read and 2 mirrored writes a fetch, 2 a deposit, 6 disks.
    let cpu = 0.5 * (deposits + logins + fetched) * 0.002;
    // And the message itself: once when it is read, twice when it is saved on mirrored disks.
    let tier = &scenario.cluster.nodes[0].tier;
    let message_s = scenario.streams[0].size.mean() / tier.disk_transfer.unwrap().0;
    let seeks = (2.0 * logins + 5.0 * fetched + 4.0 * deposits) * tier.disk_service.mean();
    let disk = (seeks + (fetched + 2.0 * deposits) * message_s) / 6.0;
    let load = offered(&scenario);
    let more =
        |resource| load.station(0, resource).unwrap().utilisation - load.station(1, resource).unwrap().utilisation;
    assert!((more(Resource::Cpu) / cpu - 1.0).abs() < 1e-6, "{} {cpu}", more(Resource::Cpu));
    assert!((more(Resource::Disk) / disk - 1.0).abs() < 1e-6, "{} {disk}", more(Resource::Disk));
    let records = records(&scenario);
    for (resource, exact) in [(Resource::Cpu, cpu), (Resource::Disk, disk)] {
        let differences = records.iter().map(|r| utilisation(r, 0, resource) - utilisation(r, 1, resource));
        let (mean, bound) = mean_and_bound(&differences.collect::<Vec<f64>>());
        println!("{}: busier by {mean:.5}, exactly {exact:.5} ± {bound:.5}", resource.name());
        assert!((mean - exact).abs() <= bound, "{}: {mean} is not {exact} ± {bound}", resource.name());
        assert!(mean > bound, "{}: {mean} is within {bound} of nothing", resource.name());
    }
}

#[test]
fn the_store_moves_its_load_to_the_node_that_is_named() {
    let of = |store: &str| offered(&scenario("config-3-dual-primaries.toml", &[&format!("cluster.store={store}")]));
    let (first, second) = (of("primary-1"), of("primary-2"));
    for resource in Resource::ALL {
        for (here, there) in [(0, 1), (1, 0)] {
            assert_eq!(
                first.station(here, resource).unwrap().utilisation,
                second.station(there, resource).unwrap().utilisation,
            );
        }
    }
    assert!(
        first.station(0, Resource::Disk).unwrap().utilisation > first.station(1, Resource::Disk).unwrap().utilisation
    );
    let summary = run(&scenario("config-3-dual-primaries.toml", &["cluster.store=primary-2"]), 3);
    assert!(summary.nodes["primary-2"].disk_ratio.estimate > summary.nodes["primary-1"].disk_ratio.estimate);
}

#[test]
fn each_node_runs_its_own_services_and_its_exact_share_of_them() {
    let scenario = scenario("config-6-service-specific.toml", &[]);
    let (pop3, smtp) = (scenario.service("pop3").unwrap(), scenario.service("smtp").unwrap());
    let names: Vec<&str> = scenario.cluster.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["pop3-1", "pop3-2", "smtp", "data"]);
    for record in records(&scenario) {
        let nodes = &record.observed.nodes;
        let began = |service: usize| record.observed.services[service].flow.began;
        assert_eq!(nodes[2].sessions, began(smtp));
        assert_eq!(nodes[0].sessions + nodes[1].sessions, began(pop3));
        assert!(nodes[0].sessions.abs_diff(nodes[1].sessions) <= 1, "sessions take turns");
        assert_eq!(nodes[3].sessions, 0);
    }
    // A service that moves takes its load along.
    let moved = shipped(
        "config-6-service-specific.toml",
        &["node.smtp.services=[\"smtp\", \"pop3\"]", "routing.pop3.switch.algorithm=random"],
    );
    let share = |summary: &mxplan::experiment::Summary| summary.nodes["smtp"].share_ratio.estimate.unwrap();
    let (before, after) = (share(&run(&scenario, 4)), share(&run(&moved, 4)));
    // 3.8 of 7.8 sessions of a day are smtp, and now a third of the other 4.
    assert!((before - 3.8 / 7.8).abs() < 0.02, "{before}");
    assert!((after - (3.8 + 4.0 / 3.0) / 7.8).abs() < 0.02, "{after}");
}

#[test]
fn a_backup_is_there_costs_money_and_takes_no_session() {
    for configuration in [Configuration::PrimaryWithBackup, Configuration::PrimaryWithDataAndBackup] {
        let scenario = scenario(&file(configuration), &["time.window=600 s"]);
        let summary = run(&scenario, 2);
        let backup = &summary.nodes["backup"];
        assert_eq!((backup.role, backup.connections_peak, backup.cpu_ratio.estimate), ("backup", 0, Some(0.0)));
        assert!(scenario.cluster.backup().unwrap().tier.price.0 > 0);
    }
    let bare = scenario("config-1-stand-alone.toml", &["time.window=600 s"]);
    let with = scenario("config-2-primary-with-backup.toml", &["time.window=600 s"]);
    let cpu = |scenario: &Scenario| run(scenario, 2).nodes["primary"].cpu_ratio;
    assert_eq!(cpu(&bare), cpu(&with), "as long as the primary is up, a backup changes nothing");
}

#[test]
fn a_node_that_can_be_missed_is_neither_the_store_nor_alone_with_a_service() {
    let missed = |configuration: Configuration, options: &[&str]| {
        let cluster = scenario(&file(configuration), options).cluster;
        cluster.expendable().map(|index| cluster.nodes[index].name.clone())
    };
    let expected = [None, None, Some("primary-2"), None, Some("primary-2"), Some("pop3-2")];
    for (configuration, expected) in Configuration::ALL.into_iter().zip(expected) {
        assert_eq!(missed(configuration, &[]).as_deref(), expected, "{}", configuration.name());
    }
    let other = missed(Configuration::DualPrimaries, &["cluster.store=primary-2"]);
    assert_eq!(other.as_deref(), Some("primary-1"));
}
