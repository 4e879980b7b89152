//! A seed draws a whole valid scenario and runs it briefly, with every invariant on: conservation of sessions, jobs, work and
//! mail, and Little's law, all counted from both sides by the program itself.
//!
//! A failure names its seed, which draws the same scenario again: `MXPLAN_SWARM=4711 cargo test --test all swarm -- --nocapture`.
//! `MXPLAN_SWARM_SEEDS=10000` draws more of them.

use crate::fingerprints::shipped;
use mxplan::experiment::{Control, Failure, simulate};
use mxplan::random::{Key, Purpose, Stream};
use mxplan::scenario::{Hardware, Override, Scenario, load};
use rayon::prelude::*;

const SEEDS: u64 = 300;

/// What a draw may lay over a scenario, whatever it is about; what does not fit it is left out.
const OPTIONS: &[&str] = &[
    "time.caches=cold",
    "cluster.directory=odbc",
    "cluster.directory=memory-mapped",
    "node.primary.count=2",
    "node.primary.count=5",
    "node.primary.tier=piii-300",
    "node.primary.tier=quad-xeon-2800",
    "node.data.tier=piii-1000-raid",
    "tier.unit.cores=3",
    "tier.unit.contention=0.1",
    "routing.default.switch.algorithm=least-connections",
    "routing.default.switch.algorithm=random-two-choices",
    "routing.default.switch.algorithm=source-hash",
    "routing.default.switch.algorithm=consistent-hash",
    "routing.default.switch.algorithm=least-response-time",
    "routing.default.switch.check={ kind = \"service\", interval = \"1 s\", fall = 2 }",
    "routing.default.switch.check={ kind = \"ping\", interval = \"2 s\" }",
    "routing.default.switch.persistence={ timeout = \"5 min\" }",
    "routing.default={ round-robin-dns = { ttl = \"20 s\" } }",
    "routing.default={ nlb = {} }",
    "switch={ connection_rate = \"200 /s\", connections = 500 }",
    "switch={ pair = true, failover = \"2 s\" }",
    "monitor={ interval = \"5 s\" }",
    "filter={ antivirus = { cpu = \"50 ms\", pass = \"95 %\" } }",
    "filter={ reject = { cpu = \"1 ms\", pass = \"60 %\", stage = \"connection\" } }",
    "service.pop3.workers=20",
    "service.pop3.connections=15",
    "service.smtp.workers=8",
    "service.smtp.connections=10",
    "service.smtp.backlog=3",
    "service.job.connections=4",
    "service.pop3.mailbox_lock=true",
    "service.imap.workers=30",
    "population.subscribers.users=60_000",
    "population.subscribers.spam=50 %",
    "population.people.users=3_000",
    "burst={ morning = { begins = \"10 s\", lasts = \"15 s\", factor = 3.0 } }",
    "background={ indexing = { begins = \"5 s\", lasts = \"20 s\", nodes = [\"primary\"], cpu = \"20 %\" } }",
    "fault={ a = { component = \"primary-1\", kind = \"stop\", at = \"10 s\", lasts = \"15 s\" } }",
    "fault={ a = { component = \"primary-2\", kind = \"hang\", at = \"5 s\", lasts = \"15 s\" } }",
    "fault={ a = { component = \"data\", kind = \"black-hole\", at = \"12 s\", lasts = \"10 s\" } }",
    "fault={ a = { component = \"switch\", kind = \"stop\", at = \"12 s\", lasts = \"10 s\" } }",
    "fault={ a = { component = \"primary\", kind = \"slow\", at = \"3 s\", lasts = \"30 s\", speed = \"20 %\" } }",
    "fault={ a = { component = \"primary-1.smtp\", kind = \"stop\", at = \"8 s\", lasts = \"20 s\" } }",
    "fault={ a = { component = \"primary-1.link\", kind = \"black-hole\", at = \"8 s\", lasts = \"20 s\" } }",
    "fault={ a = { component = \"primary-1\", kind = \"maintenance\", at = \"8 s\", lasts = \"20 s\" } }",
    "fault={ a = { component = \"dns\", kind = \"stop\", at = \"8 s\", lasts = \"20 s\" } }",
    "store={ start_up = \"4 s\" }",
    "sender={ postfix = { retries = [\"5 s\", \"10 s\", \"20 s\"] } }",
    "product.system_ram=200 MB",
];

/// So many of them are tried, and so many at most are laid over a scenario.
const TRIES: usize = 40;
const MOST: usize = 8;

/// The scenario of a seed: what it is drawn from, and what of the drawn options fits.
fn drawn(seed: u64, files: &[(String, String)]) -> (String, Vec<&'static str>, Scenario) {
    let mut chance = Key::new(seed, 0, Purpose::Housekeeping, "swarm").stream();
    let (name, text) = &files[below(&mut chance, files.len())];
    let path = format!("{}/scenarios/{name}", env!("CARGO_MANIFEST_DIR"));
    let hardware = Hardware::built_in();
    let with = |options: &[&str]| {
        let fixed = ["time.window=40 s", "time.warm_up=20 s"];
        let options: Vec<Override> = fixed.iter().chain(options).map(|option| option.parse().unwrap()).collect();
        load(&path, text, &options, &hardware)
    };
    let mut options: Vec<&'static str> = vec![];
    // A script that is about later times can't be shortened; its scenario is drawn without it.
    if with(&options).is_err() {
        options.push("fault={}");
    }
    let many = options.len() + below(&mut chance, MOST + 1);
    for _ in 0..TRIES {
        let option = OPTIONS[below(&mut chance, OPTIONS.len())];
        if options.len() < many && !options.contains(&option) {
            options.push(option);
            if with(&options).is_err() {
                options.pop();
            }
        }
    }
    let scenario = with(&options).unwrap_or_else(|e| panic!("seed {seed}, `{name}` with {options:?}: {e}"));
    (name.clone(), options, scenario)
}

fn below(chance: &mut Stream, end: usize) -> usize {
    chance.below(end as u64) as usize
}

/// Runs the scenario of a seed; how many options it has.
fn swim(seed: u64, files: &[(String, String)]) -> usize {
    let (name, options, scenario) = drawn(seed, files);
    let what = format!("seed {seed}: `{name}` with {options:?}");
    let run = std::panic::catch_unwind(|| simulate(&scenario, seed, &Control::default()));
    match run {
        Ok(Ok(record)) => {
            let began: u64 = record.observed.services.iter().map(|service| service.flow.began).sum();
            assert!(began > 0, "{what}: nobody came");
        }
        Ok(Err(Failure::Overfull { .. })) => {}
        Ok(Err(failure)) => panic!("{what}: {failure:?}"),
        Err(_) => panic!("{what}: the program ended"),
    }
    options.len()
}

#[test]
fn whatever_is_drawn_adds_up() {
    let mut files = shipped();
    // Twenty times a region takes long, and draws nothing that the region does not.
    files.retain(|(name, _)| name != "regional-isp-x20.toml" && name != "regional-isp-imap.toml");
    if let Ok(seed) = std::env::var("MXPLAN_SWARM") {
        let seed = seed.parse().expect("`MXPLAN_SWARM` is a seed, a whole number");
        let (name, options, _) = drawn(seed, &files);
        println!("seed {seed}: `{name}` with {options:?}");
        swim(seed, &files);
        return;
    }
    let seeds = std::env::var("MXPLAN_SWARM_SEEDS").map_or(SEEDS, |seeds| seeds.parse().expect("a whole number"));
    let options: usize = (0..seeds).into_par_iter().map(|seed| swim(seed, &files)).sum();
    println!("{seeds} scenarios with {options} options together");
    assert!(options > 2 * seeds as usize, "hardly anything of what is drawn fits: {options}");
}
