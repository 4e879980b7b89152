//! Whether this machine can hold a lab.

use super::ground::Ground;
use super::host::{command, control};
use super::job::{Job, Protocol};
use std::net::TcpListener;

const GROUPS: &str = "control groups";
const NAMESPACES: &str = "namespaces";

/// A thing that is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// What it is.
    pub what: String,
    /// What is there, or what to do when it is not.
    pub found: Result<String, String>,
}

/// What a lab has beside mail servers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parts {
    /// A switch.
    pub switch: bool,
    /// Name servers.
    pub names: bool,
    /// Hosts that share an address.
    pub shared: bool,
}

impl Parts {
    /// All of it.
    pub const ALL: Parts = Parts { switch: true, names: true, shared: true };

    /// What any of these jobs has.
    #[must_use]
    pub fn of(jobs: &[&Job]) -> Parts {
        Parts {
            switch: jobs.iter().any(|job| job.haproxy.is_some()),
            names: jobs.iter().any(|job| job.names.is_some()),
            shared: jobs.iter().any(|job| job.shared.is_some()),
        }
    }
}

/// Everything that is needed to build on a ground, in the order in which it is.
#[must_use]
pub fn preflight(ground: Ground, parts: Parts) -> Vec<Need> {
    let is_root = command::run("id", &["-u"]).is_ok_and(|user| user == "0");
    let need = |what: &str, found: Result<String, String>| Need { what: what.to_owned(), found };
    let mut needs = vec![need("root", if is_root { Ok("yes".to_owned()) } else { Err("run it as root".to_owned()) })];
    let mut programs = vec![("taskset", "util-linux"), ("setsid", "util-linux")];
    match ground {
        Ground::Bridge => {
            // What is there need not be allowed, and who is not root need not ask.
            let groups = if is_root { control::attempt(std::process::id()) } else { control::available() };
            needs.push(need(GROUPS, groups.map(str::to_owned)));
            if is_root {
                needs.push(need(NAMESPACES, namespaces()));
            }
            programs.extend([
                ("unshare", "util-linux"),
                ("nsenter", "util-linux"),
                ("mount", "mount"),
                ("ip", "iproute2"),
            ]);
        }
        Ground::Loopback => {
            if is_root {
                needs.push(need("ports", ports()));
            }
            programs.push(("prlimit", "util-linux"));
        }
    }
    programs.extend([("postfix", "postfix"), ("dovecot", "dovecot-imapd dovecot-pop3d dovecot-lmtpd")]);
    if parts.switch {
        programs.push(("haproxy", "haproxy"));
    }
    if parts.names && ground == Ground::Bridge {
        programs.extend([("named", "bind9"), ("unbound", "unbound")]);
    }
    if parts.shared && ground == Ground::Bridge {
        programs.push(("iptables-restore", "iptables"));
    }
    needs.extend(programs.into_iter().map(|(program, package)| {
        let found = command::run("sh", &["-c", &format!("command -v {program}")]);
        need(program, found.map_err(|_| format!("install the Debian packages {package}")))
    }));
    needs
}

/// What else there is where these are missing, if anything.
#[must_use]
pub fn remedy(ground: Ground, needs: &[Need]) -> Option<&'static str> {
    let missing: Vec<&str> = needs.iter().filter(|need| need.found.is_err()).map(|need| &*need.what).collect();
    let of_bridge = [GROUPS, NAMESPACES, "unshare", "nsenter", "mount", "ip"];
    match ground {
        _ if missing.is_empty() => None,
        Ground::Bridge if missing.iter().all(|what| of_bridge.contains(what)) => {
            Some("`--loopback` needs no namespaces and no control groups, for a scenario without tiers and cut links")
        }
        _ => Some("`--stub` needs neither root nor mail servers, for a single node"),
    }
}

/// Whether this process may have namespaces of its own.
fn namespaces() -> Result<String, String> {
    let arguments = ["--net", "--mount", "--pid", "--fork", "true"];
    command::run("unshare", &arguments).map(|_| "yes".to_owned()).map_err(|_| "run it with `CAP_SYS_ADMIN`".to_owned())
}

/// Whether anybody has the ports of mail at all addresses of the machine.
fn ports() -> Result<String, String> {
    let taken = |port: &u16| TcpListener::bind((Ground::Loopback.nobody(), *port)).is_err();
    let ports: Vec<String> =
        Protocol::ALL.map(Protocol::port).iter().filter(|port| taken(port)).map(u16::to_string).collect();
    if ports.is_empty() {
        return Ok("free".to_owned());
    }
    Err(format!("end the server that has {} at all addresses", ports.join(" and ")))
}
