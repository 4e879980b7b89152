//! Web mail of a scenario in the lab: which sessions its gateway is like, and where that asks for mail.
//!
//! A session is the list of the inbox and a page for each message. What a scenario does once in a session belongs to the list, what
//! it does for each message to that one's page; nothing else is done, so anything else is refused.

use super::blueprint::PROCESSES;
use super::job::Protocol;
use super::web::Gateway;
use crate::scenario::{ClientTransfer, Node, Operation, Scenario, Stream, Times};
use std::net::{Ipv4Addr, SocketAddrV4};

/// The streams of web mail.
fn streams(scenario: &Scenario) -> impl Iterator<Item = &Stream> {
    let service = scenario.service(Protocol::Web.name());
    scenario.streams.iter().filter(move |stream| Some(stream.service) == service)
}

/// What no session of the lab's web mail does.
pub(super) fn obstacles(scenario: &Scenario) -> Vec<String> {
    let mut found = Vec::new();
    let mut no = |sentence: String| found.push(sentence);
    for stream in streams(scenario) {
        let name = &stream.name;
        if scenario.services[stream.service].relogin.is_some() {
            no(format!(
                "each page of `{name}` is a connection of its own, and in the lab a session has one; leave `relogin` out"
            ));
        }
        for index in &stream.operations {
            let operation = &scenario.operations[*index];
            let what = format!("`{name}` does `{}/{}`", scenario.services[operation.service].name, operation.name);
            if let Some(why) = unlike(scenario, stream, operation) {
                no(format!("{what}, and the lab's web mail {why}"));
            }
        }
    }
    let asks = |stream: &Stream| {
        stream.operations.iter().any(|index| !scenario.operations[*index].calls.is_empty()).then_some(stream.service)
    };
    if let (Some(webmail), Some(imap)) = (streams(scenario).find_map(asks), scenario.service(Protocol::Imap.name())) {
        let nodes = scenario.cluster.servers(webmail).map(|node| &scenario.cluster.nodes[node]);
        for node in nodes.filter(|node| !node.serves(imap)) {
            no(format!(
                "the pages of `{}` are from mail of other nodes, and the lab's web mail asks the IMAP server of its own; run `imap` there too",
                node.name
            ));
        }
    }
    found
}

/// Why an operation is none of its pages.
fn unlike(scenario: &Scenario, stream: &Stream, operation: &Operation) -> Option<&'static str> {
    let called = || operation.calls.iter().map(|index| &scenario.operations[*index]);
    let is_of_imap = |called: &Operation| scenario.services[called.service].name == Protocol::Imap.name();
    let writes = |operation: &Operation| operation.store_writes + operation.store_fsyncs > 0;
    let is_same = |index: &&usize| std::ptr::eq(operation, &scenario.operations[**index]);
    let listed = stream.operations.iter().filter(is_same);
    let reasons = [
        (operation.service != stream.service || !called().all(is_of_imap), "works with IMAP and with nothing else"),
        (operation.client_transfer == ClientTransfer::Upload, "sends no mail"),
        (!operation.client_waits, "does nothing after its answers"),
        (writes(operation) || called().any(writes), "reads and changes nothing"),
        (operation.times == Times::PerRecipient, "has a page for each message and not for each recipient"),
        (operation.part != (0.0, 1.0), "is plain HTTP and does the same in every session"),
        (operation.think.mean() > 0.0, "has people who click at once; leave `think` out"),
        (listed.count() > 1, "does each thing once"),
    ];
    reasons.into_iter().find(|(is, _)| *is).map(|(_, why)| why)
}

/// What it is not, where there is some.
pub(super) fn differences(scenario: &Scenario) -> Option<String> {
    streams(scenario).next().map(|_| {
        "the lab's web mail is a gateway of mxplan's own: it logs in at IMAP for each page, and makes less of pages than programs in PHP"
            .to_owned()
    })
}

/// The gateway of a node, where it serves web mail.
pub(super) fn gateway(
    scenario: &Scenario,
    node: &Node,
    address: Ipv4Addr,
    shared: Option<Ipv4Addr>,
) -> Option<Gateway> {
    scenario.service(Protocol::Web.name()).filter(|service| node.serves(*service))?;
    let listens = [address].into_iter().chain(shared).map(|own| SocketAddrV4::new(own, Protocol::Web.port()));
    Some(Gateway {
        name: node.name.clone(),
        listens: listens.collect(),
        imap: SocketAddrV4::new(address, Protocol::Imap.port()),
        workers: PROCESSES,
    })
}
