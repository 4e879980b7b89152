//! The network of the lab: a bridge in a namespace of the lab's own, and behind it a namespace for each host.

use super::command::run;
use super::servers::write;
use crate::lab::ground::Ground;
use crate::lab::job::HOME;
use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::path::PathBuf;

const BRIDGE: &str = "lab";
/// Its address of Ethernet. Without one of its own it takes that of a host, and another one's when that joins later: then the kernel
/// forgets all neighbours, also those that it was told to keep.
const OWN: &str = "02:00:0a:4d:00:01";
/// Where all sources are, and who brings packets there.
const SOURCES: &str = "10.77.64.0/18";
const ROUTER: &str = "10.77.0.1";
/// A multicast address of Ethernet: a bridge brings it to all.
const TO_ALL: &str = "01:00:5e:00:01:09";

/// Where the namespace of a host is.
#[must_use]
pub fn namespace(host: &str) -> PathBuf {
    PathBuf::from("/run/netns").join(host)
}

/// Makes the bridge with the addresses of all sources.
///
/// # Errors
/// What `ip` has to say.
pub fn bridge(sources: u32) -> Result<(), String> {
    let mut batch =
        format!("link set lo up\nlink add {BRIDGE} address {OWN} type bridge\naddr add {ROUTER}/16 dev {BRIDGE}\n");
    let source = Ground::Bridge.source();
    for number in 0..sources {
        // A text always takes more.
        let _ = writeln!(batch, "addr add {}/16 dev {BRIDGE}", source(number));
    }
    batch += &format!("link set {BRIDGE} up\n");
    execute(&[], &batch)
}

/// Makes a host with addresses on the bridge. The place is a number of its own.
///
/// # Errors
/// What `ip` has to say.
pub fn host(name: &str, place: usize, addresses: &[Ipv4Addr]) -> Result<(), String> {
    let outer = format!("v{place}");
    let outside = format!(
        "netns add {name}\n\
         link add {outer} type veth peer name eth0 netns {name}\n\
         link set {outer} master {BRIDGE}\n\
         link set {outer} up\n"
    );
    execute(&[], &outside)?;
    let mut inside = String::from("link set lo up\n");
    for address in addresses {
        // A text always takes more.
        let _ = writeln!(inside, "addr add {address}/16 dev eth0");
    }
    // Clients are behind a router, as they are for any cluster: the neighbours of all hosts together are few, and the kernel has
    // room for a thousand.
    let _ = write!(inside, "link set eth0 up\nroute add {SOURCES} via {ROUTER}\n");
    execute(&["-netns", name], &inside)
}

/// Has packets for this address come to every host behind the bridge.
///
/// # Errors
/// What `ip` has to say.
pub fn flood(address: Ipv4Addr) -> Result<(), String> {
    let batch = format!(
        "link set {BRIDGE} type bridge mcast_snooping 0\nneigh add {address} lladdr {TO_ALL} dev {BRIDGE} nud permanent\n"
    );
    execute(&[], &batch)
}

/// Has a host take what comes to all of them at this address, and let its filter know connections from their first packet on.
///
/// # Errors
/// What `ip` or the kernel has to say.
pub fn share(name: &str, address: Ipv4Addr) -> Result<(), String> {
    execute(&["-netns", name], &format!("addr add {address}/32 dev eth0\nmaddr add {TO_ALL} dev eth0\n"))?;
    let strict = "echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose";
    run("nsenter", &[&format!("--net={}", namespace(name).display()), "sh", "-c", strict]).map(|_| ())
}

/// Takes the link of the host at this place down, or up again.
///
/// # Errors
/// What `ip` has to say.
pub fn plug(place: usize, is_in: bool) -> Result<(), String> {
    run("ip", &["link", "set", &format!("v{place}"), if is_in { "up" } else { "down" }]).map(|_| ())
}

fn execute(options: &[&str], batch: &str) -> Result<(), String> {
    let file = write(&format!("{HOME}/network.ip"), batch)?;
    run("ip", &[options, &["-batch", &file]].concat()).map(|_| ())
}
