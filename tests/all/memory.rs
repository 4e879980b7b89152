//! Memory: what the file cache spares the disk, what paging adds, and what a restart means.

use crate::support::{run, scenario};
use crate::theory::assert_exact;
use mxplan::analytic::{Resource, memory, memory_is_fixed, offered, offered_on_average};
use mxplan::experiment::Summary;
use mxplan::scenario::Scenario;

const MEMORY: &str = "memory.toml";
const REPLICATIONS: u64 = 40;
/// Sessions that take no memory: then `check` knows the hit share and the page faults.
const WEIGHTLESS: [&str; 2] = ["product.connection_ram=0 B", "product.worker_ram=0 B"];

fn with(options: &[&str]) -> Scenario {
    scenario(MEMORY, options)
}

fn disk(scenario: &Scenario) -> f64 {
    offered_on_average(scenario).station(0, Resource::Disk).unwrap().utilisation
}

/// Mean time at the server of a POP session, the client's line not counted.
fn server_s(summary: &Summary) -> f64 {
    summary.services["pop3"].server_s.mean.estimate.unwrap()
}

#[test]
fn response_against_memory_from_plenty_to_paging_bends() {
    println!("ram MB  hits check  hits run  disk   server s   page faults  refused  peak MB");
    let mut servers = Vec::new();
    let mut pages = Vec::new();
    for ram in [4_000, 2_000, 1_000, 500, 300, 200, 180, 170, 160, 150] {
        let ram = format!("tier.server.ram={ram} MB");
        let scenario = with(&[&ram, "time.window=600 s", "time.warm_up=200 s"]);
        let summary = run(&scenario, 3);
        let node = &summary.nodes["primary"];
        let expected = memory(&scenario, &scenario.cluster.nodes[0]).unwrap();
        let refused: u64 = summary.services.values().map(|service| service.refused).sum();
        println!(
            "{:6}  {:10.3}  {:8.3}  {:.3}  {:8.4}  {:11}  {refused:7}  {:7.1}",
            expected.ram / 1_000_000,
            expected.hit_ratio.unwrap(),
            node.cache_hit_ratio.unwrap().estimate.unwrap(),
            node.disk_ratio.estimate.unwrap(),
            server_s(&summary),
            node.page_faults.unwrap_or(0),
            node.ram_peak_mb.unwrap(),
        );
        servers.push(server_s(&summary));
        pages.push(node.page_faults.unwrap_or(0));
    }
    // The same people and mail at every step: less memory is never faster.
    assert!(servers.windows(2).all(|pair| pair[1] >= pair[0] * 0.999), "{servers:?}");
    // A slope as long as only files are pushed out, a cliff where sessions no longer fit.
    assert!((1.05..3.0).contains(&(servers[5] / servers[0])), "{servers:?}");
    assert!(servers[9] > 3.0 * servers[5], "{servers:?}");
    assert!(pages[..4].iter().all(|pages| *pages == 0) && pages[9] > 1_000, "{pages:?}");
}

#[test]
fn the_hit_share_is_what_fits_of_the_working_set() {
    // 30 000 mailboxes of 84 KB, half of them active: 1.26 GB, and 134.4 MB are in use before any file.
    let sets = [WEIGHTLESS[0], WEIGHTLESS[1], "population.subscribers.active=50 %", "tier.server.ram=764.4 MB"];
    let half = with(&sets);
    assert!(memory_is_fixed(&half) && offered(&half).is_exact());
    let memory = memory(&half, &half.cluster.nodes[0]).unwrap();
    assert_eq!((memory.fixed, memory.for_files()), (134_400_000, 630_000_000));
    assert!((memory.hit_ratio.unwrap() - 0.5).abs() < 1e-9);
    let summary = run(&half, REPLICATIONS);
    assert_exact("hits", summary.nodes["primary"].cache_hit_ratio.unwrap(), 0.5, REPLICATIONS);
    assert_exact("disk", summary.nodes["primary"].disk_ratio, disk(&half), REPLICATIONS);
    assert_eq!(summary.nodes["primary"].ram_peak_mb, Some(134.4));
    // By hand: 30 000 users check 4 times a day with 2 reads and read 4 messages; half of those visits are spared.
    let peak = 30_000.0 * 0.15 / 3_600.0;
    let unknown = with(&[
        "tier.server.ram=764.4 MB",
        "population={ s = { users = 30_000, domains = 400, profile = \"pop-isp-2003\" } }",
    ]);
    let spared = 0.5 * peak * (4.0 * 2.0 * seek() + 4.0 * (seek() + 24_532.5 / 40e6));
    assert!((disk(&unknown) - disk(&half) - spared).abs() < 1e-3 * spared, "{} {}", disk(&unknown), disk(&half));
}

fn seek() -> f64 {
    1.0 / 150.0
}

#[test]
fn what_does_not_fit_is_paged_in_by_every_burst() {
    // Domains alone take 21 % more than there is: 400 of 750 KB and the system's 128 MB make 428 MB.
    let sets = [WEIGHTLESS[0], WEIGHTLESS[1], "product.domain_ram=750 KB", "tier.server.ram=400 MB"];
    let paging = with(&sets);
    let fits = with(&[sets[0], sets[1], sets[2], "tier.server.ram=428 MB"]);
    let per_burst = memory(&paging, &paging.cluster.nodes[0]).unwrap().faults_per_burst;
    assert!((per_burst - 10.0 * 0.07).abs() < 1e-9, "{per_burst}");
    // Bursts by hand, for a user and day: 3.8 accepts, 2 · 0.1 · 2 and 1.8 · 2 deposits, 1.8 relays, 4 servers, 4 messages
    // read; and the domains' own, every minute.
    let bursts = 30_000.0 * 0.15 / 3_600.0 * (3.8 + 4.0 + 1.8 + 4.0 + 4.0) + 400.0 / 60.0;
    let added = bursts * per_burst * (seek() + 4_096.0 / 40e6);
    assert!((disk(&paging) - disk(&fits) - added).abs() < 2e-3 * added, "{} {} {added}", disk(&paging), disk(&fits));
    assert!(memory_is_fixed(&paging));
    let summary = run(&paging, REPLICATIONS);
    assert_exact("disk", summary.nodes["primary"].disk_ratio, disk(&paging), REPLICATIONS);
    assert!(server_s(&summary) > 1.1 * server_s(&run(&fits, 4)));
    // With sessions that take memory only a simulation knows, and `check` says so.
    assert!(!memory_is_fixed(&with(&[])) && !offered(&with(&[])).is_exact());
}

#[test]
fn after_a_restart_the_cache_warms_with_what_is_read() {
    let restart = |caches: &str, warm_up: &str| {
        let sets = ["population.subscribers.active=5 %", "time.window=300 s", warm_up, caches];
        let summary = run(&with(&sets), 6);
        let node = &summary.nodes["primary"];
        (node.disk_ratio.estimate.unwrap(), node.cache_hit_ratio.unwrap().estimate.unwrap(), server_s(&summary))
    };
    let warm = restart("time.caches=warm", "time.warm_up=0 s");
    let cold = restart("time.caches=cold", "time.warm_up=0 s");
    let later = restart("time.caches=cold", "time.warm_up=600 s");
    let much_later = restart("time.caches=cold", "time.warm_up=7200 s");
    println!("disk, hits, server s: warm {warm:?}, cold {cold:?}, after 10 min {later:?}, after 2 h {much_later:?}");
    assert_eq!(warm.1, 1.0);
    assert!(cold.0 > 1.2 * warm.0 && cold.2 > 1.2 * warm.2 && cold.1 < 0.5);
    assert!(cold.1 < later.1 && later.1 < much_later.1 && much_later.1 > 0.99);
}

#[test]
fn a_node_that_is_far_out_of_memory_takes_no_more_connections() {
    let sets = ["tier.server.ram=120 MB", "product.ram_limit=1.2", "time.window=600 s", "time.warm_up=100 s"];
    let summary = run(&with(&sets), 3);
    let refused: u64 = summary.services.values().map(|service| service.refused).sum();
    assert!(refused > 100, "{refused}");
    // One session more than fits, and the work after replies, which nobody can refuse.
    let peak = summary.nodes["primary"].ram_peak_mb.unwrap();
    assert!((144.0..200.0).contains(&peak), "{peak}");
    // Where the limit is far away they all come in, and make it worse.
    let sets = ["tier.server.ram=120 MB", "product.ram_limit=10", "time.window=600 s", "time.warm_up=100 s"];
    assert!(run(&with(&sets), 3).nodes["primary"].ram_peak_mb.unwrap() > 5.0 * peak);
    // A node that pages a little refuses nobody.
    let sets = ["tier.server.ram=170 MB", "product.ram_limit=1.5", "time.window=600 s", "time.warm_up=100 s"];
    let paging = run(&with(&sets), 3);
    assert!(paging.nodes["primary"].page_faults > Some(100));
    assert_eq!(paging.services.values().map(|service| service.refused).sum::<u64>(), 0);
}
