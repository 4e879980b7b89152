//! The lab: what it makes of a scenario, its clients against servers that misbehave, and, as root, real servers.

use crate::support::{resolve, scenario};
use assert_cmd::Command;
use mxplan::deployment::haproxy;
use mxplan::experiment::{Control, Execution, Rule, replicate};
use mxplan::lab::job::{Job, Order, Patience, Pools, Protocol, Target, Way};
use mxplan::lab::letter::{LOAD, letter};
use mxplan::lab::load::{Clients, Outcome, Session, send};
use mxplan::lab::{Blueprint, Change, HostRecord, Letter, Record, Sample, Struck, blueprint, measure};
use mxplan::scenario::Scenario;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(crate) fn planned(file: &str, options: &[&str]) -> Result<Blueprint, Vec<String>> {
    blueprint(&scenario(file, options), 0, 2, 1)
}

#[test]
fn real_servers_meet_the_very_sessions_of_a_simulation() {
    let scenario = scenario("lab/one-node.toml", &[]);
    let job = blueprint(&scenario, 0, 2, 1).unwrap().job;
    let run = replicate(&scenario, Rule::Count(1), &Control::default(), Execution::InOrder).unwrap();
    let (begin, end) = (job.window.0.as_nanos() as u64, job.window.1.as_nanos() as u64);
    assert_eq!((begin, end), (5_000_000_000, 35_000_000_000));
    for (index, service) in scenario.services.iter().enumerate() {
        let comes = |order: &&Order| order.protocol.name() == service.name && (begin..end).contains(&order.at_ns);
        let came = job.orders.iter().filter(comes).count() as u64;
        assert_eq!(came, run.records[0].observed.services[index].flow.began, "{}", service.name);
    }
    assert!(job.orders.is_sorted_by_key(|order| order.at_ns));
    let messages = |protocol| job.orders.iter().find(|order| order.protocol == protocol).unwrap().messages.clone();
    assert_eq!(messages(Protocol::Pop3), vec![(2_000, 1); 10]);
    assert_eq!(messages(Protocol::Imap), vec![(2_000, 1); 3]);
    assert_eq!(job.mailboxes.len(), 2);
    assert!(job.mailboxes.iter().all(|shelf| shelf.sizes.len() == 100));
}

#[test]
fn processors_are_dealt_out_and_budgets_are_those_of_the_tiers() {
    let job = planned("lab/two-nodes.toml", &[]).unwrap().job;
    let names: Vec<&str> = job.hosts.iter().map(|host| host.name.as_str()).collect();
    assert_eq!(names, ["primary-1", "primary-2", "data"]);
    for host in &job.hosts {
        assert_eq!(host.cpus, [1], "the first processor is for the load");
        let quota = host.quota.unwrap();
        assert_eq!((quota.us, quota.period_us, quota.burst_us), (1_000, 5_000, 0));
        assert!((host.capacity_cores() - 0.2).abs() < 1e-12);
    }
    assert_eq!(job.load_cpus, [0]);
    // Of a burst Linux has a millisecond of its own.
    let kept = planned("lab/two-nodes.toml", &["tier.fifth.cpu_burst=1.5 ms"]).unwrap().job;
    assert_eq!(kept.hosts[0].quota.unwrap().burst_us, 500);
    let whole = planned("lab/one-node.toml", &["tier.fifth.cpu_quota=1.0"]).unwrap().job;
    assert!((whole.hosts[0].capacity_cores() - 1.0).abs() < 1e-12);
    let refused = planned("lab/two-nodes.toml", &["tier.fifth.cpu_quota=0.5"]).unwrap_err();
    assert!(refused[0].contains("the nodes need more processors") && refused[0].contains("`fifth`"), "{refused:?}");
}

#[test]
fn the_data_server_has_the_mailboxes_only_where_operations_use_it() {
    let hosts = planned("lab/two-nodes.toml", &[]).unwrap().job.hosts;
    let dovecot = |index: usize| hosts[index].dovecot.clone().unwrap();
    assert!(dovecot(0).contains("proxy=y host=10.77.1.3") && !dovecot(2).contains("proxy=y"));
    assert!(hosts[0].postfix.as_ref().unwrap().main_cf.contains("virtual_transport = lmtp:inet:[10.77.1.3]:24"));
    assert!(hosts[2].postfix.is_none() && dovecot(2).contains("port = 24"));
    // Nobody asks it for anything: a store that all nodes have mounted.
    let without = [
        "service.pop3.operation.login.data_cpu=0 s",
        "service.pop3.operation.retrieve.data_cpu=0 s",
        "service.smtp.operation.deposit.data_cpu=0 s",
    ];
    let hosts = planned("lab/two-nodes.toml", &without).unwrap().job.hosts;
    assert_eq!(hosts.len(), 2);
    assert!(hosts.iter().all(|host| !host.dovecot.as_ref().unwrap().contains("proxy=y")));
}

#[test]
fn what_can_t_be_built_is_refused_with_all_reasons() {
    let refused = planned("regional-isp.toml", &[]).unwrap_err().join("; ");
    assert!(refused.contains("sends mail to others"), "{refused}");
    let refused = planned("dns-ttl.toml", &[]).unwrap_err().join("; ");
    assert!(refused.contains("several client groups look names up, and in the lab one does"), "{refused}");
    assert!(refused.contains("`name-server` is a name-server, and the lab has primaries"), "{refused}");
    let names = |option: &str| planned("lab/names.toml", &[option]).unwrap_err().join("; ");
    let zone = "routing.default.round-robin-dns";
    assert!(names(&format!("{zone}.rotation=one-address")).contains("BIND tells all of them"));
    assert!(names(&format!("{zone}.ttl=1500 ms")).contains("the `ttl` of `pop3` is no whole number of seconds"));
    assert!(names("routing.smtp.round-robin-dns.rotation=fixed").contains("has another `rotation` than that"));
    assert!(names("client_group.lan.stretchers=5 %").contains("some resolvers keep answers for too long"));
    assert!(names("client_group.lan.pinners=5 %").contains("clients of the lab take the first address"));
    assert!(names("client_group.lan.address_choice=sorted").contains("clients of the lab take the first address"));
    assert!(names("client_group.lan.resolvers=65").contains("there are 65 resolvers, and in the lab 64 at most"));
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/lab/one-node.toml")).unwrap();
    let text = text.replace("[node.primary]", "[node.switch]\nrole = \"primary\"");
    let refused = blueprint(&resolve("x.toml", &text, &[]), 0, 2, 1).unwrap_err();
    assert_eq!(refused, ["`switch` is the name of a host of the lab's own; call the node something else"]);
    let switch = "routing.default.switch";
    let refused = planned("lab/two-nodes.toml", &[&format!("{switch}.algorithm=least-response-time")]).unwrap_err();
    assert!(refused.iter().all(|reason| reason.contains("HAProxy has no such algorithm")), "{refused:?}");

    let mut command = Command::cargo_bin("mxplan").unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/dns-ttl.toml");
    let output = command.args(["lab", "run", path]).assert().code(2).get_output().clone();
    assert!(String::from_utf8(output.stderr).unwrap().contains("error: the lab can't be `"));
}

#[test]
fn names_are_written_as_bind_and_unbound_read_them() {
    let job = |options: &[&str]| planned("lab/names.toml", options).unwrap().job;
    let plain = job(&["routing.smtp.round-robin-dns.ttl=0 s", "routing.smtp.round-robin-dns.round_trip=0 s"]);
    let names = plain.names.clone().unwrap();
    assert!(names.named_conf.contains("listen-on { 10.77.0.3; };"), "{}", names.named_conf);
    assert!(names.named_conf.contains("rrset-order { order random; };"), "{}", names.named_conf);
    for line in ["pop3 2 IN A 10.77.1.1\n", "pop3 2 IN A 10.77.1.2\n", "smtp 0 IN A 10.77.1.2\n"] {
        assert!(names.zone.contains(line), "{line} is not in {}", names.zone);
    }
    assert_eq!(names.resolvers.len(), 4);
    let (address, text) = &names.resolvers[3];
    assert_eq!(*address, Ipv4Addr::new(10, 77, 32, 4));
    for line in ["    interface: 10.77.32.4\n", "    rrset-roundrobin: no\n", "    cache-max-ttl: 604800\n"] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    // Neighbouring sources share a resolver, a quarter of them each.
    let mut asked = BTreeMap::<Ipv4Addr, BTreeSet<u32>>::new();
    for order in &plain.orders {
        let Target::Name { resolver, .. } = order.target else { panic!("{order:?}") };
        asked.entry(resolver).or_default().insert(order.source);
    }
    let ranges: Vec<(u32, u32)> = asked.values().map(|own| (*own.first().unwrap(), *own.last().unwrap())).collect();
    assert_eq!(ranges.len(), 4);
    assert!(
        ranges.iter().zip(0..).all(|((low, high), place)| place * 25 <= *low && *high < (place + 1) * 25),
        "{ranges:?}"
    );
    let numbers: BTreeSet<u16> = plain
        .orders
        .iter()
        .map(|order| if let Target::Name { query, .. } = order.target { query } else { 0 })
        .collect();
    assert!(numbers.len() > plain.orders.len() * 9 / 10, "questions have numbers of their own");
    let patience = plain.patience;
    assert_eq!((patience.connect_timeout.as_secs(), patience.timeout.as_secs(), patience.next_address), (2, 60, true));
    assert!(!job(&["client_group.lan.next_address=false"]).patience.next_address);
    assert_eq!(plain.pools.nodes["pop3"], ["primary-1", "primary-2"]);

    let text = |options: &[&str]| job(options).names.unwrap().resolvers.remove(0).1;
    assert!(text(&["client_group.lan.resolver_order=rotated"]).contains("rrset-roundrobin: yes"));
    assert!(text(&["client_group.lan.resolver_cache=false"]).contains("cache-max-ttl: 0\n"));
    let fixed = job(&["routing.default.round-robin-dns.rotation=fixed"]).names.unwrap().named_conf;
    assert!(fixed.contains("rrset-order { order none; };"), "{fixed}");
    assert_eq!(planned("lab/two-nodes.toml", &[]).unwrap().job.names, None);
    let late = planned("lab/names.toml", &["routing.default.round-robin-dns.round_trip=50 ms"]).unwrap().differences;
    assert!(late.iter().any(|difference| difference.starts_with("name servers are at hand")), "{late:?}");
}

#[test]
fn mail_from_outside_is_sent_by_a_server_of_its_own_and_taken_by_a_backup() {
    let plan = |options: &[&str]| planned("lab/backup.toml", options);
    let job = plan(&[]).unwrap().job;
    let names: Vec<&str> = job.hosts.iter().map(|host| host.name.as_str()).collect();
    assert_eq!(names, ["primary", "backup"]);
    let backup = &job.hosts[1];
    assert_eq!((backup.dovecot.as_ref(), &backup.ports[..], backup.cpus.clone()), (None, &[25][..], vec![1]));
    assert!((backup.capacity_cores() - 0.2).abs() < 1e-12);
    let world = job.world.as_ref().unwrap();
    for text in [&world.postfix, &backup.postfix].map(|texts| &texts.as_ref().unwrap().main_cf) {
        for line in [
            "relay_domains = lab.test\n",
            "queue_run_delay = 3s\n",
            "minimal_backoff_time = 3s\n",
            "maximal_backoff_time = 6s\n",
            "smtp_connect_timeout = 3s\n",
            "smtp_mail_timeout = 300s\n",
            "smtp_data_done_timeout = 600s\n",
            "initial_destination_concurrency = 5\n",
            "default_destination_concurrency_limit = 20\n",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
        assert!(!text.contains("virtual_transport") && !text.contains("disable_dns_lookups"), "{text}");
    }
    assert!(backup.postfix.as_ref().unwrap().main_cf.contains("myhostname = backup.lab.test\n"));
    let names = job.names.as_ref().unwrap();
    for line in ["@ IN MX 5 mx\n", "mx IN A 10.77.1.1\n", "@ IN MX 10 backup\n", "backup IN A 10.77.1.2\n"] {
        assert!(names.zone.contains(line), "{line} is not in {}", names.zone);
    }
    assert_eq!(names.resolvers.iter().map(|(address, _)| Some(*address)).collect::<Vec<_>>(), [names.of_servers]);
    for order in &job.orders {
        let outside = order.protocol == Protocol::Smtp;
        let target = Ipv4Addr::from(if outside { [10, 77, 0, 4] } else { [10, 77, 1, 1] });
        assert_eq!((order.hands_over, order.target), (outside, Target::Address(target)));
    }
    assert_eq!(planned("lab/one-node.toml", &[]).unwrap().job.world, None);
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/lab/backup.toml")).unwrap();
    let text = text.replace("[node.backup]\ntier = \"fifth\"\n", "");
    let text = text.split("[backup.delivery]").next().unwrap();
    let alone = resolve("x.toml", text, &["cluster.configuration=stand-alone"]);
    let without = blueprint_of(&alone).names.unwrap().zone;
    assert!(without.contains("MX 5 mx") && !without.contains("MX 10"), "{without}");

    let refused = |option: &str| plan(&[option]).unwrap_err().join("; ");
    assert!(refused("sender.world.servers=2").contains("in the lab one server sends all mail from outside"));
    assert!(refused("sender.world.delivery.scan=1500 ms").contains("the times of `world` are no whole seconds"));
    assert!(refused("backup.delivery.pause=4 s").contains("`backup` pauses for `minimal_backoff`"));
    assert!(refused("backup.delivery.phase=1 s").contains("leave `phase` away"));
    assert!(refused("backup.flush=1 s").contains("leave `flush` away"));
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/lab/one-node.toml")).unwrap();
    let idle = resolve(
        "x.toml",
        &(text + "\n[node.backup]\ntier = \"fifth\"\n"),
        &["cluster.configuration=primary-with-backup"],
    );
    let refused = blueprint(&idle, 0, 2, 1).unwrap_err().join("; ");
    assert!(refused.contains("nobody sends mail to the backup; write `from_outside = true`"), "{refused}");
}

fn blueprint_of(scenario: &Scenario) -> Job {
    blueprint(scenario, 0, 2, 1).unwrap().job
}

#[test]
fn hosts_that_share_an_address_listen_on_it_and_know_each_other() {
    let plan = |options: &[&str]| planned("lab/shared.toml", options);
    let job = plan(&["node.primary.weight=3"]).unwrap().job;
    let shared = job.shared.clone().unwrap();
    assert_eq!((shared.address, shared.hosts), (Ipv4Addr::new(10, 77, 0, 5), vec![(0, 3), (1, 3)]));
    let times = (shared.heartbeat.as_secs(), shared.missed, shared.convergence.as_secs());
    assert_eq!(times, (1, 5, 3));
    for host in &job.hosts {
        let own = format!("= {}, 10.77.0.5\n", host.address);
        assert!(host.postfix.as_ref().unwrap().main_cf.contains(&format!("inet_interfaces {own}")));
        assert!(host.dovecot.as_ref().unwrap().contains(&format!("listen {own}")));
    }
    assert!(job.orders.iter().all(|order| order.target == Target::Address(shared.address)));
    assert_eq!(planned("lab/two-nodes.toml", &[]).unwrap().job.shared, None);
    let later = plan(&["routing.default.nlb.heartbeat=500 ms", "routing.default.nlb.heartbeats_missed=7"]).unwrap().job;
    let later = later.shared.unwrap();
    assert_eq!((later.heartbeat.as_millis(), later.missed), (500, 7));

    let refused = |option: &str| plan(&[option]).unwrap_err().join("; ");
    assert!(refused("routing.default.nlb.buckets=60").contains("write `affinity = \"single\"` and `buckets = 32`"));
    assert!(refused("routing.default.nlb.affinity=none").contains("the lab hashes addresses into 32 buckets"));
    assert!(refused("routing.default.nlb.weights.primary-1=2").contains("weights of its own"));
    assert!(refused("fault.kill.kind=hang").contains("`fault.kill`: what hangs in the lab is programs"));
}

#[test]
fn a_switch_is_written_as_haproxy_reads_it() {
    let text = |options: &[&str]| {
        let scenario = scenario("lab/two-nodes.toml", options);
        haproxy(&scenario, Ipv4Addr::new(192, 0, 2, 1), |_| Ipv4Addr::new(192, 0, 2, 9), "/dev/log").unwrap().unwrap()
    };
    let plain = text(&[]);
    for line in [
        "    log /dev/log local0 notice\n",
        "listen pop3\n    bind 192.0.2.1:110\n    balance roundrobin\n",
        "    tcp-check expect rstring ^\\+OK\n",
        "    server primary-2 192.0.2.9:25 check inter 1000ms fall 3 rise 2\n",
    ] {
        assert!(plain.contains(line), "{line} is not in {plain}");
    }
    let of = |algorithm: &str| text(&[&format!("routing.default.switch.algorithm={algorithm}")]);
    assert!(of("least-connections").contains("balance leastconn\n"));
    assert!(of("source-hash").contains("balance source\n    hash-type map-based\n"));
    assert!(of("consistent-hash").contains("hash-type consistent\n"));
    assert!(of("random-two-choices").contains("balance random(2)\n"));
    let weighted = text(&["routing.default.switch.algorithm=weighted-round-robin", "node.primary.weight=7"]);
    assert!(weighted.contains("server primary-1 192.0.2.9:25 weight 7 check"));
    assert!(!of("round-robin").contains("weight"));
    // Nothing behind a switch, nothing to write.
    let alone = scenario("lab/one-node.toml", &[]);
    assert_eq!(haproxy(&alone, Ipv4Addr::LOCALHOST, |_| Ipv4Addr::LOCALHOST, "/dev/log"), Ok(None));
}

#[test]
fn a_letter_has_the_bytes_that_were_asked_for_up_to_a_line() {
    for bytes in [200, 2_000, 20_000, 1_000_000] {
        let text = letter("1.2@load", bytes, "\r\n");
        assert!((bytes - 76..=bytes).contains(&(text.len() as u64)), "{bytes}: {}", text.len());
        assert!(text.lines().all(|line| !line.starts_with('.')) && text.starts_with("Message-ID: <1.2@load>\r\n"));
    }
}

/// A server that says its lines, one for each line that it hears, and then what its last one says: nothing, or goodbye.
fn server(lines: &'static [&'static str], closes: bool) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut heard = BufReader::new(stream.try_clone().unwrap());
            let mut line = String::new();
            for (index, say) in lines.iter().enumerate() {
                line.clear();
                if index > 0 && heard.read_line(&mut line).is_ok_and(|count| count == 0) {
                    break;
                }
                stream.write_all(say.as_bytes()).unwrap();
            }
            if !closes {
                std::thread::sleep(Duration::from_secs(60));
            }
        }
    });
    port
}

pub(crate) fn visit(protocol: Protocol, port: u16) -> Session {
    let order = Order {
        at_ns: 20_000_000,
        protocol,
        target: Target::Address(Ipv4Addr::LOCALHOST),
        hands_over: false,
        source: 0,
        mailbox: 7,
        messages: vec![(2_000, 1)],
    };
    let clients = Clients {
        sending: LOAD,
        source: |_| Ipv4Addr::LOCALHOST,
        ports: [port; Protocol::COUNT],
        patience: Patience {
            connect_timeout: Duration::from_millis(300),
            timeout: Duration::from_millis(300),
            next_address: true,
        },
    };
    send(&[order], clients, Instant::now()).unwrap().remove(0)
}

#[test]
fn a_session_ends_as_its_server_has_it() {
    let pop3 =
        &["+OK two ready\r\n", "+OK\r\n", "+OK\r\n", "+OK 1 90\r\n", "+OK\r\nTo: you\r\n\r\nHello\r\n.\r\n", "+OK\r\n"];
    let served = visit(Protocol::Pop3, server(pop3, true));
    assert_eq!((served.outcome, served.node.as_deref(), served.messages), (Outcome::Served, Some("two"), 1));
    assert_eq!(served.bytes, 18, "the lines of the message with their ends");
    let parts = served.connect_s.unwrap() + served.open_s.unwrap() + served.work_s.unwrap();
    assert!((parts - served.response_s.unwrap()).abs() < 1e-9, "the parts are the whole");
    assert!((served.intended_s - 0.02).abs() < 1e-12);

    let imap = &[
        "* OK [CAPABILITY IMAP4rev1] two ready\r\n",
        "a OK\r\n",
        "* 1 EXISTS\r\nb OK\r\n",
        "* 1 FETCH ()\r\nc OK\r\n",
        "* 1 FETCH {5}\r\nHello\r\n)\r\nd OK\r\n",
        "z OK\r\n",
    ];
    let served = visit(Protocol::Imap, server(imap, true));
    assert_eq!((served.outcome, served.node.as_deref(), served.messages), (Outcome::Served, Some("two"), 1));

    // Of the reasons to fail each has its name.
    assert_eq!(visit(Protocol::Pop3, server(&["-ERR full\r\n"], true)).outcome, Outcome::Refused);
    assert_eq!(visit(Protocol::Smtp, server(&["554 no\r\n"], true)).outcome, Outcome::Refused);
    assert_eq!(visit(Protocol::Smtp, server(&["220 two ESMTP\r\n"], false)).outcome, Outcome::TimedOut);
    assert_eq!(visit(Protocol::Smtp, server(&["220 two ESMTP\r\n"], true)).outcome, Outcome::Lost);
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let refused = visit(Protocol::Smtp, closed);
    assert_eq!((refused.outcome, refused.response_s, refused.node), (Outcome::Refused, None, None));
}

/// A record of one node that may use half a core, and of sessions with these response times, one in each tenth of a second.
fn record(responses_s: &[f64]) -> Record {
    let session = |(index, response_s): (usize, &f64)| {
        serde_json::from_value(serde_json::json!({
            "protocol": "pop3", "intended_s": 1.0 + index as f64 / 10.0, "lag_s": 0.0001, "source": 1, "node": "one",
            "connect_s": 0.0, "open_s": 0.0, "work_s": response_s, "response_s": response_s, "messages": 1, "copies": 1, "bytes": 10,
            "outcome": "served",
        }))
        .unwrap()
    };
    let sample = |at_s: f64| Sample {
        at_s,
        cpu_s: vec![at_s * 0.3],
        throttled_s: vec![at_s * 0.1],
        load_s: at_s * 0.02,
        machine_s: at_s * 0.37,
    };
    Record {
        sessions: responses_s.iter().enumerate().map(session).collect(),
        testimony: Vec::new(),
        hosts: vec![HostRecord { name: "one".to_owned(), capacity_cores: 0.5, programs_s: BTreeMap::new() }],
        samples: (0..=12).map(|second| sample(f64::from(second))).collect(),
        window_s: (1.0, 11.0),
        strikes: Vec::new(),
        changes: Vec::new(),
        letters: Vec::new(),
        pools: Pools::default(),
        custody: mxplan::validation::measured::Custody { accepted: 5, stored: 5, ..Default::default() },
        set_up_s: 1.0,
        drained_s: 0.0,
        versions: BTreeMap::new(),
        processors: 2,
    }
}

#[test]
fn a_record_is_summed_up_by_the_window() {
    // 110 sessions, of which the last ten come after the window.
    let responses: Vec<f64> = (1..=110).map(|index| f64::from(index) / 1_000.0).collect();
    let measured = measure(&record(&responses), 0.0);
    let pop3 = &measured.services["pop3"];
    assert_eq!((pop3.offered, pop3.served, pop3.messages), (100, 100, 100));
    assert!((pop3.response_s.mean.unwrap() - 0.0505).abs() < 1e-12);
    assert_eq!((pop3.response_s.p50, pop3.response_s.p95, pop3.response_s.p99), (Some(0.05), Some(0.095), Some(0.099)));
    assert!((pop3.throughput_per_s - 10.0).abs() < 1e-12 && (pop3.share_ratio["one"] - 1.0).abs() < 1e-9);
    let node = &measured.nodes["one"];
    assert!((node.cpu_ratio - 0.6).abs() < 1e-9 && (node.throttled_ratio - 0.1).abs() < 1e-9);
    assert!((node.cpu_s - 3.6).abs() < 1e-9 && (measured.others_cores - 0.05).abs() < 1e-9);
    assert!((measured.load_cpu_s - 0.002).abs() < 1e-9 && measured.usable);
}

#[test]
fn how_uneven_the_nodes_of_a_service_are_is_told_as_a_whole_and_by_intervals() {
    // All of ten sessions a second go to the first node for half of the window, and then to the second; and a third has none.
    let mut swung = record(&[0.1; 100]);
    for (index, session) in swung.sessions.iter_mut().enumerate() {
        session.node = Some(if index < 50 { "one" } else { "two" }.to_owned());
    }
    assert_eq!(measure(&swung, 0.0).services["pop3"].max_over_mean, None, "nothing was distributed");
    let nodes = ["one", "two", "three"].map(str::to_owned).to_vec();
    swung.pools = Pools { interval_s: 2.5, nodes: BTreeMap::from([("pop3".to_owned(), nodes)]) };
    let pop3 = &measure(&swung, 0.0).services["pop3"];
    assert_eq!((pop3.max_over_mean, pop3.interval_max_over_mean), (Some(1.5), Some(3.0)));
}

#[test]
fn mail_from_outside_is_told_by_who_took_it_and_when_it_was_there() {
    let mut sent = record(&[0.1; 50]);
    sent.sessions.iter_mut().for_each(|session| session.hands_over = true);
    assert_eq!(measure(&sent, 0.0).outside, None);
    let letter = |intended_s: f64, taken_by: &str, accept_s: f64, repeated| Letter {
        intended_s,
        taken_by: taken_by.to_owned(),
        accept_s,
        repeated,
        delivered_s: Some(accept_s + 0.5),
    };
    sent.letters = vec![
        letter(0.5, "one", 9.0, 9),
        letter(2.0, "one", 0.1, 0),
        letter(3.0, "two", 4.0, 2),
        letter(4.0, "two", 4.3, 1),
        letter(5.0, "one", 0.2, 0),
    ];
    let measured = measure(&sent, 0.0);
    assert!(measured.services.is_empty(), "nobody asks how long the sender's own server took");
    let outside = measured.outside.unwrap();
    assert_eq!((outside.copies, outside.repeated), (4, 3));
    assert_eq!(outside.taken_ratio, BTreeMap::from([("one".to_owned(), 0.5), ("two".to_owned(), 0.5)]));
    assert!((outside.accept_s.mean.unwrap() - 2.15).abs() < 1e-9 && outside.accept_s.p95 == Some(4.3));
    assert!((outside.delivered_s.mean.unwrap() - 2.65).abs() < 1e-9);
}

#[test]
fn a_run_that_was_disturbed_or_lost_mail_counts_for_nothing() {
    let mut disturbed = record(&[0.1; 50]);
    disturbed.samples.iter_mut().for_each(|sample| sample.machine_s = sample.at_s * 0.6);
    let measured = measure(&disturbed, 0.0);
    assert!(!measured.usable && measured.unusable_because[0].starts_with("others used 0.28 cores"));
    let mut lost = record(&[0.1; 50]);
    lost.custody.stored = 4;
    let measured = measure(&lost, 0.0);
    assert!(!measured.usable && measured.unusable_because[0] == "1 of 5 copies are missing");
}

#[test]
fn a_lab_takes_no_delays_and_says_so() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/lab/one-node.toml")).unwrap();
    let far = text + "\n[client_group.far]\nshare = \"100 %\"\nrtt = \"100 ms\"\n";
    let Blueprint { differences, .. } = blueprint(&resolve("x.toml", &far, &[]), 0, 2, 1).unwrap();
    assert_eq!(differences, ["the lines of the clients take no time in the lab"]);
}

#[test]
fn the_script_of_a_scenario_is_what_is_done_to_hosts() {
    let job = planned("lab/failover.toml", &[]).unwrap().job;
    let [strike] = &job.strikes[..] else { panic!("{:?}", job.strikes) };
    let times = (strike.at.as_secs_f64(), strike.until.as_secs_f64());
    assert_eq!((&*strike.fault, strike.host, strike.way, times), ("kill", 0, Way::Kill, (7.0, 15.0)));
    let way = |options: &[&str]| planned("lab/failover.toml", options).unwrap().job.strikes[0].way;
    assert_eq!(way(&["fault.kill.kind=hang"]), Way::Freeze);
    assert_eq!(way(&["fault.kill.kind=black-hole", "fault.kill.component=primary-2.link"]), Way::Unplug);
    assert_eq!(way(&["fault.kill.kind=slow", "fault.kill.speed=50 %"]), Way::Slow(0.5));
    let refused = planned("lab/failover.toml", &["fault.kill.component=primary-1.smtp"]).unwrap_err();
    assert!(
        refused[0].contains("`fault.kill`") && refused[0].contains("not `primary-1.smtp` of kind stop"),
        "{refused:?}"
    );
    let twice =
        ["fault.kill.lasts=8 s", "fault.again.component=primary-1", "fault.again.kind=hang", "fault.again.at=6 s"];
    let refused = planned("lab/failover.toml", &twice).unwrap_err();
    assert!(refused[0].contains("`fault.again` and `fault.kill` meet at one node"), "{refused:?}");
}

#[test]
fn what_the_switch_said_is_what_became_of_a_fault() {
    let mut struck = record(&[0.1; 50]);
    let of = |fault: &str, node: &str, at_s, until_s| Struck { at_s, until_s, ..Struck::new(fault, node) };
    struck.strikes = vec![
        of("first", "one", Some(2.0), Some(5.0)),
        of("other", "two", Some(2.5), Some(5.0)),
        of("second", "one", Some(8.0), Some(9.0)),
        of("never", "one", None, None),
    ];
    let said = |at_s, service: &str, is_up| Change { at_s, service: service.to_owned(), node: "one".to_owned(), is_up };
    struck.changes = vec![
        said(4.25, "pop3", false),
        said(4.5, "smtp", false),
        said(6.0, "smtp", true),
        said(6.5, "pop3", true),
        said(10.25, "pop3", false),
    ];
    let busy = measure(&struck, 0.0).nodes["one"].cpu_ratio;
    struck.strikes[0].start_cpu_s = Some(0.3);
    let measured = measure(&struck, 0.0);
    // That of starting is not of the load: 0.3 s of 10 s with half a core.
    assert!((busy - measured.nodes["one"].cpu_ratio - 0.06).abs() < 1e-9, "{busy} {:?}", measured.nodes["one"]);
    let failures = measured.failures;
    assert_eq!((failures["first"].start_cpu_s, failures["second"].start_cpu_s), (Some(0.3), None));
    assert_eq!(failures.keys().collect::<Vec<_>>(), ["first", "other", "second"]);
    // From the beginning of the window, a second after the first moment.
    let first = failures["first"];
    assert_eq!((first.at_s, first.detected_s, first.removed_s), (Some(1.0), Some(3.25), Some(3.5)));
    assert_eq!((first.repaired_s, first.recovered_s, first.recovery_s()), (Some(4.0), Some(5.5), Some(1.5)));
    // One service is up again, of another nothing was heard any more.
    struck.changes.push(said(10.5, "smtp", false));
    struck.changes.push(said(10.75, "pop3", true));
    assert_eq!(measure(&struck, 0.0).failures["second"].recovered_s, None);
    let second = failures["second"];
    assert_eq!((second.detected_s, second.removed_s, second.recovered_s), (Some(9.25), Some(9.25), None));
    assert_eq!(failures["other"].detected_s, None);
}

pub(crate) fn stub(options: &[&str]) -> Command {
    let mut command = Command::cargo_bin("mxplan").unwrap();
    let path = format!("{}/scenarios/lab/stub.toml", env!("CARGO_MANIFEST_DIR"));
    command.args(["lab", "run", "--stub", &path, "--set", "time.warm_up=1 s"]);
    command.args(options.iter().flat_map(|option| ["--set", option])).timeout(Duration::from_secs(120));
    command
}

#[test]
fn a_stub_needs_nobody_and_uses_the_core_time_that_the_scenario_says() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let output = stub(&["time.window=5 s"]).args(["--format", "json", "--out"]).arg(out.path()).output().unwrap();
    // 1: others disturbed it, which on a machine that tests something else is no wonder.
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(run["degree"], "stub");
    nothing_is_lost(&run);
    let compared = run["compared"].as_array().unwrap();
    let of = |figure: &str| compared.iter().find(|compared| compared["figure"] == figure).unwrap();
    let cpu = of("nodes.primary.cpu_ratio");
    println!("{cpu}");
    // 5 s hold some 175 sessions, whose ends are not quite those of the window.
    assert!(cpu["relative_error"].as_f64().unwrap().abs() < 0.15, "{cpu}");
    for service in ["smtp", "pop3", "imap", "webmail"] {
        let mean = of(&format!("services.{service}.response_s.mean"));
        // Nobody is faster than the work that is done for him, whatever else the machine does.
        assert!(mean["measured"].as_f64().unwrap() > 0.004, "{mean}");
        assert_eq!(of(&format!("services.{service}.offered"))["relative_error"], 0.0);
    }
    let text = stub(&["time.window=1 s"]).arg("--out").arg(out.path()).output().unwrap();
    assert!(
        String::from_utf8_lossy(&text.stdout).contains("SYNTHETIC: measured on a program in the place of mail servers")
    );
}

#[test]
fn what_a_stub_can_t_be_is_refused() {
    let out = tempfile::tempdir().unwrap();
    for (option, reason) in [
        ("tier.core.cpu_quota=0.5", "no budget of core time"),
        ("service.pop3.operation.login.cpu={ exponential = { mean = \"15 ms\" } }", "the same core time each time"),
    ] {
        let output = stub(&[option]).arg("--out").arg(out.path()).assert().code(2).get_output().clone();
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains("there is no stub for it: ") && message.contains(reason), "{message}");
    }
}

/// One lab at a time: they share the processors. A test that has failed is over, too.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static LAB: Mutex<()> = Mutex::new(());
    LAB.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is left of labs on this machine: processes, CPU groups, mounts and named networks.
pub(crate) fn left() -> Vec<String> {
    let script = "ls -d /sys/fs/cgroup/*/mxplan-lab-* /sys/fs/cgroup/mxplan-lab-* 2>/dev/null; mount | grep mxplan; \
                  ls /run/netns 2>/dev/null | grep -x 'primary\\|primary-1\\|switch\\|names\\|world\\|backup'";
    let output = std::process::Command::new("sh").args(["-c", script]).output().unwrap();
    let mut left: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    let command = |process: u32| Some(said(&process, "cmdline")).filter(|command| is_of_a_lab(command));
    left.extend(processes().filter_map(command));
    left
}

fn is_of_a_lab(command: &str) -> bool {
    command.contains("/run/mxplan/") || ["confined"].iter().any(|part| command.ends_with(&format!("\0lab\0{part}\0")))
}

pub(crate) fn processes() -> impl Iterator<Item = u32> {
    std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok())
}

pub(crate) fn said(process: &u32, file: &str) -> String {
    std::fs::read_to_string(format!("/proc/{process}/{file}")).unwrap_or_default()
}

/// The processes that descend from one, the deepest first.
fn below(process: u32) -> Vec<u32> {
    let children: Vec<u32> = processes()
        .filter(|child| said(child, "status").lines().any(|line| line == format!("PPid:\t{process}")))
        .collect();
    children.into_iter().flat_map(|child| below(child).into_iter().chain([child])).collect()
}

pub(crate) fn lab(scenario: &str, options: &[&str], out: &Path) -> Value {
    let path = format!("{}/scenarios/lab/{scenario}", env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::cargo_bin("mxplan").unwrap();
    command.args(["lab", "run", &path, "--set", "time.warm_up=2 s"]);
    command.args(options.iter().flat_map(|option| ["--set", option]));
    command.args(["--format", "json", "--out"]);
    let output = command.arg(out).timeout(Duration::from_secs(120)).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    // 1: others disturbed it, which is no fault of the program.
    assert!(matches!(output.status.code(), Some(0 | 1)), "{stderr}");
    println!("{stderr}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn nothing_is_lost(run: &Value) {
    let mail = &run["measured"]["mail"];
    assert!(mail["accepted"].as_u64().unwrap() > 50, "{mail}");
    assert_eq!(mail["accepted"], mail["stored"], "{mail}");
    assert_eq!(mail["duplicated"], 0);
    for (name, service) in run["measured"]["services"].as_object().unwrap() {
        assert_eq!(service["offered"], service["served"], "{name}: {service}");
    }
}

#[test]
#[ignore = "needs root: network namespaces, CPU groups, Postfix and Dovecot"]
fn a_node_of_real_servers_serves_everybody_and_loses_nothing() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let run = lab("one-node.toml", &["time.window=10 s", "tier.fifth.cpu_quota=0.4"], out.path());
    nothing_is_lost(&run);
    let cpu = run["measured"]["nodes"]["primary"]["cpu_ratio"].as_f64().unwrap();
    // Whatever this machine's cores are worth: the servers work, and their budget suffices.
    assert!((0.05..0.98).contains(&cpu), "{cpu}");
    // Half of a hundred ways to be late on a busy machine: the load is open, and the sessions come in their time.
    assert!(run["measured"]["lag_p99_s"].as_f64().unwrap() < 0.1);
    let sessions = std::fs::read_to_string(out.path().join("sessions.csv")).unwrap();
    assert!(sessions.lines().count() > 200 && sessions.lines().skip(1).all(|line| line.contains(",primary,")));
    assert_eq!(left(), Vec::<String>::new());
}

#[test]
#[ignore = "needs root: network namespaces, CPU groups, Postfix, Dovecot and HAProxy"]
fn two_nodes_behind_a_switch_share_evenly_and_store_at_the_data_server() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let run = lab("two-nodes.toml", &["time.window=10 s"], out.path());
    nothing_is_lost(&run);
    for service in ["smtp", "pop3"] {
        // In turn: the shares differ by one session at most, and the window's ends.
        let share = run["measured"]["services"][service]["share_ratio"]["primary-1"].as_f64().unwrap();
        assert!((share - 0.5).abs() < 0.03, "{service}: {share}");
    }
    let cpu = |node: &str| run["measured"]["nodes"][node]["cpu_ratio"].as_f64().unwrap();
    assert!(cpu("data") > cpu("primary-1") && cpu("primary-1") > 0.01, "{} {}", cpu("data"), cpu("primary-1"));
    assert_eq!(left(), Vec::<String>::new());
}

#[test]
#[ignore = "needs root: network namespaces, CPU groups, Postfix, Dovecot and HAProxy"]
fn a_node_that_is_killed_is_noticed_in_time_and_comes_back() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let run = lab("failover.toml", &["time.window=20 s"], out.path());
    let measured = &run["measured"];
    let time = |name: &str| measured["failures"]["kill"][name].as_f64().unwrap_or_else(|| panic!("{name}: {measured}"));
    println!("{}", measured["failures"]);
    // Three checks a second apart, of which the first comes within a second; they and their words take a moment.
    let detection = time("detected_s") - time("at_s");
    assert!((1.9..3.5).contains(&detection), "{detection}");
    assert!(time("recovered_s") > time("at_s") + 8.0 && time("recovered_s") - time("repaired_s") < 3.5, "{measured}");
    let mail = &measured["mail"];
    assert!(mail["accepted"].as_u64().unwrap() > 100 && mail["accepted"] == mail["stored"], "{mail}");
    // Who is at the node in that moment is cut off; others go to the other one.
    for (name, service) in measured["services"].as_object().unwrap() {
        let [offered, served] = ["offered", "served"].map(|count| service[count].as_u64().unwrap());
        assert!(offered - served <= 5 && served > 50, "{name}: {service}");
    }
    assert_eq!(left(), Vec::<String>::new());
}

#[test]
#[ignore = "needs root: network namespaces, CPU groups, Postfix, Dovecot, BIND and Unbound"]
fn who_is_told_the_address_of_a_node_that_was_killed_goes_to_the_other_one() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let measured = &lab("names.toml", &["time.window=16 s", "fault.kill.lasts=4 s"], out.path())["measured"];
    let fault = &measured["failures"]["kill"];
    let time = |name: &str| fault[name].as_f64().unwrap_or_else(|| panic!("{name}: {measured}"));
    // Nobody takes it out of the zone.
    assert!(fault["detected_s"].is_null() && time("repaired_s") > time("at_s") + 4.0, "{fault}");
    let mail = &measured["mail"];
    assert!(mail["accepted"].as_u64().unwrap() > 100 && mail["accepted"] == mail["stored"], "{mail}");
    for (name, service) in measured["services"].as_object().unwrap() {
        let [offered, served] = ["offered", "served"].map(|count| service[count].as_u64().unwrap());
        assert!(offered - served <= 5 && served > 50, "{name}: {service}");
        assert!(service["share_ratio"]["primary-2"].as_f64().unwrap() > 0.3, "it has all of them for 4 s: {service}");
    }
    // Every session was told where to go, and went there.
    let sessions = std::fs::read_to_string(out.path().join("sessions.csv")).unwrap();
    let mut rows = csv_rows(&sessions);
    let served: Vec<BTreeMap<String, String>> = rows.by_ref().filter(|row| row["outcome"] == "served").collect();
    assert!(served.len() > 200, "{}", served.len());
    for row in &served {
        assert!(row["lookup_s"].parse::<f64>().unwrap() < 1.0, "{row:?}");
        let node = row["node"].strip_prefix("primary-").unwrap();
        assert_eq!(row["address"], format!("10.77.1.{node}"), "{row:?}");
    }
    let meanwhile = |row: &&BTreeMap<String, String>| {
        let at_s = row["intended_s"].parse::<f64>().unwrap() - 2.0;
        (time("at_s")..time("at_s") + 4.0).contains(&at_s)
    };
    let others = served.iter().filter(meanwhile).filter(|row| row["node"] == "primary-1").count();
    assert!(others <= 2, "{others} sessions were served by a node that was dead");
    assert_eq!(left(), Vec::<String>::new());
}

#[test]
#[ignore = "needs root: network namespaces, CPU groups, Postfix, Dovecot and iptables"]
fn a_host_that_shares_an_address_is_missed_by_the_others_who_take_its_clients() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let measured = &lab(
        "shared.toml",
        &[
            "time.window=18 s",
            "fault.kill.lasts=6 s",
            "routing.default.nlb.heartbeat=500 ms",
            "routing.default.nlb.convergence=1 s",
        ],
        out.path(),
    )["measured"];
    let fault = &measured["failures"]["kill"];
    println!("{fault}");
    let time = |name: &str| fault[name].as_f64().unwrap_or_else(|| panic!("{name}: {measured}"));
    // Five heartbeats after the last that came.
    let detection = time("detected_s") - time("at_s");
    assert!((1.9..3.5).contains(&detection), "{detection}");
    assert!((0.8..2.5).contains(&(time("recovered_s") - time("repaired_s"))), "they agree in a second: {fault}");
    let mail = &measured["mail"];
    assert!(mail["accepted"].as_u64().unwrap() > 100 && mail["accepted"] == mail["stored"], "{mail}");
    // Who is given to the dead one gets no answer for three seconds and a half, and gives up after two.
    let rate = BTreeMap::from([("smtp", 10.0), ("pop3", 5.0)]);
    for (name, service) in measured["services"].as_object().unwrap() {
        let [offered, served] = ["offered", "served"].map(|count| service[count].as_u64().unwrap() as f64);
        let lost = (offered - served) / rate[name.as_str()];
        assert!((0.3..3.5).contains(&lost), "{name}: the sessions of {lost} s");
    }
    let sessions = std::fs::read_to_string(out.path().join("sessions.csv")).unwrap();
    let mut nodes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let before = |row: &BTreeMap<String, String>| row["intended_s"].parse::<f64>().unwrap() < 2.0 + time("at_s");
    for row in csv_rows(&sessions).filter(|row| row["outcome"] == "served" && before(row)) {
        nodes.entry(row["source"].clone()).or_default().insert(row["node"].clone());
    }
    assert!(nodes.values().all(|nodes| nodes.len() == 1), "each source has one host: {nodes:?}");
    assert_eq!(left(), Vec::<String>::new());
}

#[test]
#[ignore = "needs root: network namespaces, CPU groups, Postfix, Dovecot, BIND and Unbound"]
fn a_backup_takes_mail_while_the_primary_is_dead_and_nothing_is_lost() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let measured = &lab("backup.toml", &["time.window=20 s", "fault.kill.lasts=5 s"], out.path())["measured"];
    let mail = &measured["mail"];
    assert!(mail["accepted"].as_u64().unwrap() > 100 && mail["accepted"] == mail["stored"], "{mail}");
    let outside = &measured["outside"];
    println!("{outside}");
    let share = outside["taken_ratio"]["backup"].as_f64().unwrap();
    // Dead for 5 s of 20, and for as long as its servers take to start.
    assert!((0.15..0.8).contains(&share), "{outside}");
    // A backup takes it at once; what was on its way at that moment waits for a look through the queue.
    assert!(outside["accept_s"]["p50"].as_f64().unwrap() < 1.0, "{outside}");
    let delivered = outside["delivered_s"]["p95"].as_f64().unwrap();
    assert!((2.0..40.0).contains(&delivered), "what the backup has is there when the primary is back: {outside}");
    assert!(measured["services"]["smtp"].is_null() && measured["services"]["pop3"]["offered"].as_u64().unwrap() > 30);
    assert_eq!(left(), Vec::<String>::new());
}

/// The rows of a table by the names of its columns.
pub(crate) fn csv_rows(text: &str) -> impl Iterator<Item = BTreeMap<String, String>> + '_ {
    let mut lines = text.lines();
    let heads: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines.map(move |line| heads.iter().map(|head| (*head).to_owned()).zip(line.split(',').map(str::to_owned)).collect())
}

#[test]
#[ignore = "needs root: network namespaces, CPU groups, Postfix and Dovecot"]
fn what_was_measured_here_predicts_a_mix() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("campaign.toml");
    std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/lab/smoke/campaign.toml"), &file).unwrap();
    let mxplan = |arguments: &[&str], path: &Path| {
        let mut command = Command::cargo_bin("mxplan").unwrap();
        let output = command.args(arguments).arg(path).timeout(Duration::from_secs(150)).output().unwrap();
        println!("{}", String::from_utf8_lossy(&output.stderr));
        assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {:?}", output.status);
        String::from_utf8(output.stdout).unwrap()
    };
    mxplan(&["lab", "campaign"], &file);
    // Others disturb runs, which is no fault of the program: what they came to is looked at all the same. The witness did the same in
    // all of them.
    for run in std::fs::read_dir(out.path().join("runs")).unwrap() {
        let path = run.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let run: Value = serde_json::from_str(&text).unwrap();
        let witness = &run["measured"]["witness"];
        let cpu_ms = witness["cpu_s"].as_f64().unwrap() * 1e3;
        assert!(witness["sessions"].as_u64() >= Some(40) && (0.5..50.0).contains(&cpu_ms), "{witness}");
        std::fs::write(&path, text.replace("\"usable\": false", "\"usable\": true")).unwrap();
    }
    mxplan(&["lab", "calibrate"], &file);
    let files = out.path().join("files");
    let arguments = ["validate", "--format", "json", "--out", files.to_str().unwrap(), "--campaign"];
    let validation: Value = serde_json::from_str(&mxplan(&arguments, out.path())).unwrap();
    let campaign = &validation["campaigns"][0];
    assert_eq!((&campaign["points"], &campaign["runs_that_lost_mail"]), (&Value::from(1), &Value::from(0)));
    let slowdown = campaign["slowdown"].as_array().unwrap();
    println!("slowdown: {slowdown:?}");
    assert!(slowdown[0].as_f64() > Some(0.2) && slowdown[1].as_f64() < Some(5.0), "{slowdown:?}");
    let figures = campaign["figures"].as_array().unwrap();
    let utilisation = figures.iter().find(|figure| figure["quantity"] == "utilisation").unwrap();
    println!("{utilisation}");
    assert!(utilisation["error"].as_f64().unwrap().abs() < 0.25, "{utilisation}");
    assert_eq!(left(), Vec::<String>::new());
}

#[test]
#[ignore = "needs root: network namespaces, CPU groups, Postfix and Dovecot"]
fn nothing_is_left_whoever_is_killed() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let program = assert_cmd::cargo::cargo_bin("mxplan");
    for confined in [false, true] {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/lab/one-node.toml");
        let mut command = std::process::Command::new(&program);
        command.args(["lab", "run", path, "--quiet", "--out"]).arg(out.path());
        let mut guard = command.stdout(std::process::Stdio::null()).spawn().unwrap();
        let began = Instant::now();
        let servers = || left().iter().any(|line| line.contains("dovecot"));
        while !(servers() && began.elapsed() > Duration::from_secs(4)) && began.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(100));
        }
        assert!(servers(), "the lab is up");
        if confined {
            let inside =
                below(guard.id()).into_iter().find(|process| said(process, "cmdline").ends_with("\0lab\0confined\0"));
            let killed = std::process::Command::new("kill").args(["-KILL", &inside.unwrap().to_string()]).status();
            assert!(killed.unwrap().success());
        } else {
            guard.kill().unwrap();
        }
        guard.wait().unwrap();
        let killed = Instant::now();
        while !left().is_empty() && killed.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(left(), Vec::<String>::new(), "confined: {confined}");
    }
}
