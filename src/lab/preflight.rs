//! Whether this machine can hold a lab.

use super::host::{command, group};
use super::job::Job;

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

/// Everything that is needed, in the order in which it is.
#[must_use]
pub fn preflight(parts: Parts) -> Vec<Need> {
    let user = command::run("id", &["-u"]).unwrap_or_default();
    let mut needs = vec![Need {
        what: "root".to_owned(),
        found: if user == "0" { Ok("yes".to_owned()) } else { Err("run it as root".to_owned()) },
    }];
    let groups = group::available().map(str::to_owned);
    needs.push(Need { what: "control groups".to_owned(), found: groups });
    let mut programs = vec![
        ("unshare", "util-linux"),
        ("nsenter", "util-linux"),
        ("taskset", "util-linux"),
        ("setsid", "util-linux"),
        ("mount", "mount"),
        ("ip", "iproute2"),
        ("postfix", "postfix"),
        ("dovecot", "dovecot-imapd dovecot-pop3d dovecot-lmtpd"),
    ];
    if parts.switch {
        programs.push(("haproxy", "haproxy"));
    }
    if parts.names {
        programs.extend([("named", "bind9"), ("unbound", "unbound")]);
    }
    if parts.shared {
        programs.push(("iptables-restore", "iptables"));
    }
    needs.extend(programs.into_iter().map(|(program, package)| {
        Need {
            what: program.to_owned(),
            found: command::run("sh", &["-c", &format!("command -v {program}")])
                .map_err(|_| format!("install the Debian packages {package}")),
        }
    }));
    needs
}
