//! Which programs of a host the core time goes to: those that stay, such as all of Postfix. A process for each session is
//! gone before anybody looks.

use super::group::Group;
use super::process::threads_ns;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The processes of a group at a moment: for each its program and its core time in nanoseconds.
pub type Processes = BTreeMap<u32, (String, u64)>;

/// Looks at a group.
#[must_use]
pub fn processes(group: &Group) -> Processes {
    let of = |id: u32| {
        let directory = Path::new("/proc").join(id.to_string());
        let program = fs::read_to_string(directory.join("comm")).ok()?.trim().to_owned();
        Some((id, (program, threads_ns(id))))
    };
    group.members().into_iter().filter_map(of).collect()
}

/// Core time between two looks by program, in seconds.
#[must_use]
pub fn between(before: &Processes, after: &Processes) -> BTreeMap<String, f64> {
    let mut all: BTreeMap<String, f64> = BTreeMap::new();
    for (id, (program, spent)) in after {
        let earlier = before.get(id).filter(|(name, _)| name == program).map_or(0, |(_, spent)| *spent);
        *all.entry(program.clone()).or_default() += spent.saturating_sub(earlier) as f64 / 1e9;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_is_new_counts_whole_and_one_that_was_there_by_its_difference() {
        let look =
            |all: &[(u32, &str, u64)]| all.iter().map(|(id, name, ns)| (*id, ((*name).to_owned(), *ns))).collect();
        let before: Processes = look(&[(1, "smtpd", 500_000_000), (2, "smtpd", 1), (3, "qmgr", 7)]);
        let after: Processes =
            look(&[(1, "smtpd", 750_000_000), (4, "smtpd", 250_000_000), (3, "lmtp", 1_000_000_000)]);
        let by_program = between(&before, &after);
        assert_eq!(by_program, BTreeMap::from([("smtpd".to_owned(), 0.5), ("lmtp".to_owned(), 1.0)]));
    }
}
