//! The configuration of Postfix: on a node, where it takes mail for the domains of the cluster and hands it to Dovecot by LMTP, and
//! on a backup, which sends it on.

use std::net::Ipv4Addr;

/// Where Dovecot takes what is delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// On the same node, at this socket.
    Socket(String),
    /// On a data server.
    Host(Ipv4Addr),
    /// Nowhere here: it goes to the mail exchangers of the domain that DNS prefers to this host, again and again.
    Exchangers(Rhythm),
}

/// When and how a server sends: seconds, as Postfix counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rhythm {
    /// Interval in which the queue is looked through.
    pub scan_s: u64,
    /// The least time until a message is tried again.
    pub least_s: u64,
    /// The most.
    pub most_s: u64,
    /// Age at which it goes back to its sender.
    pub lifetime_s: u64,
    /// An address that says nothing is given up after this time.
    pub connect_timeout_s: u64,
    /// A command that is not answered.
    pub command_timeout_s: u64,
    /// A whole message that is not answered.
    pub data_timeout_s: u64,
    /// Sessions at one time to begin with, and at most; none = as Postfix has them.
    pub concurrency: Option<(u32, u32)>,
}

impl Rhythm {
    fn lines(&self) -> String {
        let Rhythm {
            scan_s, least_s, most_s, lifetime_s, connect_timeout_s, command_timeout_s, data_timeout_s, ..
        } = self;
        let mut text = format!(
            "queue_run_delay = {scan_s}s\n\
             minimal_backoff_time = {least_s}s\n\
             maximal_backoff_time = {most_s}s\n\
             maximal_queue_lifetime = {lifetime_s}s\n\
             smtp_connect_timeout = {connect_timeout_s}s\n\
             smtp_data_done_timeout = {data_timeout_s}s\n\
             # A session for each message.\n\
             smtp_connection_cache_on_demand = no\n"
        );
        for command in ["helo", "mail", "rcpt", "data_init", "data_xfer", "quit", "rset", "xforward"] {
            text += &format!("smtp_{command}_timeout = {command_timeout_s}s\n");
        }
        if let Some((initial, most)) = self.concurrency {
            text += &format!(
                "initial_destination_concurrency = {initial}\ndefault_destination_concurrency_limit = {most}\n"
            );
        }
        text
    }
}

/// Postfix on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postfix {
    /// The node's name.
    pub host: String,
    /// The address that it listens on.
    pub address: Ipv4Addr,
    /// The domain whose mail it takes.
    pub domain: String,
    /// The directory of the instance: its queue, its data and its log are below it.
    pub directory: String,
    /// Where the mail goes.
    pub delivery: Delivery,
    /// Whether all mail stays in the queue until somebody releases it.
    pub holds: bool,
    /// Processes of each service at most.
    pub processes: u32,
    /// An address that it shares with other nodes and listens on too.
    pub shared: Option<Ipv4Addr>,
}

impl Postfix {
    /// The text of `main.cf`.
    #[must_use]
    pub fn main_cf(&self) -> String {
        let Postfix { host, domain, directory, processes, .. } = self;
        let addresses = match self.is_on_loopback() {
            true => "loopback-only".to_owned(),
            false => super::listening(self.address, self.shared),
        };
        let hold = if self.holds { "smtpd_data_restrictions = check_client_access static:HOLD\n" } else { "" };
        let lmtp = |transport: String| {
            format!(
                "disable_dns_lookups = yes\n\
                 virtual_mailbox_domains = {domain}\n\
                 virtual_mailbox_maps = static:all\n\
                 virtual_transport = lmtp:{transport}\n\
                 # One store behind all mailboxes: no pauses because one of many deliveries had to wait.\n\
                 lmtp_destination_concurrency_limit = {processes}\n"
            )
        };
        let delivery = match &self.delivery {
            Delivery::Socket(path) => lmtp(format!("unix:{path}")),
            Delivery::Host(address) => lmtp(format!("inet:[{address}]:24")),
            Delivery::Exchangers(rhythm) => format!("relay_domains = {domain}\n{}", rhythm.lines()),
        };
        format!(
            "compatibility_level = 3.6\n\
             queue_directory = {directory}/queue\n\
             data_directory = {directory}/data\n\
             command_directory = /usr/sbin\n\
             daemon_directory = /usr/lib/postfix/sbin\n\
             mail_owner = postfix\n\
             setgid_group = postdrop\n\
             maillog_file = {directory}/mail.log\n\
             maillog_file_prefixes = {directory}\n\
             myhostname = {host}.{domain}\n\
             smtpd_banner = {host} ESMTP\n\
             inet_interfaces = {addresses}\n\
             inet_protocols = ipv4\n\
             mydestination =\n\
             mynetworks = 127.0.0.0/8\n\
             alias_maps =\n\
             local_recipient_maps =\n\
             biff = no\n\
             smtpd_peername_lookup = no\n\
             smtpd_relay_restrictions = reject_unauth_destination\n\
             # One address may be a whole provider, or the switch.\n\
             smtpd_client_event_limit_exceptions = static:all\n\
             {delivery}\
             default_process_limit = {processes}\n\
             # Processes stay: what a session costs does not depend on how long ago the last one was.\n\
             max_use = 100000\n\
             max_idle = 3600s\n\
             {hold}"
        )
    }

    /// The text of `master.cf`: nothing in a jail, nothing that sends mail elsewhere by another way than SMTP.
    #[must_use]
    pub fn master_cf(&self) -> String {
        const SERVICES: [&str; 19] = [
            "pickup unix n - n 60 1 pickup",
            "cleanup unix n - n - 0 cleanup",
            "qmgr unix n - n 300 1 qmgr",
            "rewrite unix - - n - - trivial-rewrite",
            "bounce unix - - n - 0 bounce",
            "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce",
            "verify unix - - n - 1 verify",
            "flush unix n - n 1000? 0 flush",
            "proxymap unix - - n - - proxymap",
            "smtp unix - - n - - smtp",
            "relay unix - - n - - smtp",
            "showq unix n - n - - showq",
            "error unix - - n - - error",
            "retry unix - - n - - error",
            "discard unix - - n - - discard",
            "lmtp unix - - n - - lmtp",
            "anvil unix - - n - 1 anvil",
            "postlog unix-dgram n - n - 1 postlogd",
        ];
        let at = if self.is_on_loopback() { format!("{}:", self.address) } else { String::new() };
        format!("{at}smtp inet n - n - - smtpd\n{}\n", SERVICES.join("\n"))
    }

    /// Of the addresses of the loopback interface only one is found at it, and Postfix has no other in `inet_interfaces`; it listens
    /// at the others where its service says so.
    fn is_on_loopback(&self) -> bool {
        self.address.is_loopback()
    }
}
