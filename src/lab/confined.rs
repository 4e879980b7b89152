//! The confined part of the program: the first process of a set of namespaces of its own. It builds the lab, loads it,
//! measures it and tells what it saw. Its end is the end of everything that it has started; on loopback ports, where it has no
//! namespaces, it ends that itself.

use super::building::{beside, build};
use super::ground::Ground;
use super::host::group::{Groups, sweep, usages};
use super::host::programs::{between, processes};
use super::host::striking::strike;
use super::host::switch_log::SwitchLog;
use super::host::{command, home, servers};
use super::job::{HOME, Job, Order, Protocol, SWITCH_LOG};
use super::letter::{LOAD, MAILBOXES, TESTIMONY};
use super::load::{Clients, Session, send};
use super::posted::letters;
use super::record::{HostRecord, Record};
use super::sampling::{sample, watch};
use super::store;
use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant, SystemTime};

/// Sessions of each protocol that come at once before the load, so that the servers have their processes.
const WARMING: u32 = 40;
/// Mail that is not delivered after this time stays where it is.
const DRAINED_WITHIN: Duration = Duration::from_secs(60);

/// Does the job.
///
/// # Errors
/// What could not be built, in the words of those who could not.
pub fn work(job: &Job, say: impl Fn(&str)) -> Result<Record, String> {
    let began = Instant::now();
    match job.ground {
        Ground::Bridge => {
            // A file system in memory over `/run`: what is in it, the names of namespaces too, nobody else sees.
            command::run("mount", &["-t", "tmpfs", "mxplan", "/run"])?;
            servers::make(HOME)?;
        }
        Ground::Loopback => home::claim(job.id)?,
    }
    let groups = Groups::new(job.ground, job.id)?;
    let log = (job.haproxy.is_some() || job.shared.is_some()).then(|| SwitchLog::open(SWITCH_LOG)).transpose()?;
    let built = build(job, &groups)?;
    store::fill(job)?;
    say("warming the servers up");
    warm(job)?;
    // Only now: what comes before is no part of the measurement, and would take long.
    for (host, group) in job.hosts.iter().zip(&built) {
        host.quota.map_or(Ok(()), |quota| group.limit(quota))?;
    }
    let set_up_s = began.elapsed().as_secs_f64();

    let before: Vec<_> = built.iter().map(processes).collect();
    say("sending sessions");
    let (began, by_the_clock) = (Instant::now(), SystemTime::now());
    let (watched, until_watched) = channel();
    let (struck, until_struck) = channel();
    let (is_over, heard) = (AtomicBool::new(false), &log);
    let (sessions, testimony, samples, strikes, changes, drained_s) = std::thread::scope(|scope| {
        let (groups, is_over) = (&built, &is_over);
        let watching = scope.spawn(move || watch(&|| usages(groups), began, &until_watched));
        let striking = scope.spawn(move || strike(job, groups, began, &until_struck));
        let hearing = scope.spawn(move || {
            heard.as_ref().map_or_else(Vec::new, |log| log.hear(began, || is_over.load(Ordering::Relaxed)))
        });
        let testifying = scope.spawn(move || sent(testimony(job), clients(job, TESTIMONY), began));
        let sessions = sent(&job.orders, clients(job, LOAD), began);
        // Each of them waits for this alone. What was broken is mended before the queues can become empty.
        let _ = struck.send(());
        let strikes = striking.join().unwrap_or_else(|_| Err("the nodes can't be mended".to_owned()));
        let testimony = testifying.join().unwrap_or_else(|_| Err("the witness is not heard".to_owned()));
        let waiting = Instant::now();
        drain(job);
        let drained_s = waiting.elapsed().as_secs_f64();
        let _ = watched.send(());
        is_over.store(true, Ordering::Relaxed);
        let samples = watching.join().unwrap_or_else(|_| vec![sample(&|| usages(groups), began)]);
        (sessions, testimony, samples, strikes, hearing.join().unwrap_or_default(), drained_s)
    });
    let (sessions, testimony, strikes) = (sessions?, testimony?, strikes?);
    let programs = before.iter().zip(&built).map(|(before, group)| between(before, &processes(group))).collect();
    say("looking for the mail");
    let (custody, came) = store::look(job, &sessions);
    Ok(Record {
        letters: letters(job, &sessions, &came, by_the_clock),
        custody,
        hosts: hosts(job, programs),
        samples,
        strikes,
        changes,
        pools: job.pools.clone(),
        window_s: (job.window.0.as_secs_f64(), job.window.1.as_secs_f64()),
        set_up_s,
        drained_s,
        versions: versions(job),
        processors: std::thread::available_parallelism().map_or(1, |count| count.get() as u32),
        sessions,
        testimony,
    })
}

/// What comes to the witness, where there is one.
fn testimony(job: &Job) -> &[Order] {
    job.witness.as_ref().map_or(&[], |witness| &witness.orders)
}

fn sent(orders: &[Order], clients: Clients, began: Instant) -> Result<Vec<Session>, String> {
    send(orders, clients, began).map_err(|e| format!("no sessions can be sent: {e}"))
}

/// Removes what is not removed by the end of this process: the CPU groups, and with them all servers; on loopback ports all
/// processes and files. Called where this process is about to end.
pub fn leave(job: &Job) {
    if job.ground == Ground::Loopback
        && let Ok(own) = std::env::current_exe()
    {
        // From here on no other thread of this process starts anything: where it has been, there is a program that ends what was
        // started.
        let id = job.id.to_string();
        let _ = std::process::Command::new(own).args(["lab", "down", "--quiet", "--of", &id]).exec();
    }
    sweep(Some(job.id));
}

/// The hosts in the order of their groups, each with what its programs took.
fn hosts(job: &Job, programs: Vec<BTreeMap<String, f64>>) -> Vec<HostRecord> {
    let nodes = job.hosts.iter().map(|host| (host.name.clone(), host.capacity_cores()));
    let cores = job.load_cpus.len().max(1) as f64;
    let all = nodes.chain(beside(job).map(|name| (name.to_owned(), cores)));
    let record = |((name, capacity_cores), programs_s)| HostRecord { name, capacity_cores, programs_s };
    all.zip(programs).map(record).collect()
}

fn clients(job: &Job, sending: &'static str) -> Clients {
    Clients { sending, source: job.ground.source(), ports: Protocol::ALL.map(Protocol::port), patience: job.patience }
}

/// Sessions of each kind that come, many at once, and one for each mailbox: processes are there, mailboxes and their indices
/// are made.
fn warm(job: &Job) -> Result<(), String> {
    let mut orders: Vec<Order> = Vec::new();
    for protocol in Protocol::ALL {
        let Some(first) = job.orders.iter().find(|order| order.protocol == protocol) else { continue };
        let shelf = job.mailboxes.iter().find(|shelf| shelf.protocol == protocol);
        let count = WARMING.max(MAILBOXES);
        orders.extend((0..count).map(|number| Order {
            at_ns: u64::from(number / WARMING) * 500_000_000,
            mailbox: number,
            source: number % job.sources.max(1),
            messages: match shelf {
                Some(shelf) => {
                    shelf.sizes.first().map_or(Vec::new(), |sizes| sizes.iter().map(|size| (*size, 1)).collect())
                }
                // What is held would be counted with the rest.
                None if job.holds => Vec::new(),
                None => first.messages.first().map_or(Vec::new(), |(size, _)| vec![(*size, 1)]),
            },
            ..first.clone()
        }));
    }
    let witness = testimony(job).iter().take(WARMING as usize);
    orders.extend(witness.map(|order| Order { at_ns: 0, ..order.clone() }));
    orders.sort_by_key(|order| order.at_ns);
    let warmed = sent(&orders, clients(job, "warm-up"), Instant::now())?;
    let cold: Vec<&Session> = warmed.iter().filter(|session| session.response_s.is_none()).collect();
    drain(job);
    match cold.first() {
        None => Ok(()),
        Some(first) => Err(format!(
            "{} of {} {} sessions failed before the load had begun ({}); the logs are gone with the lab",
            cold.len(),
            warmed.len(),
            first.protocol.name(),
            first.outcome.name(),
        )),
    }
}

/// Waits until the queues are empty.
fn drain(job: &Job) {
    let began = Instant::now();
    let waits = || job.with_queues().any(|host| servers::queued(host) > 0);
    while waits() && began.elapsed() < DRAINED_WITHIN {
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn versions(job: &Job) -> BTreeMap<String, String> {
    let first = |text: String| text.lines().next().unwrap_or_default().to_owned();
    let named = |asked| job.names.is_some().then_some(asked);
    let ask = |name: &str, program: &str, arguments: &[&str]| {
        (name.to_owned(), command::run(program, arguments).map_or_else(|_| "unknown".to_owned(), first))
    };
    let all = [
        ask("linux", "uname", &["-r"]),
        ask("postfix", "postconf", &["-d", "-h", "mail_version"]),
        ask("dovecot", "dovecot", &["--version"]),
    ];
    let web = job.hosts.iter().any(|host| host.web.is_some());
    let web = web.then(|| ("web mail".to_owned(), format!("the gateway of mxplan {}", env!("CARGO_PKG_VERSION"))));
    let switch = job.haproxy.is_some().then(|| ask("haproxy", "haproxy", &["-v"]));
    let names = [named(("bind", "named", "-v")), named(("unbound", "unbound", "-V"))];
    let names = names.into_iter().flatten().map(|(name, program, argument)| ask(name, program, &[argument]));
    all.into_iter().chain(web).chain(switch).chain(names).collect()
}
