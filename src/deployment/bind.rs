//! The configuration of BIND for the names by which clients find the cluster.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

/// The server of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bind {
    /// The address that it listens on.
    pub address: Ipv4Addr,
    /// The directory with the file `zone`.
    pub directory: String,
    /// The zone.
    pub domain: String,
    /// Whether each answer begins with any of the addresses, and not always with the same.
    pub rotates: bool,
}

impl Bind {
    /// The text of `named.conf`.
    #[must_use]
    pub fn named_conf(&self) -> String {
        let Bind { address, directory, domain, .. } = self;
        let order = if self.rotates { "random" } else { "none" };
        format!(
            "options {{\n    \
                 directory \"{directory}\";\n    \
                 pid-file \"{directory}/named.pid\";\n    \
                 session-keyfile none;\n    \
                 listen-on {{ {address}; }};\n    \
                 listen-on-v6 {{ none; }};\n    \
                 recursion no;\n    \
                 allow-query {{ any; }};\n    \
                 dnssec-validation no;\n    \
                 minimal-responses yes;\n    \
                 notify no;\n    \
                 rrset-order {{ order {order}; }};\n\
             }};\n\
             controls {{ }};\n\
             zone \"{domain}\" {{ type primary; file \"zone\"; }};\n"
        )
    }

    /// The text of `zone`: names with the time to live of their addresses in seconds, and these; and the mail exchangers of the
    /// domain with their preferences.
    #[must_use]
    pub fn zone(&self, names: &[(String, u64, Vec<Ipv4Addr>)], exchangers: &[(u32, String, Vec<Ipv4Addr>)]) -> String {
        let Bind { address, domain, .. } = self;
        let mut text = format!(
            "$ORIGIN {domain}.\n$TTL 3600\n@ IN SOA ns.{domain}. hostmaster.{domain}. 1 3600 600 86400 60\n@ IN NS ns\n\
             ns IN A {address}\n"
        );
        for (name, ttl_s, addresses) in names {
            for address in addresses {
                // A text always takes more.
                let _ = writeln!(text, "{name} {ttl_s} IN A {address}");
            }
        }
        for (preference, name, addresses) in exchangers {
            let _ = writeln!(text, "@ IN MX {preference} {name}");
            for address in addresses {
                let _ = writeln!(text, "{name} IN A {address}");
            }
        }
        text
    }
}
