//! Sites: what one power failure or one cut line takes away together.

use super::file::Role;
use super::topology::Cluster;
use std::fmt;

/// A place with machines; nodes that name none are at one place without a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site<'a>(pub Option<&'a str>);

impl fmt::Display for Site<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, "site `{name}`"),
            None => f.write_str("the site without a name"),
        }
    }
}

impl Cluster {
    /// The site of a node.
    #[must_use]
    pub fn site(&self, node: usize) -> Site<'_> {
        Site(self.nodes[node].site.as_deref())
    }

    /// The sites in the order of their nodes; empty where no node names one.
    #[must_use]
    pub fn sites(&self) -> Vec<Site<'_>> {
        let mut sites = Vec::new();
        for site in (0..self.nodes.len()).map(|node| self.site(node)) {
            if !sites.contains(&site) {
                sites.push(site);
            }
        }
        if sites == [Site(None)] { Vec::new() } else { sites }
    }

    /// The sites without which nothing works, or a service does not: those that have the mail store, the database of the
    /// directory, or all nodes of a service or of the filters.
    #[must_use]
    pub fn sites_without_which_mail_stops(&self, services: usize) -> Vec<Site<'_>> {
        let is_needed = |site: &Site| {
            let at = |node: usize| self.site(node) == *site;
            let has_all = |nodes: &mut dyn Iterator<Item = usize>| {
                let mut nodes = nodes.peekable();
                nodes.peek().is_some() && nodes.all(at)
            };
            at(self.store())
                || has_all(&mut self.of_role(Role::Database))
                || has_all(&mut self.of_role(Role::Filter))
                || has_all(&mut self.of_role(Role::NameServer))
                || (0..services).any(|service| has_all(&mut self.servers(service)))
        };
        self.sites().into_iter().filter(is_needed).collect()
    }

    /// Where the backup is, and whether any primary or the mail store is there too; none without a backup, or where no
    /// node names a site.
    #[must_use]
    pub fn site_of_backup(&self) -> Option<(Site<'_>, bool)> {
        let backup = self.of_role(Role::Backup).next().filter(|_| !self.sites().is_empty())?;
        let site = self.site(backup);
        let shared = self.of_role(Role::Primary).chain([self.store()]).any(|node| self.site(node) == site);
        Some((site, shared))
    }
}
