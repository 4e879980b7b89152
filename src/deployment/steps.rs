//! What is done to set a design up, in order.

use crate::scenario::{Cluster, Configuration, Node, Role};

/// The set-up of a cluster.
#[must_use]
pub fn steps(cluster: &Cluster) -> Vec<String> {
    let mut steps = Vec::new();
    let primaries: Vec<&Node> = cluster.nodes.iter().filter(|node| node.role == Role::Primary).collect();
    let first = primaries.first().map_or("primary", |node| node.name.as_str());
    steps.push(format!("install the mail server on the local disk of `{first}`"));
    if cluster.shares_store() {
        let store = &cluster.nodes[cluster.store()].name;
        steps.extend(share(first, store));
        if primaries.len() > 1 {
            steps.push(
                "on each further primary: install, set the same system path, stop the services, give them the same \
                 account, start them; nothing is copied again"
                    .to_owned(),
            );
        }
        if cluster.configuration == Configuration::ServiceSpecific {
            steps.push("on each primary switch off the services that are not its own".to_owned());
        }
        steps.push(
            "let the mail services wait for the system service that starts last: the drive must be there before them; \
             restart each machine once to see that it works"
                .to_owned(),
        );
        steps.push(
            "if users and domains are to be in a database: create the ODBC data source on each primary, then convert on \
             one of them only"
                .to_owned(),
        );
    }
    if let Some(backup) = cluster.backup() {
        let name = &backup.name;
        steps.push(format!("let `{name}` accept mail for the domains and pass it on when a primary is back"));
    }
    if cluster.has_nlb() {
        steps.push(
            "on each primary: bind Network Load Balancing to its adapter, with the shared address, a priority of its own and \
             the same port rules as the others; see that they converge"
                .to_owned(),
        );
    }
    if cluster.has_switch() {
        steps.push("enter the primaries at the balancer, and at whatever watches them".to_owned());
    } else if cluster.routing.is_some() {
        steps.push("enter the primaries at whatever watches them".to_owned());
    }
    steps.push("publish the DNS records".to_owned());
    if cluster.shares_store() {
        steps.push("from now on reload the configuration before each change: all primaries share it".to_owned());
    }
    steps
}

/// How the first primary's mail and configuration get onto the shared drive.
fn share(first: &str, store: &str) -> [String; 5] {
    [
        format!("share a drive of `{store}`, map it on each primary, and make a directory on it (such as V:\\VMS)"),
        format!("copy `mail` and `config` with all they hold from the installation on `{first}` into it"),
        format!("on `{first}` set the system path to the directory and the mail path to the `mail` in it; save"),
        format!(
            "on `{first}` stop SMTP, POP3/IMAP, instant messaging and control, and let the four log on as the user \
                 with the rights: the local system account has none on a mapped drive"
        ),
        format!("start them, and see that `{first}` works from the shared drive"),
    ]
}
