//! The name servers of the lab: BIND for the zone, and the resolvers, in one network of their own.

use super::command::{launch, run};
use super::group::Group;
use super::servers::{UP_WITHIN, make, on, write};
use crate::lab::job::{HOME, Names};
use crate::lab::question::{LONGEST, PORT, addresses, question};
use std::fs;
use std::net::{Ipv4Addr, UdpSocket};
use std::path::Path;
use std::time::{Duration, Instant};

/// Starts all of them, on the host with this name.
///
/// # Errors
/// What they have to say.
pub fn start(host: &str, cpus: &[u32], group: &Group, names: &Names) -> Result<(), String> {
    let home = format!("{HOME}/names");
    make(&home)?;
    write(&format!("{home}/zone"), &names.zone)?;
    let file = write(&format!("{home}/named.conf"), &names.named_conf)?;
    launch(&mut on(host, cpus, group, &["named", "-n", "1", "-c", &file]), &format!("{home}/start.log"))?;
    for (address, text) in &names.resolvers {
        let directory = format!("{home}/{address}");
        make(&directory)?;
        let file = write(&format!("{directory}/unbound.conf"), text)?;
        launch(&mut on(host, cpus, group, &["unbound", "-c", &file]), &format!("{directory}/start.log"))?;
    }
    Ok(())
}

/// Has every program of the lab ask this resolver: nobody outside of its own mounts notices.
///
/// # Errors
/// When that can't be said.
pub fn ask(resolver: Ipv4Addr) -> Result<(), String> {
    let shown = Path::new("/etc/resolv.conf");
    let text = format!("nameserver {resolver}\n");
    if let Ok(real) = fs::canonicalize(shown) {
        let file = write(&format!("{HOME}/resolv.conf"), &text)?;
        return run("mount", &["--bind", &file, &real.display().to_string()]).map(|_| ());
    }
    // A link to a file below `/run`, where all is the lab's own; or nothing.
    let real = fs::read_link(shown).map(|link| Path::new("/etc").join(link)).unwrap_or_else(|_| shown.to_owned());
    make(&real.parent().unwrap_or(Path::new("/")).display().to_string())?;
    write(&real.display().to_string(), &text).map(|_| ())
}

/// Waits until all resolvers know a name.
///
/// # Errors
/// When one does not.
pub fn await_answers(names: &Names, name: &str) -> Result<(), String> {
    let began = Instant::now();
    for (resolver, _) in &names.resolvers {
        while !answers(*resolver, name) {
            if began.elapsed() > UP_WITHIN {
                return Err(format!("the resolver at {resolver} does not know `{name}`"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    Ok(())
}

fn answers(resolver: Ipv4Addr, name: &str) -> bool {
    let ask = || -> Option<Vec<Ipv4Addr>> {
        let question = question(name, 1)?;
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
        socket.set_read_timeout(Some(Duration::from_millis(500))).ok()?;
        socket.send_to(&question, (resolver, PORT)).ok()?;
        let mut answer = [0; LONGEST];
        let length = socket.recv(&mut answer).ok()?;
        addresses(&answer[..length], 1)
    };
    ask().is_some_and(|found| !found.is_empty())
}
