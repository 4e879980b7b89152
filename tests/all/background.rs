//! Background loads: what they ask for comes to the machines, when they run, and the sessions feel it.

use crate::support::{resolve, run};
use crate::theory::assert_exact;
use mxplan::analytic::{Load, Resource, offered, offered_on_average};
use mxplan::experiment::{Control, simulate};
use mxplan::scenario::Scenario;

const REPLICATIONS: u64 = 30;

const SERVER: &str = r#"
format = 1
name = "one server"
[time]
window = "400 s"
warm_up = "20 s"
[arrivals.job]
service = "job"
rate = "50 /s"
[service.job.operation.work]
cpu = { exponential = { mean = "20 ms" } }
queue_writes = 1
[tier.server]
cores = 4
speed = 0.5
contention = 0.05
disks = 2
disk_service = { exponential = { mean = "8 ms" } }
disk_transfer = "20 MB/s"
raid_write_penalty = 2
network = "100 Mbit/s"
[cluster]
configuration = "stand-alone"
[node.primary]
tier = "server"
"#;

/// Everything that a load can ask for.
const BACKUP: &str = "background.backup={ role = \"primary\", cpu = \"30 %\", reads = \"20 /s\", writes = \"5 /s\", \
                      size = \"60 KB\", bandwidth = \"20 Mbit/s\" }";
const CPU: &str = "background.backup={ role = \"primary\", cpu = \"30 %\" }";
const FOR_A_WHILE: [&str; 2] = ["background.backup.at=100 s", "background.backup.lasts=80 s"];

/// The options go into the file, since a table has to be there before a key of it can be set.
fn server(options: &[&str]) -> Scenario {
    let background = "[background.backup]\nrole = \"primary\"\ncpu = 0\n";
    let loaded = options.contains(&BACKUP) || options.contains(&CPU);
    let text = format!("{SERVER}{}", if loaded { background } else { "" });
    resolve("x.toml", &text, options)
}

fn used(load: &Load, resource: Resource) -> f64 {
    load.station(0, resource).unwrap().utilisation
}

#[test]
fn every_part_of_a_load_comes_to_its_station_as_computed_by_hand() {
    let alone = offered(&server(&[]));
    for (part, options) in [(1.0, &[BACKUP][..]), (0.2, &[BACKUP, FOR_A_WHILE[0], FOR_A_WHILE[1]])] {
        let scenario = server(options);
        let load = offered_on_average(&scenario);
        let disk = (20.0 + 2.0 * 5.0) * (0.008 + 0.003) / 2.0;
        for (resource, added) in
            [(Resource::Cpu, 0.3), (Resource::Disk, disk), (Resource::LinkIn, 0.0), (Resource::LinkOut, 0.2)]
        {
            let (with, without) = (used(&load, resource), used(&alone, resource));
            assert!((with - without - part * added).abs() < 1e-12, "{resource:?}: {with} and {without}");
        }
        assert!(load.is_exact());
        let node = &run(&scenario, REPLICATIONS).nodes["primary"];
        assert_exact("CPU", node.cpu_ratio, used(&load, Resource::Cpu), REPLICATIONS);
        assert_exact("disk", node.disk_ratio, used(&load, Resource::Disk), REPLICATIONS);
        // Nothing but the load is on the link, at even distances.
        let link = node.link_ratio.estimate.unwrap();
        assert!((link / used(&load, Resource::LinkOut) - 1.0).abs() < 1e-3, "{link}");
    }
}

#[test]
fn users_find_the_room_that_a_load_leaves() {
    let station = |options: &[&str]| *offered(&server(options)).station(0, Resource::Cpu).unwrap();
    let (with, without) = (station(&[BACKUP]), station(&[]));
    assert_eq!(with.by_sessions, without.by_sessions);
    let ratio = with.supported_users(1_000_000).unwrap() as f64 / without.supported_users(1_000_000).unwrap() as f64;
    assert!((ratio - 0.7).abs() < 1e-5, "{ratio}");
}

#[test]
fn of_equal_hours_the_one_with_the_load_is_the_busiest() {
    let long = ["time.window=3 h", BACKUP, "background.backup.at=2 h", "background.backup.lasts=30 min"];
    let scenario = server(&long);
    let backup = &scenario.background[0];
    assert_eq!((backup.in_busiest_hour, backup.on_average), (0.5, 0.5 / 3.0));
}

#[test]
fn sessions_wait_for_a_load_as_for_each_other() {
    // One core, half of it for the sessions: 20 ms / (1 - 0.5). With 30 % of it for a load less than 20 ms / (1 - 0.8): that
    // would be the mean if its pieces came at random, and they come evenly; but much more than before.
    let one = [
        "time.window=2000 s",
        "tier.server.cores=1",
        "tier.server.speed=1",
        "arrivals.job.rate=25 /s",
        "service.job.operation.work.queue_writes=0",
    ];
    let mean = |options: &[&str]| {
        let all: Vec<&str> = one.iter().chain(options).copied().collect();
        run(&server(&all), REPLICATIONS).services["job"].response_s.mean
    };
    assert_exact("without", mean(&[]), 0.040, REPLICATIONS);
    let with = mean(&[CPU]).estimate.unwrap();
    assert!((0.065..0.02 / (1.0 - 0.8)).contains(&with), "{with}");
}

#[test]
fn a_load_runs_at_its_time_of_each_day() {
    let day = ["time.window=week", "arrivals.job.rate=0.1 /s", BACKUP];
    let busy = |at: &str| {
        let at = format!("background.backup.at=\"{at}\"");
        let options: Vec<&str> = day.iter().copied().chain([&*at, "background.backup.lasts=30 min"]).collect();
        let scenario = server(&options);
        let observed = simulate(&scenario, 0, &Control::default()).unwrap().observed;
        let hours = observed.nodes[0].hours.iter().map(|hour| hour.busy_ns[0].unwrap() as f64 / 3.6e12);
        hours.collect::<Vec<f64>>()
    };
    let capacity = server(&[]).cluster.nodes[0].tier.cpu_capacity() / 0.5;
    for (at, hour) in [("02:00", 2), ("23:30", 23)] {
        let hours = busy(at);
        assert_eq!(hours.len(), 7 * 24);
        for (index, busy) in hours.iter().enumerate() {
            // Sessions use 0.1 /s × 40 ms; half an hour of 30 % of the machine.
            let load = if index % 24 == hour { 0.15 * capacity } else { 0.0 };
            assert!((busy - load - 0.004).abs() < 0.003, "hour {index}: {busy}, load from {at}");
        }
    }
}

#[test]
fn sessions_are_the_same_with_and_without_a_load() {
    let sessions = |options: &[&str]| {
        let observed = simulate(&server(options), 3, &Control::default()).unwrap().observed;
        (observed.services[0].flow.began, observed.operations[0].response.count())
    };
    let (with, without) = (sessions(&[BACKUP]), sessions(&[]));
    assert_eq!(with.0, without.0);
    let observed = simulate(&server(&[BACKUP]), 3, &Control::default()).unwrap().observed;
    assert!(observed.contradictions().is_empty(), "{:?}", observed.contradictions());
}
