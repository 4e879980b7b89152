//! The lab where nobody may make namespaces: hosts that are addresses of the loopback interface, and trees of processes.

use crate::lab::{alone, csv_rows, processes, said};
use crate::support::scenario;
use assert_cmd::Command;
use mxplan::lab::job::Target;
use mxplan::lab::{Blueprint, Ground, blueprint_on};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/lab/loopback.toml");

fn planned(file: &str, options: &[&str]) -> Result<Blueprint, Vec<String>> {
    blueprint_on(Ground::Loopback, &scenario(file, options), 0, (2, 1))
}

#[test]
fn hosts_are_addresses_of_the_loopback_interface_that_share_processors() {
    let Blueprint { job, differences } = planned("lab/loopback.toml", &[]).unwrap();
    let at = |low: u8| Ipv4Addr::new(127, 77, 1, low);
    let places: Vec<(Ipv4Addr, &[u32])> = job.hosts.iter().map(|host| (host.address, &host.cpus[..])).collect();
    assert_eq!(places, [(at(1), &[1][..]), (at(2), &[1])]);
    for host in &job.hosts {
        // Postfix finds one address at that interface, and listens where its service says.
        let postfix = host.postfix.as_ref().unwrap();
        assert!(postfix.main_cf.contains("inet_interfaces = loopback-only\n"), "{}", postfix.main_cf);
        assert!(postfix.master_cf.starts_with(&format!("{}:smtp inet n - n - - smtpd\n", host.address)));
        assert!(!postfix.master_cf.contains("\nsmtp inet"), "{}", postfix.master_cf);
        assert!(host.dovecot.as_ref().unwrap().contains(&format!("listen = {}\n", host.address)));
        assert_eq!(host.quota, None);
    }
    let haproxy = job.haproxy.as_ref().unwrap();
    assert!(
        haproxy.contains("bind 127.77.0.2:25\n") && haproxy.contains("server primary-2 127.77.1.2:110 "),
        "{haproxy}"
    );
    assert!(job.orders.iter().all(|order| order.target == Target::Address(Ipv4Addr::new(127, 77, 0, 2))));
    assert!(differences.iter().any(|said| said.starts_with("nodes share processors")), "{differences:?}");

    // Whoever has room has a processor of his own; a core is never two of them.
    let cpus = |processors: u32, cores: &str| {
        let scenario = scenario("lab/loopback.toml", &[cores]);
        let plan = blueprint_on(Ground::Loopback, &scenario, 0, (processors, 1))?;
        Ok::<_, Vec<String>>(plan.job.hosts.into_iter().map(|host| host.cpus).collect::<Vec<_>>())
    };
    assert_eq!(cpus(4, "tier.core.cores=1").unwrap(), [[1], [2]]);
    assert_eq!(cpus(4, "tier.core.cores=2").unwrap(), [[1, 2], [1, 3]]);
    let refused = cpus(2, "tier.core.cores=2").unwrap_err();
    assert!(refused[0].contains("the nodes need more processors than the 1"), "{refused:?}");
    // The data server is a host where operations use it.
    let used = planned("lab/loopback.toml", &["service.pop3.operation.login.data_cpu=1 ms"]).unwrap().job;
    let main_cf = &used.hosts[0].postfix.as_ref().unwrap().main_cf;
    assert!(main_cf.contains("virtual_transport = lmtp:inet:[127.77.1.3]:24"), "{main_cf}");
}

#[test]
fn what_is_only_where_hosts_have_networks_and_budgets_of_their_own_is_refused_with_a_remedy() {
    let refused = |file: &str, options: &[&str]| {
        let reasons = planned(file, options).unwrap_err();
        assert!(reasons.iter().any(|reason| reason.ends_with("or leave `--loopback` away")), "{reasons:?}");
        reasons.join("; ")
    };
    let own = |option: &str| refused("lab/loopback.toml", &[option]);
    assert!(own("tier.core.cpu_quota=0.5").contains("`cpu_quota` of `core`"));
    assert!(own("fault.kill.kind=black-hole").contains("`fault.kill`: nothing cuts a node off"));
    let slow = refused("lab/loopback.toml", &["fault.kill.kind=slow", "fault.kill.speed=50 %"]);
    assert!(
        slow.contains("`fault.kill`: nothing makes a node slower on loopback ports; write `kind = \"stop\"`"),
        "{slow}"
    );
    assert!(refused("lab/names.toml", &[]).contains("the machine has one resolver of its own"));
    assert!(refused("lab/shared.toml", &[]).contains("nodes share no address on loopback ports"));
    assert!(refused("lab/backup.toml", &[]).contains("servers elsewhere and backups find their way by names"));
    // All of a core is no budget; who hangs is stopped as anywhere.
    planned("lab/loopback.toml", &["tier.core.cpu_quota=1.0", "fault.kill.kind=hang"]).unwrap();

    let mut command = Command::cargo_bin("mxplan").unwrap();
    let output = command.args(["lab", "run", SCENARIO, "--loopback", "--stub"]).assert().code(2).get_output().clone();
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot be used with '--stub'"));
}

/// What is left of such labs on this machine: processes, and their directory.
fn left() -> Vec<String> {
    let is_over = |process: &u32| said(process, "stat").rsplit(')').next().is_some_and(|rest| rest.starts_with(" Z"));
    let is_marked = |process: &u32| {
        let limits = said(process, "limits");
        limits.lines().any(|line| line.starts_with("Max file locks") && !line.contains("unlimited"))
    };
    // Those of other labs are in process namespaces of their own.
    let is_inner = |process: &u32| {
        said(process, "cmdline").ends_with("\0lab\0confined\0")
            && said(process, "status").lines().any(|line| line == format!("NSpid:\t{process}"))
    };
    let is_left = |process: &u32| (is_marked(process) || is_inner(process)) && !is_over(process);
    let processes = processes().filter(is_left).map(|process| format!("{process} {}", said(&process, "cmdline")));
    let directory = Path::new("/run/mxplan").exists().then(|| "/run/mxplan".to_owned());
    processes.chain(directory).collect()
}

/// What root may do in a container that was given nothing.
const CAPABILITIES: &str = "--bounding-set=-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,\
                            +net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap";

fn in_a_container() -> Command {
    let mut command = Command::new("setpriv");
    command.arg(CAPABILITIES).arg(assert_cmd::cargo::cargo_bin("mxplan")).timeout(Duration::from_secs(60));
    command
}

/// Runs the lab with these options, and with a second before the window.
fn lab(options: &[&str], out: &Path) -> Value {
    let mut command = in_a_container();
    command.args(["lab", "run", SCENARIO, "--loopback", "--format", "json", "--set", "time.warm_up=1 s"]);
    command.args(options.iter().flat_map(|option| ["--set", option]));
    let output = command.arg("--out").arg(out).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    println!("{stderr}");
    // 1: others disturbed it, which is no fault of the program.
    assert!(matches!(output.status.code(), Some(0 | 1)), "{stderr}");
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(run["degree"], "loopback");
    run
}

#[test]
#[ignore = "needs root: Postfix, Dovecot and HAProxy"]
fn a_node_that_hangs_is_noticed_and_reset_without_namespaces() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let hang = ["time.window=12 s", "fault.kill.kind=hang", "fault.kill.at=1 s", "fault.kill.lasts=6 s"];
    let measured = &lab(&hang, out.path())["measured"];
    let fault = &measured["failures"]["kill"];
    println!("{fault}");
    let time = |name: &str| fault[name].as_f64().unwrap_or_else(|| panic!("{name}: {measured}"));
    // Three checks that are not answered within a second.
    let detection = time("detected_s") - time("at_s");
    assert!((2.9..7.0).contains(&detection), "{detection}");
    assert!(time("repaired_s") > time("at_s") + 6.0 && time("recovered_s") > time("repaired_s"), "{fault}");
    let mail = &measured["mail"];
    assert!(mail["accepted"].as_u64().unwrap() > 50 && mail["accepted"] == mail["stored"], "{mail}");
    assert_eq!(left(), Vec::<String>::new());
}

#[test]
#[ignore = "needs root: Postfix, Dovecot and HAProxy"]
fn two_nodes_of_which_one_is_killed_are_real_without_namespaces() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let run = lab(&["time.window=11 s", "fault.kill.at=1 s", "fault.kill.lasts=4 s"], out.path());
    let measured = &run["measured"];
    let mail = &measured["mail"];
    assert!(mail["accepted"].as_u64().unwrap() > 50 && mail["accepted"] == mail["stored"], "{mail}");
    for (name, service) in measured["services"].as_object().unwrap() {
        // Who is at the node in that moment is cut off.
        let [offered, served] = ["offered", "served"].map(|count| service[count].as_u64().unwrap());
        assert!(offered - served <= 5 && served > 25, "{name}: {service}");
        for node in ["primary-1", "primary-2"] {
            // A second before it is killed, and a few when it is back.
            assert!(service["share_ratio"][node].as_f64().unwrap() > 0.02, "{name} at {node}: {service}");
        }
    }
    let fault = &measured["failures"]["kill"];
    println!("{fault}");
    let time = |name: &str| fault[name].as_f64().unwrap_or_else(|| panic!("{name}: {measured}"));
    let detection = time("detected_s") - time("at_s");
    assert!((1.9..3.9).contains(&detection), "{detection}");
    assert!(time("recovered_s") > time("at_s") + 4.0 && time("recovered_s") - time("repaired_s") < 3.5, "{fault}");
    assert!(time("start_cpu_s") > 0.01, "{fault}");
    accounts(measured, out.path());
    assert_eq!(left(), Vec::<String>::new());
}

/// The core time of the nodes is that of all their processes, and of nobody else.
fn accounts(measured: &Value, out: &Path) {
    let node = &measured["nodes"]["primary-2"];
    let staying_s: f64 = node["programs_s"].as_object().unwrap().values().filter_map(Value::as_f64).sum();
    let session_s = (node["cpu_s"].as_f64().unwrap() - staying_s) / node["work"]["pop3"]["sessions"].as_f64().unwrap();
    println!("{:.2} ms in the process of a POP3 session that is gone", session_s * 1e3);
    // What is gone is counted with who waited for it: a process that opens a mailbox takes more than half a millisecond anywhere.
    assert!((0.000_5..0.05).contains(&session_s), "{node}");
    let text = std::fs::read_to_string(out.join("processors.csv")).unwrap();
    let mut by_host: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for row in csv_rows(&text) {
        by_host.entry(row["host"].clone()).or_default().push(row["cpu_s"].parse().unwrap());
    }
    assert!(
        by_host.values().all(|all| all.is_sorted()),
        "nobody gives core time back, not even who is killed: {by_host:?}"
    );
    let used = |host: &str| by_host[host].last().unwrap() - by_host[host][0];
    let hosts_s: f64 = ["primary-1", "primary-2", "switch", "load"].map(used).iter().sum();
    // Nothing is counted twice: the machine has used all of it and more.
    assert!(hosts_s < used("machine") * 1.05 + 0.1, "{hosts_s} {}", used("machine"));
}

#[test]
#[ignore = "needs root: Postfix, Dovecot and HAProxy"]
fn who_may_make_no_namespaces_is_told_of_loopback_ports() {
    let _one = alone();
    let full = SCENARIO.replace("loopback.toml", "one-node.toml");
    let output = in_a_container().args(["lab", "run", &full]).assert().code(2).get_output().clone();
    let message = String::from_utf8(output.stderr).unwrap();
    println!("{message}");
    assert!(message.contains("`namespaces` is missing: run it with `CAP_SYS_ADMIN`"), "{message}");
    assert!(message.contains("; `--loopback` needs no namespaces and no control groups"), "{message}");
    // Somebody has a port of mail everywhere: nobody else can have it at an address.
    let taken = std::net::TcpListener::bind((Ipv4Addr::UNSPECIFIED, 143)).unwrap();
    let output = in_a_container().args(["lab", "run", SCENARIO, "--loopback"]).assert().code(2).get_output().clone();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("`ports` is missing: end the server that has 143 at all addresses"), "{message}");
    drop(taken);
}

/// A lab that is at work, in its programs: the guard, and the process that it has started.
struct AtWork {
    guard: std::process::Child,
    inner: u32,
}

impl AtWork {
    /// Starts one and waits until `is_there`.
    fn start(out: &Path, is_there: impl Fn() -> bool) -> AtWork {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("mxplan"));
        command.args(["lab", "run", SCENARIO, "--loopback", "--quiet", "--out"]).arg(out);
        let guard = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut lab = AtWork { guard, inner: 0 };
        until("the lab is up", is_there);
        let parent = format!("PPid:\t{}", lab.guard.id());
        lab.inner = processes().find(|process| said(process, "status").lines().any(|line| line == parent)).unwrap();
        lab
    }

    fn signal(&self, signal: &str, processes: &[u32]) {
        let ids = processes.iter().map(u32::to_string);
        let sent = std::process::Command::new("kill").arg(format!("-{signal}")).args(ids).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        // One that is gone can't be killed any more. What it has started ends with it, also where a test has failed.
        let _ = self.guard.kill().and_then(|()| self.guard.wait());
    }
}

fn until(what: &str, is: impl Fn() -> bool) {
    let began = Instant::now();
    while !is() {
        assert!(began.elapsed() < Duration::from_secs(20), "{what}: {:?}", left());
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn is_running(program: &str) -> bool {
    left().iter().any(|line| line.contains(program))
}

#[test]
#[ignore = "needs root: Postfix, Dovecot and HAProxy"]
fn nothing_is_left_on_loopback_ports_whoever_is_killed() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let is_gone = || left().is_empty();
    // In the middle of being built, at all moments of it.
    for file in ["owner", "primary-1/dovecot/dovecot.conf", "primary-2/postfix/main.cf", "primary-1/postfix/mail.log"] {
        let mut lab = AtWork::start(out.path(), || Path::new("/run/mxplan").join(file).exists());
        lab.guard.kill().unwrap();
        lab.guard.wait().unwrap();
        until("who is killed while it is built leaves nothing", is_gone);
    }
    let load = || Path::new("/run/mxplan/switch.log").exists() && is_running("pop3");
    let mut lab = AtWork::start(out.path(), load);
    // There is one at a time, and the second says so and does the first no harm.
    let mut second = Command::cargo_bin("mxplan").unwrap();
    let output =
        second.args(["lab", "run", SCENARIO, "--loopback", "--out"]).arg(out.path().join("second")).output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains(&format!("`/run/mxplan` is that of the lab of process {}", lab.guard.id())), "{message}");
    assert!(is_running("pop3"), "it is at work yet");
    lab.signal("KILL", &[lab.inner]);
    lab.guard.wait().unwrap();
    assert_eq!(left(), Vec::<String>::new(), "the guard clears up after the one it has started");

    let mut lab = AtWork::start(out.path(), load);
    lab.signal("INT", &[lab.guard.id()]);
    assert_eq!(lab.guard.wait().unwrap().code(), Some(130));
    assert_eq!(left(), Vec::<String>::new());

    let mut lab = AtWork::start(out.path(), load);
    lab.signal("KILL", &[lab.guard.id(), lab.inner]);
    lab.guard.wait().unwrap();
    assert!(!is_gone(), "nobody is there who could have cleared up");
    Command::cargo_bin("mxplan").unwrap().args(["lab", "down"]).assert().success();
    assert_eq!(left(), Vec::<String>::new());
}
