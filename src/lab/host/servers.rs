//! The servers of a host: files written, programs started in its network, its group and on its processors.

use super::command::launch;
use super::group::Group;
use super::own;
use crate::lab::job::{HOME, Host, Protocol};
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Servers that are not there after this time will not come.
pub(super) const UP_WITHIN: Duration = Duration::from_secs(20);

/// A command as the host would run it: on its processors, after the process has joined the group.
#[must_use]
pub fn on(host: &str, cpus: &[u32], group: &Group, command: &[&str]) -> Command {
    let (mut words, join) = group.around(host);
    if !cpus.is_empty() {
        let list: Vec<String> = cpus.iter().map(u32::to_string).collect();
        words.extend(["taskset".to_owned(), "--cpu-list".to_owned(), list.join(",")]);
    }
    words.extend(join);
    words.extend(command.iter().map(|word| (*word).to_owned()));
    let mut full = Command::new(&words[0]);
    full.args(&words[1..]);
    full
}

/// Starts Postfix, Dovecot and web mail of a host, whichever it has.
///
/// # Errors
/// What they have to say.
pub fn start(host: &Host, group: &Group) -> Result<(), String> {
    let home = format!("{HOME}/{}", host.name);
    if let Some(text) = &host.dovecot {
        let directory = format!("{home}/dovecot");
        make(&format!("{directory}/state"))?;
        // Who was killed has a number until somebody has waited for him, and Dovecot takes him for alive.
        let _ = fs::remove_file(format!("{directory}/run/master.pid"));
        let file = write(&format!("{directory}/dovecot.conf"), text)?;
        launch(&mut on(&host.name, &host.cpus, group, &["dovecot", "-c", &file]), &format!("{directory}/start.log"))?;
    }
    if let Some(gateway) = &host.web {
        own::start(host, group, "web", &serde_json::to_string(gateway).expect("a gateway is plain data"))?;
    }
    if let Some(texts) = &host.postfix {
        let directory = format!("{home}/postfix");
        make(&format!("{directory}/queue"))?;
        make(&format!("{directory}/data"))?;
        own(&format!("{directory}/data"), "postfix")?;
        write(&format!("{directory}/main.cf"), &texts.main_cf)?;
        write(&format!("{directory}/master.cf"), &texts.master_cf)?;
        let command = ["postfix", "-c", &directory, "start"];
        launch(&mut on(&host.name, &host.cpus, group, &command), &format!("{directory}/start.log"))?;
    }
    Ok(())
}

/// Starts the switch.
///
/// # Errors
/// What HAProxy has to say.
pub fn start_switch(name: &str, cpus: &[u32], group: &Group, text: &str) -> Result<(), String> {
    let file = write(&format!("{HOME}/haproxy.cfg"), text)?;
    launch(&mut on(name, cpus, group, &["haproxy", "-D", "-f", &file]), &format!("{HOME}/haproxy.log"))
}

/// Waits until servers speak at all of these ports of an address. All at once: while they start, an answer takes a good part of a
/// second.
///
/// # Errors
/// When one does not.
pub fn await_answers(address: Ipv4Addr, ports: &[u16]) -> Result<(), String> {
    std::thread::scope(|scope| {
        let wait = |port: &u16| {
            let port = *port;
            scope.spawn(move || await_answer(address, port))
        };
        let waiting: Vec<_> = ports.iter().map(wait).collect();
        let failed = |_| Err("a server can't be waited for".to_owned());
        waiting.into_iter().try_for_each(|one| one.join().unwrap_or_else(failed))
    })
}

fn await_answer(address: Ipv4Addr, port: u16) -> Result<(), String> {
    let began = Instant::now();
    loop {
        let answers = TcpStream::connect_timeout(&SocketAddr::from((address, port)), Duration::from_secs(1)).is_ok_and(
            |mut line| {
                let patient = line.set_read_timeout(Some(Duration::from_secs(2)));
                // Who serves browsers speaks when he is asked.
                let asked = port != Protocol::Web.port() || line.write_all(b"HEAD / HTTP/1.0\r\n\r\n").is_ok();
                patient.is_ok() && asked && line.read(&mut [0; 1]).is_ok_and(|count| count == 1)
            },
        );
        if answers {
            return Ok(());
        }
        if began.elapsed() > UP_WITHIN {
            return Err(format!("no server answers at {address}, port {port}"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// How many messages wait in the queues of a node.
#[must_use]
pub fn queued(host: &Host) -> u64 {
    let queue = format!("{HOME}/{}/postfix/queue", host.name);
    ["maildrop", "incoming", "active", "deferred"].iter().map(|name| files(&Path::new(&queue).join(name))).sum()
}

/// How many messages stay in the queue of a node until somebody releases them.
#[must_use]
pub fn held(host: &Host) -> u64 {
    files(&Path::new(HOME).join(&host.name).join("postfix/queue/hold"))
}

fn files(path: &Path) -> u64 {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 }).sum()
}

/// Gives a file or directory to a user.
///
/// # Errors
/// What `chown` has to say.
pub fn own(path: &str, user: &str) -> Result<(), String> {
    super::command::run("chown", &["-R", &format!("{user}:"), path]).map(|_| ())
}

/// Makes a directory and those above it.
///
/// # Errors
/// When it can't be made.
pub fn make(path: &str) -> Result<(), String> {
    fs::create_dir_all(path).map_err(|e| format!("`{path}` can't be made: {e}"))
}

/// Writes a file; its path.
///
/// # Errors
/// When it can't be written.
pub fn write(path: &str, text: &str) -> Result<String, String> {
    fs::write(path, text).map_err(|e| format!("`{path}` can't be written: {e}"))?;
    Ok(path.to_owned())
}
