//! What a session asks of the machines: services with their operations, and filters.

use super::Named;
use crate::scenario::law::Written;
use crate::units::{Bytes, Share, Time};
use serde::Deserialize;
use toml::Spanned;

/// The operations of a service.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Sessions that a node holds at one time, 1 to a million; default: any number.
    pub connections: Option<u32>,
    /// Sessions that wait when a node holds all it can; further ones are refused. Default 100.
    pub backlog: Option<u32>,
    /// Sessions that a node works on at one time, 1 to a million; default: any number.
    pub workers: Option<u32>,
    /// Replied mail that a node works on at one time, 1 to a million; default: any number.
    pub queue_workers: Option<u32>,
    /// Share of the sessions that are encrypted; default none.
    pub tls: Option<Spanned<Share>>,
    /// Share of these that resume an earlier one instead of a full handshake; default none.
    pub tls_resumed: Option<Share>,
    /// CPU of a full handshake, on the reference core; default 30 ms.
    pub tls_cpu: Option<Time>,
    /// CPU of a resumed one; default 2 ms.
    pub tls_resumed_cpu: Option<Time>,
    /// How long a session keeps its worker; default from its first operation to its end.
    pub worker_for: Option<WorkerFor>,
    /// Whether a session locks the mailbox of its pool, so that another one for it is refused; default no.
    pub mailbox_lock: Option<bool>,
    /// The operation that is done again where a session comes to a node that does not know it: each operation that its
    /// client thinks about then has a connection of its own, as a page of web mail has. Default: a session is one connection.
    pub relogin: Option<Spanned<String>>,
    /// Where its operations keep what they store; default in the mail store that all nodes share.
    pub state: Option<State>,
    /// Memory for each connection, up to a terabyte; default as the product has it.
    pub connection_ram: Option<Bytes>,
    /// Memory for each worker that is held, of sessions and of replied mail, up to a terabyte; default as the product has it.
    pub worker_ram: Option<Bytes>,
    /// The operations, by name.
    #[serde(default)]
    pub operation: Named<Operation>,
}

/// Where the operations of a service keep what they store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// In the mail store.
    Shared,
    /// Each node on its own disk.
    Local,
}

/// How long a session keeps its worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkerFor {
    /// From its first operation to its end: a process for each session.
    Session,
    /// While one of its operations runs: a server that turns to others while the client thinks.
    Operation,
}

/// What one operation asks of the machines.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// CPU at the node, on the reference core; default none.
    pub cpu: Option<Written<Time>>,
    /// CPU at the node for each KB (1000 bytes) of the message; default none.
    pub cpu_per_kb: Option<Time>,
    /// CPU at the data server, when the store is on one; default none.
    pub data_cpu: Option<Written<Time>>,
    /// Writes to the node's own disk; default 0.
    pub queue_writes: Option<u32>,
    /// Users looked up in the directory, at most 1000; default 0.
    pub lookups: Option<u32>,
    /// Reads from the disk that holds the mail store; default 0.
    pub store_reads: Option<u32>,
    /// Writes to the disk that holds the mail store; default 0.
    pub store_writes: Option<u32>,
    /// Flushes of what was written to the node's own disk; default 0.
    pub queue_fsyncs: Option<u32>,
    /// Flushes of what was written to the disk that holds the mail store; default 0.
    pub store_fsyncs: Option<u32>,
    /// Whether the message crosses the client's line; default none.
    pub client_transfer: Option<ClientTransfer>,
    /// Whether the message crosses to or from the mail store; default none.
    pub store_transfer: Option<StoreTransfer>,
    /// Round trips between client and node; default 0.
    pub round_trips: Option<u32>,
    /// Time that the client takes before it asks for this; default none.
    pub think: Option<Written<Time>>,
    /// Time that a server elsewhere takes for its part, as in sending mail on; default none.
    pub remote_latency: Option<Written<Time>>,
    /// CPU at every primary for each mail domain, when it reloads the configuration that this has changed; default: it
    /// changes none.
    pub reload_per_domain: Option<Time>,
    /// Share of these changes before which the configuration was reloaded, so that they undo no other; default none.
    pub reload_first: Option<Share>,
    /// Operations of other services that are done as a part of this one, as `"imap/fetch"`; default none.
    pub calls: Option<Vec<Spanned<String>>>,
    /// Whether the client's reply comes after the work or before; default after.
    pub reply: Option<Reply>,
    /// Executions at one node at one time, 1 to a million; default any number.
    pub concurrency: Option<u32>,
    /// How often in a session; default per message when one is moved, else once.
    pub times: Option<Times>,
    /// For which messages; default all.
    pub messages: Option<Messages>,
    /// Whether each execution delivers its message: into a mailbox, or to another server where it is about messages that leave
    /// the cluster; default no. Sessions of which an operation does so carry mail.
    pub delivers: Option<bool>,
}

/// Whether the message crosses the client's line, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientTransfer {
    /// Nothing.
    None,
    /// From the client.
    Upload,
    /// To the client.
    Download,
}

/// Whether the message goes to the mail store or comes from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoreTransfer {
    /// Nothing.
    None,
    /// To the store.
    Save,
    /// From the store.
    Load,
}

/// Whether the client waits for the operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// The client waits until the work is done.
    After,
    /// The client has its reply before the work starts.
    Before,
}

/// How often an operation is done in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Times {
    /// Once in a session.
    Once,
    /// For each message.
    PerMessage,
    /// For each recipient of each message.
    PerRecipient,
}

/// Which messages of a session an operation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Messages {
    /// All of them.
    All,
    /// Those that stay in the cluster.
    Local,
    /// Those that leave it.
    Remote,
}

/// A filter that mail from outside has to pass.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// When it works; default on the content.
    pub stage: Option<Stage>,
    /// Where it works; default on the session's own node.
    pub place: Option<FilterPlace>,
    /// Filters of a stage work in this order, then in that of their names; default 0.
    pub order: Option<u32>,
    /// CPU at the node, on the reference core; default none.
    pub cpu: Option<Written<Time>>,
    /// CPU at the node for each KB (1000 bytes) of the message; default none.
    pub cpu_per_kb: Option<Time>,
    /// Messages or sessions at one node at one time, 1 to a million; default any number.
    pub concurrency: Option<u32>,
    /// Whether the client's reply comes after the work or before; default after for connections, before for contents.
    pub reply: Option<Reply>,
    /// Share of wanted mail that passes; default all.
    pub pass: Option<Share>,
    /// Share of spam that passes; default as for wanted mail.
    pub spam_pass: Option<Share>,
    /// Share of the wanted sessions that are not known yet and are turned away for now, as greylists do; default none.
    pub defer: Option<Share>,
    /// Share of the sessions of spam; default as for wanted mail.
    pub spam_defer: Option<Share>,
    /// Share of the wanted ones turned away that come back, and are known then; default all.
    pub returns: Option<Share>,
    /// Share of those of spam; default none.
    pub spam_returns: Option<Share>,
    /// When they come back; default uniform between 5 and 15 minutes.
    pub after: Option<Written<Time>>,
}

/// Where a filter works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilterPlace {
    /// On the session's own node.
    Node,
    /// On the nodes of role `filter`, in turn; the message crosses the network.
    FilterTier,
}

/// When a filter works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// On the connection, before the session's first operation; who does not pass is turned away.
    Connection,
    /// On each message, when it has been taken; what does not pass goes no further.
    Content,
}
