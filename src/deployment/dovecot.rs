//! The configuration of Dovecot on a node: the mailboxes themselves, or the way to the data server that has them.

use std::net::Ipv4Addr;

/// Where the mailboxes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mailboxes {
    /// Here, below this directory.
    Here(String),
    /// On a data server.
    On(Ipv4Addr),
}

/// Dovecot on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dovecot {
    /// The node's name.
    pub host: String,
    /// The address that it listens on.
    pub address: Ipv4Addr,
    /// The directory of the instance: sockets, state and log are in it.
    pub directory: String,
    /// Where the mailboxes are.
    pub mailboxes: Mailboxes,
    /// Whether it takes mail from other nodes, as a data server does.
    pub takes_mail: bool,
    /// Processes of each service at most.
    pub processes: u32,
    /// An address that it shares with other nodes and listens on too.
    pub shared: Option<Ipv4Addr>,
}

impl Dovecot {
    /// Where Postfix on the same node hands mail over.
    #[must_use]
    pub fn socket(&self) -> String {
        format!("{}/lmtp", self.directory)
    }

    /// The text of `dovecot.conf`.
    #[must_use]
    pub fn conf(&self) -> String {
        let Dovecot { host, directory, processes, .. } = self;
        let addresses = super::listening(self.address, self.shared);
        // Any password will do: the passwords of the buyer are in a file or a database of his.
        let (password, store) = match &self.mailboxes {
            Mailboxes::Here(path) => ("nopassword=y".to_owned(), path.clone()),
            Mailboxes::On(data) => (format!("nopassword=y proxy=y host={data} pass=x"), format!("{directory}/none")),
        };
        let clients = processes * 4;
        let mut text = format!(
            "protocols = imap pop3 lmtp\n\
             listen = {addresses}\n\
             base_dir = {directory}/run\n\
             state_dir = {directory}/state\n\
             log_path = {directory}/dovecot.log\n\
             ssl = no\n\
             disable_plaintext_auth = no\n\
             auth_mechanisms = plain\n\
             first_valid_uid = 1\n\
             mail_location = maildir:{store}/%n\n\
             login_greeting = {host} ready\n\
             mail_max_userip_connections = 0\n\
             default_process_limit = {processes}\n\
             default_client_limit = {clients}\n\
             passdb {{\n  driver = static\n  args = {password}\n}}\n\
             userdb {{\n  driver = static\n  args = uid=mail gid=mail home={store}/%n allow_all_users=yes\n}}\n\
             # Login processes stay, and each takes many clients.\n\
             service imap-login {{\n  service_count = 0\n  inet_listener imap {{\n    port = 143\n  }}\n  inet_listener imaps {{\n    port = 0\n  }}\n}}\n\
             service pop3-login {{\n  service_count = 0\n  inet_listener pop3 {{\n    port = 110\n  }}\n  inet_listener pop3s {{\n    port = 0\n  }}\n}}\n\
             service anvil {{\n  client_limit = {}\n}}\n\
             service auth {{\n  client_limit = {}\n}}\n\
             service lmtp {{\n  unix_listener {} {{\n    mode = 0666\n  }}\n",
            clients * 4,
            clients * 4,
            self.socket(),
        );
        if self.takes_mail {
            text += "  inet_listener lmtp {\n    port = 24\n  }\n";
        }
        text += "}\n";
        if matches!(self.mailboxes, Mailboxes::On(_)) {
            text += "lmtp_proxy = yes\n";
        }
        text
    }
}
