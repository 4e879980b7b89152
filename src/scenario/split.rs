//! Configuration 6 as a search builds it: some primaries take mail in, the others serve those who read it.
//!
//! `smtp` has primaries of its own, every other service shares the rest: the split that the white paper draws, and the one that
//! parts the work which comes from outside from that of people who wait. A scenario may split otherwise by hand.

use super::file::{Configuration, Role};
use super::hardware::Tier;
use super::route::Route;
use super::topology::{Cluster, Node, numbered};
use std::sync::Arc;

/// The service that takes mail in.
const MAIL: &str = "smtp";

/// Which services run on which primaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Indices of the services on the primaries that take mail.
    pub mail: Vec<usize>,
    /// Those on the others.
    pub reading: Vec<usize>,
}

impl Split {
    /// The split of these services; none where either side would have nothing to do.
    #[must_use]
    pub fn of<'a>(services: impl Iterator<Item = &'a str>) -> Option<Split> {
        let (mail, reading): (Vec<_>, Vec<_>) = services.enumerate().partition(|(_, name)| *name == MAIL);
        let indices = |side: Vec<(usize, &str)>| side.into_iter().map(|(index, _)| index).collect();
        (!mail.is_empty() && !reading.is_empty()).then(|| Split { mail: indices(mail), reading: indices(reading) })
    }

    /// Whether a primary is one of those that take mail.
    #[must_use]
    pub fn takes_mail(&self, node: &Node) -> bool {
        node.services.as_ref() == Some(&self.mail)
    }
}

impl Cluster {
    /// A cluster of equal primaries, so many that take mail and so many that serve readers, with a data server.
    #[must_use]
    pub fn split(
        split: &Split,
        tier: &Arc<Tier>,
        (mail, reading): (u32, u32),
        data: &Arc<Tier>,
        routing: Option<Vec<Route>>,
    ) -> Cluster {
        let side = |name: &str, count: u32, services: &[usize]| {
            let node = |name| Node { services: Some(services.to_vec()), ..Node::new(name, Role::Primary, tier) };
            numbered(name, count).into_iter().map(node).collect::<Vec<Node>>()
        };
        let mut nodes = side(MAIL, mail, &split.mail);
        nodes.extend(side("reading", reading, &split.reading));
        nodes.push(Node::new("data".to_owned(), Role::Data, data));
        Cluster { configuration: Configuration::ServiceSpecific, nodes, routing }
    }

    /// The same with a backup.
    #[must_use]
    pub fn with_backup(mut self, tier: &Arc<Tier>) -> Cluster {
        self.nodes.push(Node::new("backup".to_owned(), Role::Backup, tier));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_parted_from_the_rest_where_there_is_both() {
        let split = Split::of(["imap", "pop3", "smtp"].into_iter()).unwrap();
        assert_eq!((&*split.mail, &*split.reading), (&[2][..], &[0, 1][..]));
        assert_eq!([Split::of(["smtp"].into_iter()), Split::of(["job"].into_iter())], [None, None]);
    }
}
