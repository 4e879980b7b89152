//! The lab: what it makes of a scenario, its clients against servers that misbehave, and, as root, real servers.

use crate::support::{resolve, scenario};
use assert_cmd::Command;
use mxplan::deployment::haproxy;
use mxplan::experiment::{Control, Execution, Rule, replicate};
use mxplan::lab::job::{Order, Protocol, Way};
use mxplan::lab::letter::{LOAD, letter};
use mxplan::lab::load::{Clients, Outcome, Session, send};
use mxplan::lab::{Blueprint, Change, HostRecord, Record, Sample, Struck, blueprint, measure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

fn planned(file: &str, options: &[&str]) -> Result<Blueprint, Vec<String>> {
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
    let dovecot = |index: usize| hosts[index].dovecot.clone();
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
    assert!(hosts.iter().all(|host| !host.dovecot.contains("proxy=y")));
}

#[test]
fn what_can_t_be_built_is_refused_with_all_reasons() {
    let refused = planned("regional-isp.toml", &[]).unwrap_err().join("; ");
    assert!(refused.contains("sends mail to others"), "{refused}");
    let refused = planned("dns-ttl.toml", &[]).unwrap_err().join("; ");
    assert!(refused.contains("find their node without a switch"), "{refused}");
    let switch = "routing.default.switch";
    let refused = planned("lab/two-nodes.toml", &[&format!("{switch}.algorithm=least-response-time")]).unwrap_err();
    assert!(refused.iter().all(|reason| reason.contains("HAProxy has no such algorithm")), "{refused:?}");

    let mut command = Command::cargo_bin("mxplan").unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/dns-ttl.toml");
    let output = command.args(["lab", "run", path]).assert().code(2).get_output().clone();
    assert!(String::from_utf8(output.stderr).unwrap().contains("error: the lab can't be `"));
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

fn visit(protocol: Protocol, port: u16) -> Session {
    let order = Order {
        at_ns: 20_000_000,
        protocol,
        target: Ipv4Addr::LOCALHOST,
        source: 0,
        mailbox: 7,
        messages: vec![(2_000, 1)],
    };
    let clients = Clients {
        sending: LOAD,
        source: |_| Ipv4Addr::LOCALHOST,
        ports: [port; 3],
        timeout: Duration::from_millis(300),
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
        hosts: vec![HostRecord { name: "one".to_owned(), capacity_cores: 0.5, programs_s: BTreeMap::new() }],
        samples: (0..=12).map(|second| sample(f64::from(second))).collect(),
        window_s: (1.0, 11.0),
        strikes: Vec::new(),
        changes: Vec::new(),
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
    let second = failures["second"];
    assert_eq!((second.detected_s, second.removed_s, second.recovered_s), (Some(9.25), Some(9.25), None));
    assert_eq!(failures["other"].detected_s, None);
}

fn stub(options: &[&str]) -> Command {
    let mut command = Command::cargo_bin("mxplan").unwrap();
    let path = format!("{}/scenarios/lab/stub.toml", env!("CARGO_MANIFEST_DIR"));
    command.args(["lab", "run", "--stub", &path, "--set", "time.warm_up=1 s"]);
    command.args(options.iter().flat_map(|option| ["--set", option])).timeout(Duration::from_secs(120));
    command
}

#[test]
fn a_stub_needs_nobody_and_uses_the_core_time_that_the_scenario_says() {
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
    for service in ["smtp", "pop3", "imap"] {
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

/// One lab at a time: they share the processors.
static LAB: Mutex<()> = Mutex::new(());

/// What is left of labs on this machine: processes, CPU groups, mounts and named networks.
fn left() -> Vec<String> {
    let script = "ls -d /sys/fs/cgroup/*/mxplan-lab-* /sys/fs/cgroup/mxplan-lab-* 2>/dev/null; mount | grep mxplan; \
                  ls /run/netns 2>/dev/null | grep -x 'primary\\|primary-1\\|switch'";
    let output = std::process::Command::new("sh").args(["-c", script]).output().unwrap();
    let mut left: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    let command = |process: u32| Some(said(&process, "cmdline")).filter(|command| is_of_a_lab(command));
    left.extend(processes().filter_map(command));
    left
}

fn is_of_a_lab(command: &str) -> bool {
    command.contains("/run/mxplan/") || ["confined"].iter().any(|part| command.ends_with(&format!("\0lab\0{part}\0")))
}

fn processes() -> impl Iterator<Item = u32> {
    std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok())
}

fn said(process: &u32, file: &str) -> String {
    std::fs::read_to_string(format!("/proc/{process}/{file}")).unwrap_or_default()
}

/// The processes that descend from one, the deepest first.
fn below(process: u32) -> Vec<u32> {
    let children: Vec<u32> = processes()
        .filter(|child| said(child, "status").lines().any(|line| line == format!("PPid:\t{process}")))
        .collect();
    children.into_iter().flat_map(|child| below(child).into_iter().chain([child])).collect()
}

fn lab(scenario: &str, window: &str, out: &Path) -> Value {
    let path = format!("{}/scenarios/lab/{scenario}", env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::cargo_bin("mxplan").unwrap();
    let window = format!("time.window={window}");
    command.args(["lab", "run", &path, "--set", &window, "--set", "time.warm_up=2 s", "--format", "json", "--out"]);
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
    let _one = LAB.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let out = tempfile::tempdir().unwrap();
    let run = lab("one-node.toml", "12 s", out.path());
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
    let _one = LAB.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let out = tempfile::tempdir().unwrap();
    let run = lab("two-nodes.toml", "12 s", out.path());
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
    let _one = LAB.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let out = tempfile::tempdir().unwrap();
    let run = lab("failover.toml", "20 s", out.path());
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
#[ignore = "needs root: network namespaces, CPU groups, Postfix and Dovecot"]
fn what_was_measured_here_predicts_a_mix() {
    let _one = LAB.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
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
    // Others disturb runs, which is no fault of the program: what they came to is looked at all the same.
    for run in std::fs::read_dir(out.path().join("runs")).unwrap() {
        let path = run.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("\"usable\": false", "\"usable\": true")).unwrap();
    }
    mxplan(&["lab", "calibrate"], &file);
    let files = out.path().join("files");
    let arguments = ["validate", "--format", "json", "--out", files.to_str().unwrap(), "--campaign"];
    let validation: Value = serde_json::from_str(&mxplan(&arguments, out.path())).unwrap();
    let campaign = &validation["campaigns"][0];
    assert_eq!((&campaign["points"], &campaign["runs_that_lost_mail"]), (&Value::from(1), &Value::from(0)));
    let figures = campaign["figures"].as_array().unwrap();
    let utilisation = figures.iter().find(|figure| figure["quantity"] == "utilisation").unwrap();
    println!("{utilisation}");
    assert!(utilisation["error"].as_f64().unwrap().abs() < 0.25, "{utilisation}");
    assert_eq!(left(), Vec::<String>::new());
}

#[test]
#[ignore = "needs root: network namespaces, CPU groups, Postfix and Dovecot"]
fn nothing_is_left_whoever_is_killed() {
    let _one = LAB.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
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
