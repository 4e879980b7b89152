//! The disk: seek and transfer, RAID writes, fsyncs, write-back, each against what theory or a count by hand says.

use crate::support::{run, scenario};
use crate::theory::assert_exact;
use mxplan::analytic::{Resource, offered};
use mxplan::experiment::{Control, simulate};
use mxplan::queueing::mg1::mean_wait;
use mxplan::scenario::Scenario;

const DISK: &str = "theory/disk.toml";
const REPLICATIONS: u64 = 40;

/// Response and utilisation of the only disk, from the whole program, against `check` and a mean response by hand.
fn assert_response(what: &str, scenario: &Scenario, by_hand_s: f64, utilisation: f64) {
    let computed = offered(scenario).station(0, Resource::Disk).unwrap().utilisation;
    assert!((computed / utilisation - 1.0).abs() < 1e-9, "{what}: `check` has {computed}, by hand it is {utilisation}");
    let summary = run(scenario, REPLICATIONS);
    assert_exact(what, summary.services["job"].response_s.mean, by_hand_s, REPLICATIONS);
    assert_exact(what, summary.nodes["primary"].disk_ratio, utilisation, REPLICATIONS);
}

#[test]
fn seek_and_transfer_make_the_mean_wait_of_mg1() {
    // Exponential seek of 10 ms, lognormal transfer of 5 ms with a coefficient of variation of 1; independent.
    let (mean, second) = (0.015, 2.0 * 0.010 * 0.010 + 2.0 * 0.010 * 0.005 + 2.0 * 0.005 * 0.005);
    let response = mean_wait(40.0, mean, second).unwrap() + mean;
    let scenario = scenario(DISK, &[]);
    let station = *offered(&scenario).station(0, Resource::Disk).unwrap();
    assert!((station.cv2 - (second / (mean * mean) - 1.0)).abs() < 1e-9, "{}", station.cv2);
    assert_response("seek and transfer", &scenario, response, 0.6);
}

#[test]
fn a_raid_write_on_one_channel_is_one_long_visit_that_moves_the_message_each_time() {
    // Both operations of a write stand in line together: S = s1 + s2 + 2b with independent seeks and the same size twice.
    let mean = 2.0 * 0.010 + 2.0 * 0.005;
    let variance = 2.0 * 0.010 * 0.010 + 4.0 * 0.005 * 0.005;
    let response = mean_wait(20.0, mean, variance + mean * mean).unwrap() + mean;
    let scenario = scenario(DISK, &["tier.unit.raid_write_penalty=2", "arrivals.job.rate=20 /s"]);
    assert_response("write penalty 2", &scenario, response, 0.6);
}

#[test]
fn a_message_is_moved_once_whatever_the_number_of_writes() {
    let disk = |options: &[&str]| offered(&scenario(DISK, options)).station(0, Resource::Disk).unwrap().utilisation;
    let (one, four) = (disk(&[]), disk(&["service.job.operation.save.store_writes=4"]));
    assert!((four - one - 3.0 * 40.0 * 0.010).abs() < 1e-9, "three more seeks and not a byte more: {one}, {four}");
    // Only what goes to or from this disk is moved: reads do not carry what is saved.
    let read = disk(&["service.job.operation.save.store_reads=1"]);
    assert!((read - one - 40.0 * 0.010).abs() < 1e-9, "{read}");
    let uploaded = "service.job.operation.save={ queue_writes = 2, client_transfer = \"upload\" }";
    assert!((disk(&[uploaded]) - 40.0 * (0.020 + 0.005)).abs() < 1e-9);
    let loaded = "service.job.operation.save={ store_reads = 2, store_transfer = \"load\" }";
    assert!((disk(&[loaded]) - 40.0 * (0.020 + 0.005)).abs() < 1e-9);
}

#[test]
fn an_fsync_is_a_write_that_moves_nothing() {
    let sets = ["arrivals.job.rate=10 /s", "tier.unit.raid_write_penalty=2"];
    let flushed = scenario(DISK, &[sets[0], sets[1], "service.job.operation.save.store_fsyncs=2"]);
    let computed = offered(&flushed).station(0, Resource::Disk).unwrap().utilisation;
    assert!((computed - 10.0 * 2.0 * (0.015 + 2.0 * 0.010)).abs() < 1e-9, "{computed}");
    let summary = run(&flushed, REPLICATIONS);
    assert_exact("fsyncs", summary.nodes["primary"].disk_ratio, computed, REPLICATIONS);
}

#[test]
fn writers_behind_a_cache_do_not_wait_and_load_the_disk_all_the_same() {
    let summary = run(&scenario(DISK, &["tier.unit.write_back=true"]), REPLICATIONS);
    let response = &summary.services["job"].response_s;
    assert_eq!(response.mean.estimate, Some(0.0), "the cache is never full at 60 %");
    assert_exact("disk behind a cache", summary.nodes["primary"].disk_ratio, 0.6, REPLICATIONS);
}

#[test]
fn a_full_cache_makes_writers_wait_for_those_before_them() {
    // Room for one: a write is over when the one before it is on the disk, which is the wait of M/G/1 without the service.
    let second = 2.0 * 0.010 * 0.010 + 2.0 * 0.010 * 0.005 + 2.0 * 0.005 * 0.005;
    let wait = mean_wait(40.0, 0.015, second).unwrap();
    let one = scenario(DISK, &["tier.unit.write_back=true", "tier.unit.write_back_limit=1"]);
    assert_response("room for one", &one, wait, 0.6);
    // Room for k in M/M/1: who finds j >= k before him waits for j - k + 1 of them, on average rho^k/(mu(1 - rho)).
    let sets = [
        "tier.unit.write_back=true",
        "tier.unit.write_back_limit=2",
        "service.job.operation.save={ store_writes = 1 }",
        "arrivals.job.rate=60 /s",
    ];
    assert_response("room for two", &scenario(DISK, &sets), 0.36 * 0.010 / 0.4, 0.6);
}

#[test]
fn nothing_is_lost_between_cache_and_disk() {
    let sets = [
        "tier.store.write_back=true",
        "tier.store.write_back_limit=4",
        "tier.store.raid_write_penalty=2",
        "tier.store.disk_transfer=40 MB/s",
        "tier.front.write_back=true",
        "service.mail.operation.put.store_fsyncs=1",
        "service.mail.operation.put.queue_fsyncs=1",
        "arrivals.store.rate=30 /s",
        "time.window=600 s",
    ];
    let record = simulate(&scenario("theory/network.toml", &sets), 0, &Control::default()).unwrap();
    assert_eq!(record.observed.contradictions(), Vec::<String>::new());
    let disk = record.observed.nodes[2].stations[Resource::Disk as usize].unwrap();
    assert!(disk.flow.ended > 50_000, "{:?}", disk.flow);
}
