//! What the directory of users needs.

use crate::scenario::{DirectoryKind, Role, Scenario};

/// The requirements of a directory that is no file.
#[must_use]
pub fn directory(scenario: &Scenario) -> Vec<String> {
    let cluster = &scenario.cluster;
    match scenario.directory.kind {
        DirectoryKind::File => Vec::new(),
        DirectoryKind::MemoryMapped => {
            vec![format!(
                "{} of memory on each primary for the directory of users",
                scenario.directory.ram(scenario.users)
            )]
        }
        DirectoryKind::Odbc => {
            let host = &cluster.nodes[cluster.database()];
            let place = if host.role == Role::Database { "" } else { ", which serves mail or holds it besides" };
            vec![
                format!("a database for users and domains on `{}`{place}", host.name),
                "an ODBC data source for it on each primary, the same on each of them".to_owned(),
            ]
        }
    }
}
