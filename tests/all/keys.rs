//! Every key of a scenario changes an outcome. One row a key: the option, what moves, and by which factor.

use crate::support::{run, scenario};
use mxplan::experiment::Summary;

/// What is watched, and the factor by which it must move: the exact one by hand, and room for chance.
type Row = (&'static str, &'static str, fn(&Summary) -> f64, std::ops::Range<f64>);

const NETWORK: &str = "theory/network.toml";
const MEMORY: &str = "memory.toml";
const DNS: &str = "theory/dns.toml";
const DIRECTORY: &str = "directory.toml";
const ISP: &str = "regional-isp.toml";
const CALLS: &str = "theory/calls.toml";
const SPLIT: &str = "theory/split.toml";
const UNEQUAL: &str = "unequal-nodes.toml";
const STANDING: &str = "theory/standing.toml";

fn mean(summary: &Summary) -> f64 {
    summary.services.values().next().unwrap().response_s.mean.estimate.unwrap()
}

fn link(summary: &Summary) -> f64 {
    summary.services.values().next().unwrap().link_s.mean.estimate.unwrap()
}

fn offered(summary: &Summary) -> f64 {
    summary.services.values().map(|service| service.offered).sum::<u64>() as f64
}

fn cpu(summary: &Summary) -> f64 {
    summary.nodes["primary-1"].cpu_ratio.estimate.unwrap()
}

fn disk(summary: &Summary) -> f64 {
    summary.nodes["primary-1"].disk_ratio.estimate.unwrap()
}

fn wire(summary: &Summary) -> f64 {
    summary.nodes["primary-1"].link_ratio.estimate.unwrap()
}

fn data_cpu(summary: &Summary) -> f64 {
    summary.nodes["data"].cpu_ratio.estimate.unwrap()
}

fn data_disk(summary: &Summary) -> f64 {
    summary.nodes["data"].disk_ratio.estimate.unwrap()
}

fn data_wire(summary: &Summary) -> f64 {
    summary.nodes["data"].link_ratio.estimate.unwrap()
}

fn standing(summary: &Summary) -> f64 {
    summary.services["imap"].standing.unwrap().estimate.unwrap()
}

fn share(summary: &Summary) -> f64 {
    summary.nodes["primary-1"].share_ratio.estimate.unwrap()
}

fn slow_share(summary: &Summary) -> f64 {
    summary.nodes["slow-1"].share_ratio.estimate.unwrap()
}

fn most(summary: &Summary) -> f64 {
    summary.balance.values().next().unwrap().max_over_mean.estimate.unwrap()
}

fn hidden(summary: &Summary) -> f64 {
    summary.dns.as_ref().unwrap().hidden_load["job"].max_over_mean.estimate.unwrap()
}

fn name_server(summary: &Summary) -> f64 {
    summary.nodes["name-server"].cpu_ratio.estimate.unwrap()
}

fn queries(summary: &Summary) -> f64 {
    summary.dns.as_ref().unwrap().queries as f64
}

fn lookups(summary: &Summary) -> f64 {
    queries(summary) + summary.dns.as_ref().unwrap().hits as f64
}

fn done(summary: &Summary, service: &str, operation: &str) -> f64 {
    summary.services[service].operations[operation].done as f64
}

fn level(summary: &Summary) -> f64 {
    1.0 - summary.levels[0].estimate.estimate.unwrap()
}

/// A level on the network's sessions, tight enough to be missed now and then.
const LEVEL: &str = "level={ mail = { service = \"mail\", share = \"90 %\", under = \"300 ms\" } }";

const BURST: &str = "burst={ b = { population = \"subscribers\", at = \"60 s\", lasts = \"60 s\", factor = 6 } }";
const MAIL_SIZE: &str = "arrivals.store.size={ mail_size = { median = \"2.8 KB\", sigma = 0.598, tail_from = \"10 KB\", \
                         tail_slope = 1.09 } }";

const ONE_CLUSTER: &str =
    "routing.default.round-robin-dns.within={ clusters = 1, switch = { algorithm = \"round-robin\" } }";
const TWO_CLUSTERS: &str = "routing.default.round-robin-dns.within={ clusters = 1, switch = { algorithm = \"random\" } } \
                            then routing.default.round-robin-dns.within.clusters=2";

#[test]
fn every_key_moves_what_it_is_about() {
    let rows: &[Row] = &[
        (NETWORK, "time.window=100 s", |s| s.simulated_s, 0.49..0.51),
        (NETWORK, "time.warm_up=50 s", |s| s.warm_up_s, 10.0..1e9),
        (NETWORK, "random.seed=2", offered, 0.9..0.9999),
        (NETWORK, "arrivals.store.rate=40 /s", offered, 1.3..1.36),
        (NETWORK, "arrivals.fetch.operations=[\"get\", \"get\"]", |s| done(s, "mail", "get"), 1.95..2.05),
        (NETWORK, "arrivals.fetch.messages=2", |s| done(s, "mail", "get"), 1.95..2.05),
        (NETWORK, "arrivals.store.size=80 KB", wire, 1.2..1.3),
        // 6.4 KB on average instead of 40 KB, for 10 of the 30 messages that cross a link; the others have 60 KB.
        (NETWORK, MAIL_SIZE, wire, 0.75..0.83),
        (NETWORK, "service.mail.operation.put.times=per-recipient", |s| done(s, "mail", "put"), 1.9..2.1),
        (NETWORK, "service.mail.operation.put.messages=remote", |s| done(s, "mail", "put"), 0.22..0.28),
        (
            NETWORK,
            "service.mail.operation.put.messages=local then arrivals.store.remote=0.5",
            |s| done(s, "mail", "put"),
            0.62..0.71,
        ),
        (
            NETWORK,
            "service.mail.operation.put.times=per-recipient then arrivals.store.recipients=3",
            |s| done(s, "mail", "put"),
            1.45..1.55,
        ),
        (NETWORK, "service.mail.operation.get.cpu=6 ms", cpu, 0.66..0.71),
        (NETWORK, "service.mail.operation.put.cpu_per_kb=0 ms", cpu, 0.87..0.92),
        (NETWORK, "service.mail.operation.put.data_cpu=1 ms", data_cpu, 0.73..0.80),
        (NETWORK, "service.mail.operation.put.queue_writes=2", disk, 1.9..2.1),
        (NETWORK, "service.mail.operation.get.store_reads=1", data_disk, 0.58..0.62),
        (NETWORK, "service.mail.operation.put.store_writes=2", data_disk, 1.18..1.22),
        (NETWORK, "service.mail.operation.put.queue_fsyncs=1", disk, 1.9..2.1),
        (NETWORK, "service.mail.operation.put.store_fsyncs=1", data_disk, 1.18..1.22),
        (NETWORK, "service.mail.operation.put.client_transfer=none", link, 0.82..0.87),
        (NETWORK, "service.mail.operation.get.store_transfer=none", data_wire, 0.3..0.37),
        (NETWORK, "service.mail.operation.put.round_trips=12", link, 1.9..2.02),
        // 20 ms for each of 35 calls and sessions a second become those of the 5 sessions.
        (CALLS, "service.webmail.operation.page.calls=[]", |s| s.nodes["imap"].cpu_ratio.estimate.unwrap(), 0.12..0.17),
        (CALLS, "service.imap.operation.fetch.remote_latency=1 s", mean, 8.0..10.0),
        // Sessions are under way for 1 s more; they don't wait longer.
        (
            CALLS,
            "service.webmail.operation.page.think=1 s",
            |s| s.services["webmail"].concurrency.estimate.unwrap(),
            5.0..9.0,
        ),
        (
            CALLS,
            "service.webmail.operation.page.think=1 s",
            |s| s.services["webmail"].response_s.mean.estimate.unwrap(),
            0.9..1.1,
        ),
        (STANDING, "arrivals.phone.stays=50 s", standing, 0.4..0.6),
        (STANDING, "arrivals.phone.visit.every=20 s", offered, 0.5..0.6),
        (
            STANDING,
            "service.imap.operation.login.cpu=1 ms then arrivals.phone.visit.operations=[\"sync\", \"login\"]",
            |s| done(s, "imap", "login"),
            9.0..13.0,
        ),
        (
            STANDING,
            "service.imap.operation.sync.times=per-message then arrivals.phone.visit.messages=3",
            |s| 1.0 + done(s, "imap", "sync"),
            1_000.0..1e9,
        ),
        (NETWORK, "client_group.all.bandwidth=1 Mbit/s", link, 4.0..8.0),
        (NETWORK, "client_group.all.rtt=200 ms", link, 3.0..8.0),
        (NETWORK, "tier.front.cores=2", cpu, 0.49..0.51),
        (NETWORK, "tier.front.speed=2.0", cpu, 0.49..0.51),
        (NETWORK, "tier.front.discipline=fcfs", mean, 0.8..0.99),
        (NETWORK, "tier.store.contention=0.2", data_cpu, 1.19..1.21),
        (NETWORK, "tier.store.coherency=0.1", data_cpu, 1.19..1.21),
        (NETWORK, "tier.front.cpu_quota=0.5", cpu, 1.98..2.02),
        (NETWORK, "tier.front.cpu_quota=0.5 then tier.front.cpu_period=1 s", mean, 0.7..0.9),
        (NETWORK, "tier.front.cpu_quota=0.5 then tier.front.cpu_burst=1 s", mean, 0.5..0.95),
        (NETWORK, "tier.front.cpu_quota=0.5 then tier.front.cpu_resume=3 ms", mean, 1.02..1.5),
        (
            NETWORK,
            "tier.front.cpu_quota=0.5 then tier.front.cpu_resume=3 ms then tier.front.cpu_cold=1 s",
            mean,
            0.5..0.99,
        ),
        (NETWORK, "tier.front.disks=2", disk, 0.49..0.51),
        (NETWORK, "tier.front.disk_service=6 ms", disk, 0.48..0.53),
        (NETWORK, "tier.front.disk_transfer=10 MB/s", disk, 1.28..1.38),
        (NETWORK, "tier.store.raid_write_penalty=2", data_disk, 1.18..1.22),
        (NETWORK, "tier.front.write_back=true", mean, 0.7..0.99),
        (NETWORK, "tier.front.write_back=true then tier.front.write_back_limit=1", mean, 1.003..1.005),
        (NETWORK, "service.mail.operation.put.queue_fsyncs=4 then tier.front.group_commit=true", disk, 0.7..0.95),
        (NETWORK, "tier.front.network=200 Mbit/s", wire, 0.49..0.51),
        (NETWORK, "node.primary.count=3", share, 0.65..0.68),
        (NETWORK, "node.primary.tier=store", cpu, 0.99..1.01),
        (NETWORK, "routing.default.switch.algorithm=round-robin", mean, 0.8..0.99),
        (NETWORK, "arrivals.fetch.sources=3", offered, 0.3..0.95),
        (
            ISP,
            "population.subscribers.users=20 then population.subscribers.finite=false",
            |s| offered(s) + 1.0,
            0.9..1.3,
        ),
        (NETWORK, "service.mail.connections=2", refused, 1.5..1e9),
        (NETWORK, "service.mail.connections=6 then service.mail.backlog=0", refused, 5.0..1e9),
        (NETWORK, "service.mail.state=local", data_disk, 0.0..1e-9),
        // 12 ms for each of 10 more writes, and of 40 reads, beside the 10 writes of the queue.
        (NETWORK, "service.mail.state=local", disk, 5.7..6.3),
        (NETWORK, "service.mail.workers=3", mean, 1.2..1e9),
        // Eager mailboxes are opened every 600 s, for one or two: it happens to some of 2250 visits.
        (ISP, "service.pop3.mailbox_lock=true", |s| 1.0 + s.services["pop3"].refused as f64, 2.0..30.0),
        (ISP, "service.smtp.queue_workers=1", |s| deposit(s), 1.02..1e9),
        (NETWORK, "level.mail.under=200 ms", level, 1.2..10.0),
        (NETWORK, "level.mail.share=50 %", |s| s.levels[0].margin_ratio.unwrap(), 1.05..10.0),
        (NETWORK, "level.mail.operation=get", |s| s.levels[0].estimate.estimate.unwrap(), 0.2..0.999),
        (ISP, "population.subscribers.users=60_000", offered, 1.9..2.1),
        // Six times the sessions for a fifth of the window.
        (ISP, BURST, offered, 1.9..2.1),
        // Without messages of 1000 and 2675 KB the mean is 12.9 KB instead of 24.5 KB.
        (ISP, "population.subscribers.max_message_size=100 KB", wire, 0.35..0.75),
        (ISP, "population.subscribers.domains=800", cpu, 1.4..1.6),
        // Of a machine that the sessions use at 38 %, of disks at 12 %; the data server's links are used at 6.4 and 19.2 %.
        (NETWORK, "background={ b = { role = \"primary\", cpu = \"20 %\" } }", cpu, 1.48..1.57),
        (NETWORK, "background={ b = { role = \"primary\", cpu = 0.2 } } then background.b.cpu=40 %", cpu, 1.31..1.38),
        (NETWORK, "background={ b = { role = \"primary\", cpu = 0.2 } } then background.b.role=data", cpu, 0.63..0.68),
        (
            NETWORK,
            "background={ b = { node = \"primary-1\", cpu = 0.2 } } then background.b.node=data",
            cpu,
            0.63..0.68,
        ),
        (
            NETWORK,
            "background={ b = { role = \"primary\", cpu = 0.4, at = \"100 s\", lasts = \"50 s\" } } then \
             background.b.lasts=100 s",
            cpu,
            1.18..1.24,
        ),
        (
            NETWORK,
            "background={ b = { role = \"primary\", reads = \"5 /s\" } } then background.b.reads=10 /s",
            disk,
            1.3..1.37,
        ),
        (
            NETWORK,
            "background={ b = { role = \"primary\", writes = \"5 /s\" } } then background.b.writes=10 /s",
            disk,
            1.3..1.37,
        ),
        (
            NETWORK,
            "background={ b = { role = \"primary\", bandwidth = \"10 Mbit/s\" } } then background.b.bandwidth=20 Mbit/s",
            wire,
            1.38..1.5,
        ),
        (
            NETWORK,
            "background={ b = { role = \"data\", bandwidth = \"10 Mbit/s\" } } then background.b.direction=in",
            data_wire,
            0.62..0.7,
        ),
        // 50 /s, each 5 ms longer.
        (
            ISP,
            "background={ b = { role = \"data\", reads = \"50 /s\" } } then background.b.size=200 KB",
            data_disk,
            1.05..3.0,
        ),
        (DIRECTORY, "cluster.directory=odbc", one_cpu, 0.8..0.95),
        (DIRECTORY, "service.pop3.operation.login.lookups=3", one_cpu, 1.25..1.45),
        (DIRECTORY, "directory.cpu=20 ms", one_cpu, 1.2..1.5),
        (DIRECTORY, "directory.cpu_per_account=20 us", one_cpu, 1.2..1.5),
        (DIRECTORY, "cluster.directory=odbc then directory.database_cpu=20 ms", one_cpu, 1.1..1.5),
        (DIRECTORY, "cluster.directory=memory-mapped then directory.ram_per_account=10 KB", ram_peak, 1.2..1.3),
        (MEMORY, "time.caches=cold", hits, 0.0..0.5),
        (MEMORY, "population.subscribers.mailbox=168 KB", hits, 0.49..0.51),
        (MEMORY, "population.subscribers.active=50 %", hits, 1.95..2.05),
        (MEMORY, "tier.server.ram=500 MB", hits, 0.36..0.42),
        (MEMORY, "product.system_ram=528 MB", hits, 0.5..0.55),
        (MEMORY, "product.domain_ram=1 MB", hits, 0.5..0.58),
        (MEMORY, "product.connection_ram=5 MB", ram_peak, 1.2..2.5),
        (MEMORY, "product.worker_ram=5 MB", ram_peak, 1.2..2.5),
        (MEMORY, "service.pop3.connection_ram=5 MB", ram_peak, 1.1..2.4),
        (MEMORY, "service.pop3.worker_ram=5 MB", ram_peak, 1.1..2.4),
        (MEMORY, "tier.server.ram=140 MB then product.page_faults=5", page_faults, 0.25..0.55),
        (MEMORY, "tier.server.ram=120 MB then product.ram_limit=1.2", ram_peak, 0.5..0.98),
        (ISP, "product.domain_cpu=40 ms", cpu, 1.4..1.6),
        (ISP, "product.domain_period=30 s", cpu, 1.4..1.6),
        (ISP, "client_group.dial-up.bandwidth=28 kbit/s", link, 1.4..2.1),
        (ISP, "service.smtp.operation.deposit.reply=after", mean_smtp, 1.001..10.0),
        (ISP, "service.pop3.operation.login.cpu=30 ms", cpu, 1.05..1.5),
        (ISP, "routing.pop3.switch.algorithm=random", |s| half_width(s), 1.5..1e9),
        // From five times the service to 1.95 times, exactly.
        (SPLIT, "routing.default.switch.algorithm=least-connections", mean, 0.37..0.41),
        // With replacement a quarter of the sessions have no choice among four nodes.
        (
            SPLIT,
            "routing.default.switch.algorithm=random-two-choices then routing.default.switch.replacement=true",
            mean,
            1.03..1.2,
        ),
        // Everybody behind one address: all at one of two nodes.
        (NETWORK, "client_group.all.addresses=1 then routing.default.switch.persistence={}", most, 1.9..2.01),
        (NETWORK, "routing.default.switch.algorithm=source-hash then client_group.all.addresses=1", most, 1.9..2.01),
        // By Zipf the first, fourth, … of 400 domains have 1.222 thirds of the people, and 2.545 with an exponent of 3.
        (ISP, "routing.default.switch.algorithm=content", most, 1.15..1.3),
        (ISP, "routing.default.switch.algorithm=content then population.subscribers.domain_skew=3", most, 1.9..2.3),
        // One query in 10 lookups becomes one in 20, or in 1.9 for a tenth as many clients each.
        (DNS, "routing.default.round-robin-dns.ttl=19 s", queries, 0.48..0.52),
        // One session in ten waits 50 ms for its name beside 10 ms of work, and some that come meanwhile wait for the rest.
        (DNS, "routing.default.round-robin-dns.round_trip=150 ms", mean, 1.55..1.85),
        (DNS, "routing.default.round-robin-dns.trips=3", mean, 1.55..1.85),
        (DNS, "client_group.all.resolver_rtt=15 ms", mean, 1.9..2.05),
        (DNS, "dns={ cpu = \"1 ms\" }", name_server, 9.8..10.2),
        (DNS, "client_group.all.resolvers=100", queries, 5.1..5.4),
        // Σ λ/(1 + 9λ) over λ = 3.414/r instead of 10 · 1/10.
        (DNS, "client_group.all.resolver_skew=1.0", queries, 0.935..0.96),
        (DNS, "client_group.all.resolver_cache=false", queries, 9.8..10.2),
        (DNS, "client_group.all.stretchers=1.0", queries, 0.0..0.03),
        (DNS, "client_group.all.stretchers=1.0 then client_group.all.stretch_to=19 s", queries, 20.0..1e9),
        // Everybody gets the first address first.
        (DNS, "routing.default.round-robin-dns.rotation=fixed", share, 1.8..2.2),
        // Ten coins, of which one side has 1.246 times the mean on average.
        (
            DNS,
            "routing.default.round-robin-dns.ttl=7 days then client_group.all.resolver_order=rotated",
            hidden,
            0.6..0.95,
        ),
        (
            DNS,
            "routing.default.round-robin-dns.ttl=7 days then client_group.all.address_choice=shuffled",
            most,
            0.6..0.97,
        ),
        // One lookup in each life of an hour, in which an address has 360 sessions; in one of 10 s it has 2 with the first.
        (DNS, "client_group.all.pinners=1.0", lookups, 0.0..0.01),
        (DNS, "client_group.all.pinners=1.0 then client_group.all.pin_life=10 s", lookups, 100.0..400.0),
        (DNS, ONE_CLUSTER, |s| s.dns.as_ref().unwrap().first_address_ratio.len() as f64, 0.5..0.51),
        (DNS, TWO_CLUSTERS, |s| s.dns.as_ref().unwrap().first_address_ratio.len() as f64, 2.0..2.01),
        // Four packets a connection at 100 us, for 160 sessions a second or, alone in its cluster, for none.
        (
            SPLIT,
            "routing.default={ switch = { algorithm = \"random\", within = { clusters = 2, nlb = { filter_cpu = \"100 us\" } } } } \
             then routing.default.switch.within.clusters=4",
            cpu,
            0.91..0.94,
        ),
        (
            SPLIT,
            "routing.default={ nlb = { filter_cpu = \"10 us\" } } then routing.default.nlb.filter_cpu=100 us",
            cpu,
            1.1..1.2,
        ),
        (
            NETWORK,
            "client_group.all.addresses=1 then routing.default={ nlb = { affinity = \"single\" } }",
            most,
            1.9..2.01,
        ),
        // 30 of 60 become 45, and 1 of 60 with an odd remainder 1 of 32.
        (
            NETWORK,
            "routing.default={ nlb = { affinity = \"none\" } } then routing.default.nlb.weights={ primary-1 = 3 }",
            share,
            1.4..1.6,
        ),
        (
            NETWORK,
            "routing.default={ nlb = { weights = { primary-2 = 40 } } } then routing.default.nlb.buckets=32",
            share,
            1.5..2.3,
        ),
        (
            NETWORK,
            "routing.default={ nlb = { filter_cpu = \"100 us\" } } then routing.default.nlb.packet=100 B",
            cpu,
            1.05..3.0,
        ),
        // 6 of 14 become 2 of 6.
        (UNEQUAL, "node.fast.weight=2", |s| s.nodes["fast-1"].share_ratio.estimate.unwrap(), 0.77..0.79),
        // 6 of 14 become a half.
        (UNEQUAL, "node.slow.backup=true", |s| s.nodes["fast-1"].share_ratio.estimate.unwrap(), 1.16..1.17),
        // Weights times what is idle: a slow one at 63 % counts for less beside a fast one at 50 %.
        (UNEQUAL, "routing.default.switch.agent={}", slow_share, 0.7..0.95),
        // Never told: an hour is longer than the run.
        (
            UNEQUAL,
            "routing.default.switch.agent={} then routing.default.switch.agent.interval=1 h",
            slow_share,
            1.05..1.4,
        ),
        // M/D/1 at a box that takes 400 while 320 come: 2.5 ms and a wait of 5 ms, beside 50 ms.
        (SPLIT, "switch.connection_rate=400 /s", mean, 1.05..1.25),
        (NETWORK, "switch.connections=4", refused, 100.0..1e5),
        // 3.2 MB/s through 5 MB/s: 53 KB each take 10.7 ms / (1 - 0.64), beside 139 ms.
        (NETWORK, "switch.throughput=40 Mbit/s", mean, 1.15..1.3),
        // Two round trips of a put and one of a get, which are twice as many: 133 ms.
        (NETWORK, "switch.latency=100 ms", mean, 1.9..2.02),
        (ISP, "node.data.tier=piii-1000-raid", data_cpu, 1.9..2.1),
    ];
    for (file, option, watched, factor) in rows {
        let base = base(file);
        let with: Vec<&str> = base.iter().copied().chain(option.split(" then ")).collect();
        let before = watched(&run(&scenario(file, &with[..with.len() - 1]), 2));
        let after = watched(&run(&scenario(file, &with), 2));
        let moved = after / before;
        println!("{option}: {before:.4} → {after:.4}");
        assert!(factor.contains(&moved), "`{option}` moves {before} to {after}, by {moved} and not within {factor:?}");
    }
}

fn one_cpu(summary: &Summary) -> f64 {
    summary.nodes["primary"].cpu_ratio.estimate.unwrap()
}

fn hits(summary: &Summary) -> f64 {
    summary.nodes["primary"].cache_hit_ratio.unwrap().estimate.unwrap()
}

fn ram_peak(summary: &Summary) -> f64 {
    summary.nodes["primary"].ram_peak_mb.unwrap()
}

fn page_faults(summary: &Summary) -> f64 {
    summary.nodes["primary"].page_faults.unwrap() as f64
}

/// Refused sessions, and one so that there is a factor.
fn refused(summary: &Summary) -> f64 {
    1.0 + summary.services["mail"].refused as f64
}

fn deposit(summary: &Summary) -> f64 {
    summary.services["smtp"].operations["deposit"].response_s.mean.estimate.unwrap()
}

fn mean_smtp(summary: &Summary) -> f64 {
    summary.services["smtp"].response_s.mean.estimate.unwrap()
}

/// How uncertain the share of the first primary is: nothing varies when sessions take turns.
fn half_width(summary: &Summary) -> f64 {
    summary.nodes["primary-1"].share_ratio.half_width().unwrap()
}

/// Options that give every row something to move.
fn base(file: &str) -> &'static [&'static str] {
    match file {
        NETWORK => &[
            "time.window=200 s",
            LEVEL,
            "arrivals.store.rate=20 /s",
            "arrivals.store.recipients=2",
            "arrivals.store.remote=0.25",
        ],
        STANDING => &["time.window=500 s"],
        DNS => &["time.warm_up=0 s"],
        CALLS => &["time.window=200 s"],
        _ => &["time.window=300 s", "time.warm_up=60 s"],
    }
}

/// Two services of which a stream uses one, and two tables of nodes with a role.
const TWO: &str = r#"
format = 1
name = "two"
[time]
window = "100 s"
[arrivals.a]
service = "fast"
rate = "20 /s"
[arrivals.b]
service = "slow"
rate = "20 /s"
[arrivals.c]
service = "fast"
rate = "20 /s"
[service.fast.operation.work]
cpu = "1 ms"
[service.slow.operation.work]
cpu = "10 ms"
[tier.unit]
cores = 1
speed = 1.0
disks = 1
disk_iops = "100 /s"
[cluster]
configuration = "multiple-primaries"
[node.primary]
tier = "unit"
[node.second]
tier = "unit"
role = "primary"
[node.data]
tier = "unit"
"#;

#[test]
fn a_stream_loads_its_service_and_a_role_makes_a_primary() {
    let read = |option: &str| crate::support::resolve("two.toml", TWO, &[option]);
    let summary = run(&read("random.seed=1"), 2);
    let moved = run(&read("arrivals.a.service=slow"), 2);
    assert!(moved.services["slow"].offered > summary.services["slow"].offered * 3 / 2);
    // Without a role of its own, a table named neither `primary` nor `data` is refused; with one, it shares the load.
    assert!((summary.nodes["second"].share_ratio.estimate.unwrap() - 0.5).abs() < 0.01);
    let slow_disk = read("tier.unit.disk_iops=50 /s");
    let faster = read("tier.unit.disk_iops=200 /s");
    let service = |s: &mxplan::scenario::Scenario| s.cluster.nodes[0].tier.disk_service.mean();
    assert!((service(&slow_disk) / service(&faster) - 4.0).abs() < 1e-9);
}

#[test]
fn the_configuration_decides_where_the_store_is() {
    let alone = [
        "cluster.configuration=stand-alone",
        "node={ primary = { tier = \"dual-piii-1000\" } }",
        "routing={}",
        "time.window=300 s",
    ];
    let one = run(&scenario(ISP, &alone), 2);
    let five = run(&scenario(ISP, &["time.window=300 s"]), 2);
    assert!(one.nodes.len() == 1 && five.nodes.len() == 4);
    assert!(one.nodes["primary"].disk_ratio.estimate > five.nodes["primary-1"].disk_ratio.estimate);
}

#[test]
fn a_profile_of_ones_own_is_read_from_beside_the_scenario() {
    let folder = tempfile::tempdir().unwrap();
    let habits = include_str!("../../scenarios/profiles/pop-isp-2003.toml")
        .replace("per_user_per_day = 3.0", "per_user_per_day = 6.0");
    std::fs::write(folder.path().join("mine.toml"), habits).unwrap();
    let path = folder.path().join("x.toml").display().to_string();
    let text = include_str!("../../scenarios/regional-isp.toml");
    let rate = |option: &str| crate::support::resolve(&path, text, &[option]).streams[0].rate_per_s;
    let ratio = rate("population.subscribers.profile=mine.toml") / rate("random.seed=1");
    assert!((ratio - 2.0).abs() < 1e-9, "{ratio}");
}

#[test]
fn an_office_is_a_finite_source_and_its_mail_from_outside_is_not() {
    let office = |option: &str| {
        let slow = ["population.subscribers.users=50", "client_group.dial-up.bandwidth=200 bit/s", "time.window=day"];
        scenario(ISP, &[slow[0], slow[1], slow[2], option])
    };
    let (finite, open) = (office("random.seed=1"), office("population.subscribers.finite=false"));
    for stream in &finite.streams {
        assert_eq!(stream.source.is_none(), stream.name.ends_with("inbound"), "{}", stream.name);
    }
    assert!(open.streams.iter().all(|stream| stream.source.is_none()));
    // Then offered load is an upper bound, and says so.
    use mxplan::analytic::offered;
    assert!(!offered(&finite).is_exact() && offered(&open).is_exact());
    // On a line so slow that a message takes a quarter of an hour, people are busy much of the evening.
    let pop3 = |scenario| run(scenario, 4).services["pop3"].offered as f64;
    let (few, many) = (pop3(&finite), pop3(&open));
    assert!(few < 0.97 * many, "{few} and {many}");
}
