//! The configuration of Unbound: a resolver whose clients look up where the cluster is.

use std::net::Ipv4Addr;

/// A resolver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbound {
    /// The address that it listens on and asks from.
    pub address: Ipv4Addr,
    /// Its directory.
    pub directory: String,
    /// The zone that it is to find elsewhere than the world does, and at which address.
    pub zone: (String, Ipv4Addr),
    /// Whether each client gets another order of what it keeps.
    pub rotates: bool,
    /// Whether it keeps anything.
    pub keeps: bool,
}

impl Unbound {
    /// The text of `unbound.conf`.
    #[must_use]
    pub fn conf(&self) -> String {
        let Unbound { address, directory, zone: (domain, server), .. } = self;
        let rotates = if self.rotates { "yes" } else { "no" };
        let longest_s = if self.keeps { 604_800 } else { 0 };
        format!(
            "server:\n    \
                 directory: \"{directory}\"\n    \
                 chroot: \"\"\n    \
                 username: \"\"\n    \
                 pidfile: \"{directory}/unbound.pid\"\n    \
                 use-syslog: no\n    \
                 logfile: \"{directory}/unbound.log\"\n    \
                 interface: {address}\n    \
                 outgoing-interface: {address}\n    \
                 access-control: 0.0.0.0/0 allow\n    \
                 do-ip6: no\n    \
                 num-threads: 1\n    \
                 module-config: \"iterator\"\n    \
                 qname-minimisation: no\n    \
                 rrset-roundrobin: {rotates}\n    \
                 cache-max-ttl: {longest_s}\n    \
                 local-zone: \"test.\" nodefault\n\
             remote-control:\n    \
                 control-enable: no\n\
             stub-zone:\n    \
                 name: \"{domain}\"\n    \
                 stub-addr: {server}\n"
        )
    }
}
