//! The configuration of Postfix on a node: takes mail for the domains of the cluster and hands it to Dovecot by LMTP.

use std::net::Ipv4Addr;

/// Where Dovecot takes what is delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// On the same node, at this socket.
    Socket(String),
    /// On a data server.
    Host(Ipv4Addr),
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
}

impl Postfix {
    /// The text of `main.cf`.
    #[must_use]
    pub fn main_cf(&self) -> String {
        let Postfix { host, address, domain, directory, processes, .. } = self;
        let hold = if self.holds { "smtpd_data_restrictions = check_client_access static:HOLD\n" } else { "" };
        let transport = match &self.delivery {
            Delivery::Socket(path) => format!("lmtp:unix:{path}"),
            Delivery::Host(address) => format!("lmtp:inet:[{address}]:24"),
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
             inet_interfaces = {address}\n\
             inet_protocols = ipv4\n\
             mydestination =\n\
             mynetworks = 127.0.0.0/8\n\
             alias_maps =\n\
             local_recipient_maps =\n\
             biff = no\n\
             disable_dns_lookups = yes\n\
             smtpd_peername_lookup = no\n\
             smtpd_relay_restrictions = reject_unauth_destination\n\
             # One address may be a whole provider, or the switch.\n\
             smtpd_client_event_limit_exceptions = static:all\n\
             virtual_mailbox_domains = {domain}\n\
             virtual_mailbox_maps = static:all\n\
             virtual_transport = {transport}\n\
             # One store behind all mailboxes: no pauses because one of many deliveries had to wait.\n\
             lmtp_destination_concurrency_limit = {processes}\n\
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
        const SERVICES: [&str; 20] = [
            "smtp inet n - n - - smtpd",
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
        SERVICES.join("\n") + "\n"
    }
}
