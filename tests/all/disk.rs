//! The disk: seek and transfer, and writes that a RAID does several times, each against what theory or a count by hand says.

use crate::support::{run, scenario};
use crate::theory::assert_exact;
use mxplan::analytic::{Resource, offered};
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
