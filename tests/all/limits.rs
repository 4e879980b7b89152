//! Connections, backlogs and workers: what a slow store does to front ends whose CPU is idle.

use crate::support::{run, scenario};
use mxplan::experiment::Summary;

/// The regional ISP with a store of one slow disk, and so many workers for each service on each front end.
fn slow_store(workers: u32) -> Summary {
    let slow = "tier={ slow = { cores = 2, speed = 1.0, disks = 1, disk_iops = \"36 /s\", network = \"1 Gbit/s\" } }";
    let services = format!(
        "service={{ smtp = {{ workers = {workers} }}, pop3 = {{ workers = {workers}, connections = 40, backlog = 20 }} }}"
    );
    run(&scenario("regional-isp.toml", &[slow, "node.data.tier=slow", &services, "time.window=1800 s"]), 4)
}

#[test]
fn a_slow_store_exhausts_front_ends_whose_cpu_is_idle() {
    let (few, many) = (slow_store(12), slow_store(400));
    for summary in [&few, &many] {
        assert!(summary.nodes["primary-1"].cpu_ratio.estimate.unwrap() < 0.15, "the front ends compute little");
        let disk = summary.nodes["data"].disk_ratio.estimate.unwrap();
        assert!(disk > 0.8, "the store's disk is busy: {disk}");
    }
    for (name, summary) in [("few", &few), ("many", &many)] {
        let (front, pop3) = (&summary.nodes["primary-1"], &summary.services["pop3"]);
        let (held, disk) = (&front.workers_ratio["pop3"], summary.nodes["data"].disk_ratio.estimate);
        println!("{name}: held {held:?}, store disk {disk:?}, CPU {:?}", front.cpu_ratio.estimate);
        println!("{name}: server {:?}, refused {} of {}", pop3.server_s.mean.estimate, pop3.refused, pop3.offered);
        println!("{name}: {:?} MB of memory at most", front.ram_peak_mb);
    }
    // With few workers, most are held by sessions that wait for the store or for a modem; others wait for a worker.
    let held = |summary: &Summary| summary.nodes["primary-1"].workers_ratio["pop3"].estimate.unwrap();
    assert!(held(&few) > 0.7 && held(&many) < 0.2, "{} and {}", held(&few), held(&many));
    // More workers cost memory: a megabyte for each that is held.
    let ram = |summary: &Summary| summary.nodes["primary-1"].ram_peak_mb.unwrap();
    assert!(ram(&many) > ram(&few) + 10.0, "{} MB and {} MB", ram(&few), ram(&many));
    let pop3 = |summary: &Summary| summary.services["pop3"].clone();
    assert!(pop3(&few).refused > 100, "{} refused", pop3(&few).refused);
    assert!(pop3(&few).refused > 4 * pop3(&many).refused);
    let mean = |summary: &Summary| pop3(summary).server_s.mean.estimate.unwrap();
    // By chance from 1.4 to 1.6 times as long: the disk is at 96 %, and what a visit finds varies.
    assert!(mean(&few) > 1.3 * mean(&many), "{} s and {} s", mean(&few), mean(&many));
}

#[test]
fn refused_sessions_count_as_late_and_in_the_balance() {
    let summary = slow_store(12);
    let pop3 = &summary.services["pop3"];
    assert_eq!(pop3.present_at_start + pop3.offered, pop3.served + pop3.refused + pop3.present_at_end);
    let login = summary.levels.iter().find(|level| level.name == "pop3-login").unwrap();
    let late = 1.0 - login.estimate.estimate.unwrap();
    assert!(late >= pop3.refused as f64 / pop3.offered as f64 * 0.99, "{late}");
}
