//! Web mail in the lab: its gateway before an IMAP server that is known, what the lab makes of a scenario, and, as root, real servers.

use crate::lab::{alone, csv_rows, lab, left, planned, stub, visit};
use mxplan::lab::job::Protocol;
use mxplan::lab::load::Outcome;
use mxplan::lab::web::{Gateway, serve_at};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Core time of a session of `scenarios/lab/webmail.toml`, as its demands add up to: the list, and three messages.
const SESSION_S: f64 = 4.4e-3 + 3.0 * 4.0e-3;
/// What the IMAP server of these tests has in every mailbox.
const MESSAGE: &str = "From: you\r\nSubject: <b>\r\n\r\na & b\r\n";

/// An IMAP server with one message that writes down what it is asked.
fn imap() -> (SocketAddrV4, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let (address, asked) = (address(&listener), Arc::new(Mutex::new(Vec::new())));
    let log = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let heard = BufReader::new(stream.try_clone().unwrap());
            stream.write_all(b"* OK ready\r\n").unwrap();
            for line in heard.lines() {
                let line = line.unwrap().split_once(' ').unwrap().1.to_owned();
                let literal = |what: &str, text: &str| format!("* 1 FETCH ({what} {{{}}}\r\n{text})\r\n", text.len());
                let answer = match line.split(' ').next().unwrap() {
                    "SELECT" => "* FLAGS ()\r\n* 1 EXISTS\r\n".to_owned(),
                    "FETCH" if line.ends_with("BODY.PEEK[]") => literal("BODY[]", MESSAGE),
                    "FETCH" => literal("BODY[HEADER.FIELDS (FROM SUBJECT DATE)]", "From: you\r\nSubject: <b>\r\n\r\n"),
                    "LOGOUT" => "* BYE\r\n".to_owned(),
                    _ => String::new(),
                };
                log.lock().unwrap().push(line);
                stream.write_all(format!("{answer}a OK done\r\n").as_bytes()).unwrap();
            }
        }
    });
    (address, asked)
}

fn address(listener: &TcpListener) -> SocketAddrV4 {
    let SocketAddr::V4(address) = listener.local_addr().unwrap() else { panic!("it listens at an IPv4 address") };
    address
}

/// A gateway before this IMAP server.
fn gateway(imap: SocketAddrV4) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let listens = address(&listener);
    let gateway = Gateway { name: "two".to_owned(), listens: vec![listens], imap, workers: 4 };
    std::thread::spawn(move || serve_at(&listener, &gateway));
    listens.port()
}

/// The whole answer to a request.
fn answer(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn every_click_is_a_login_at_imap_and_every_page_is_read_to_its_end() {
    let (imap, asked) = imap();
    let port = gateway(imap);
    let session = visit(Protocol::Web, port);
    assert_eq!((session.outcome, session.node.as_deref(), session.messages), (Outcome::Served, Some("two"), 1));
    assert!(session.bytes >= MESSAGE.len() as u64, "a page is more than its message: {}", session.bytes);
    let parts = session.connect_s.unwrap() + session.open_s.unwrap() + session.work_s.unwrap();
    assert!((parts - session.response_s.unwrap()).abs() < 1e-9, "the parts are the whole");
    let fields = "FETCH 1:1 (FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)])";
    let click = |fetch: &str| ["LOGIN webmail-7 x", "SELECT INBOX", fetch, "LOGOUT"].map(str::to_owned);
    assert_eq!(*asked.lock().unwrap(), [click(fields), click("FETCH 1 BODY.PEEK[]")].concat());

    let get = |path: &str| answer(port, &format!("GET {path} HTTP/1.0\r\nCookie: mailbox=webmail-7\r\n\r\n"));
    assert!(get("/message/1").contains("Subject: &lt;b&gt;\r\n\r\na &amp; b\r\n"), "{}", get("/message/1"));
    assert!(get("/inbox").contains("<a href=\"/message/1\">From: you Subject: &lt;b&gt;</a>"), "{}", get("/inbox"));
    assert!(get("/message/2").starts_with("HTTP/1.1 404 ") && get("/else").starts_with("HTTP/1.1 404 "));
    // What HAProxy's `httpchk` asks, and nothing is asked of IMAP for it.
    let before = asked.lock().unwrap().len();
    assert!(answer(port, "OPTIONS / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
    assert_eq!(asked.lock().unwrap().len(), before);
}

#[test]
fn who_has_no_mail_server_behind_him_says_no() {
    let closed = address(&TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap());
    let port = gateway(closed);
    let session = visit(Protocol::Web, port);
    assert_eq!((session.outcome, session.response_s), (Outcome::Refused, None));
    let (imap, asked) = imap();
    let bad = answer(gateway(imap), "GET /inbox HTTP/1.0\r\nCookie: mailbox=\"x y\"\r\n\r\n");
    assert!(bad.starts_with("HTTP/1.1 502 ") && asked.lock().unwrap().is_empty(), "{bad}");
}

#[test]
fn web_mail_of_a_scenario_is_a_gateway_on_each_node_and_a_check_that_asks_it() {
    let plan = planned("lab/webmail.toml", &[]).unwrap();
    assert_eq!(plan.differences.len(), 1, "{:?}", plan.differences);
    assert!(plan.differences[0].contains("a gateway of mxplan's own"), "{:?}", plan.differences);
    let job = plan.job;
    for (host, own) in job.hosts.iter().zip([[10, 77, 1, 1], [10, 77, 1, 2]]) {
        let web = host.web.as_ref().unwrap();
        assert_eq!((&web.name, web.imap), (&host.name, SocketAddrV4::new(Ipv4Addr::from(own), 143)));
        assert_eq!(web.listens, [SocketAddrV4::new(Ipv4Addr::from(own), 80)]);
        assert!(host.ports.contains(&80) && host.ports.contains(&143), "{:?}", host.ports);
    }
    let switch = job.haproxy.unwrap();
    for line in ["listen webmail\n    bind 10.77.0.2:80\n", "option httpchk\n", "expect rstring ^\\*\\ OK\n"] {
        assert!(switch.contains(line), "{line} is not in {switch}");
    }
    let [shelf] = &job.mailboxes[..] else { panic!("{:?}", job.mailboxes) };
    assert_eq!((shelf.protocol, shelf.sizes[7].len(), &*Protocol::Web.mailbox(7)), (Protocol::Web, 3, "webmail-7"));
    assert!(planned("lab/one-node.toml", &[]).unwrap().job.hosts.iter().all(|host| host.web.is_none()));
}

#[test]
fn what_web_mail_of_the_lab_does_not_do_is_refused() {
    let disk = ["tier.two-fifths.disks=1", "tier.two-fifths.disk_iops=100 /s"];
    let refused = |option: &str| planned("lab/webmail.toml", &[option, disk[0], disk[1]]).unwrap_err().join("; ");
    let of = |option: &str| refused(&format!("service.webmail.operation.{option}"));
    assert!(of("read.times=per-recipient").contains("`click` does `webmail/read`, and the lab's web mail has a page"));
    assert!(of("read.client_transfer=upload").contains("sends no mail"));
    assert!(of("list.think=5 s").contains("has people who click at once; leave `think` out"));
    assert!(refused("service.imap.operation.fetch.store_writes=1").contains("reads and changes nothing"));
    assert!(refused("service.webmail.relogin=list").contains("leave `relogin` out"));
    assert!(refused("service.webmail.tls=100 %").contains("is plain HTTP"));
    let calls = planned("lab/one-node.toml", &["service.smtp.operation.accept.calls=[\"imap/login\"]"]).unwrap_err();
    assert!(
        calls.join("; ").contains("`in` asks other services, and of the lab's servers only web mail does"),
        "{calls:?}"
    );
    // 20 000 people with the habits of the profile, whose pages are not where IMAP is.
    let all = planned("webmail.toml", &[]).unwrap_err().join("; ");
    assert!(all.contains("works with IMAP and with nothing else") && all.contains("run `imap` there too"), "{all}");
}

#[test]
fn a_stub_of_web_mail_uses_the_core_time_of_its_pages() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let options = [
        "time.window=6 s",
        "arrivals.in.rate=0.01 /s",
        "arrivals.fetch.rate=0.01 /s",
        "arrivals.read.rate=0.01 /s",
        "arrivals.click.rate=12 /s",
    ];
    let output = stub(&options).args(["--format", "json", "--out"]).arg(out.path()).output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (node, service) = (&run["measured"]["nodes"]["primary"], &run["measured"]["services"]["webmail"]);
    assert_eq!(service["offered"], service["served"], "{service}");
    let work = &node["work"]["webmail"];
    let [sessions, messages] = ["sessions", "messages"].map(|count| work[count].as_u64().unwrap());
    assert!(sessions > 50 && messages == 3 * sessions, "{work}");
    // 12 ms for the list and 4 ms for each message, none of it by chance: a page that was not there or came twice is 17 % of it. What
    // the rest of a session takes was 1 to 4 % in tries on a busy machine; the account has steps of 10 ms.
    let said_s = (sessions as f64 * 12.0 + messages as f64 * 4.0) / 1e3;
    let error = node["cpu_s"].as_f64().unwrap() / said_s - 1.0;
    println!("{sessions} sessions, {error:+.3}");
    assert!((-0.02..0.12).contains(&error), "{error}");
    // Nobody is faster than the work that is done for him.
    assert!(service["response_s"]["mean"].as_f64().unwrap() > 0.024, "{service}");
    let sheet = std::fs::read_to_string(out.path().join("sessions.csv")).unwrap();
    assert!(csv_rows(&sheet).filter(|row| row["service"] == "webmail").all(|row| row["node"] == "primary"));
}

#[test]
#[ignore = "needs root: network namespaces, CPU groups, Dovecot and HAProxy"]
fn web_mail_behind_a_switch_serves_every_page_and_costs_what_was_measured() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let run = lab("webmail.toml", &["time.window=8 s"], out.path());
    let (nodes, webmail) = (&run["measured"]["nodes"], &run["measured"]["services"]["webmail"]);
    assert_eq!(webmail["offered"], webmail["served"], "{webmail}");
    assert!(webmail["offered"].as_u64().unwrap() > 80, "{webmail}");
    let share = webmail["share_ratio"]["primary-1"].as_f64().unwrap();
    assert!((share - 0.5).abs() < 0.03, "in turn, but for the window's ends: {share}");
    let sheet = std::fs::read_to_string(out.path().join("sessions.csv")).unwrap();
    for row in csv_rows(&sheet) {
        let bytes: f64 = row["bytes"].parse().unwrap();
        // A message of 10 KB is short of it by less than a line; a page has some hundred bytes of its own.
        assert!(row["messages"] == "3" && (29_000.0..40_000.0).contains(&bytes), "{row:?}");
    }
    for node in ["primary-1", "primary-2"] {
        let node = &nodes[node];
        println!("{node}");
        let gateway_s = node["programs_s"]["mxplan"].as_f64().unwrap();
        let whole_s = node["cpu_s"].as_f64().unwrap();
        assert!(gateway_s > 0.0 && gateway_s < 0.3 * whole_s, "the gateway is the lesser part: {node}");
    }
    // The demands are those of another machine. How much slower this one is a session tells by its whole core time; what share of a
    // node's budget that is in the window is predicted.
    let sum = |of: &dyn Fn(&Value) -> f64| ["primary-1", "primary-2"].iter().map(|name| of(&nodes[name])).sum::<f64>();
    let sessions = sum(&|node| node["work"]["webmail"]["sessions"].as_f64().unwrap());
    let slowdown = sum(&|node| node["cpu_s"].as_f64().unwrap()) / sessions / SESSION_S;
    // A page that logged in twice would be twice as much; a machine of three times the speed, or of a third, is not expected.
    assert!((0.3..3.0).contains(&slowdown), "{slowdown}");
    let compared = run["compared"].as_array().unwrap();
    for figure in ["nodes.primary-1.cpu_ratio", "nodes.primary-2.cpu_ratio"] {
        let compared = compared.iter().find(|compared| compared["figure"] == figure).unwrap();
        let [measured, simulated] = ["measured", "simulated"].map(|of| compared[of].as_f64().unwrap());
        println!("{compared}, {slowdown:.2} times as slow");
        assert!((measured / simulated / slowdown - 1.0).abs() < 0.25, "{compared}, {slowdown}");
    }
    assert_eq!(left(), Vec::<String>::new());
}

#[test]
#[ignore = "needs root: network namespaces, CPU groups, Dovecot and HAProxy"]
fn web_mail_that_is_killed_is_missed_by_the_switch_and_comes_back() {
    let _one = alone();
    let out = tempfile::tempdir().unwrap();
    let options = [
        "time.window=13 s",
        "routing.default.switch.retries=3",
        "routing.default.switch.redispatch=true",
        "fault.kill.component=primary-1",
        "fault.kill.kind=stop",
        "fault.kill.at=2 s",
        "fault.kill.lasts=4 s",
    ];
    let measured = &lab("webmail.toml", &options, out.path())["measured"];
    let fault = &measured["failures"]["kill"];
    println!("{fault}");
    let time = |name: &str| fault[name].as_f64().unwrap_or_else(|| panic!("{name}: {measured}"));
    assert!((1.0..3.5).contains(&(time("detected_s") - time("at_s"))), "three checks a second apart: {fault}");
    assert!(time("repaired_s") > time("at_s") + 4.0 && time("recovered_s") > time("repaired_s"), "{fault}");
    let [offered, served] = ["offered", "served"].map(|count| measured["services"]["webmail"][count].as_u64().unwrap());
    assert!(offered - served <= 5 && served > 100, "{offered} {served}");
    let sheet = std::fs::read_to_string(out.path().join("sessions.csv")).unwrap();
    let late = |row: &std::collections::BTreeMap<String, String>| {
        row["intended_s"].parse::<f64>().unwrap() - 2.0 > time("recovered_s") && row["node"] == "primary-1"
    };
    assert!(csv_rows(&sheet).any(|row| late(&row)), "who is back has sessions again");
    assert_eq!(left(), Vec::<String>::new());
}
