//! What the switch has to say of its nodes: a line for each of them that it holds to be down, or up again.

use crate::lab::record::Change;
use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

/// Where HAProxy sends its lines.
#[derive(Debug)]
pub struct SwitchLog(UnixDatagram);

impl SwitchLog {
    /// Listens at a path.
    ///
    /// # Errors
    /// When nobody can.
    pub fn open(path: &str) -> Result<SwitchLog, String> {
        let failed = |e: std::io::Error| format!("nobody can listen at `{path}`: {e}");
        let socket = UnixDatagram::bind(path).map_err(failed)?;
        socket.set_read_timeout(Some(Duration::from_millis(50))).map_err(failed)?;
        Ok(SwitchLog(socket))
    }

    /// Hears all changes since `began`, until `is_over`.
    #[must_use]
    pub fn hear(&self, began: Instant, is_over: impl Fn() -> bool) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut line = [0; 2_048];
        while !is_over() {
            if let Ok(length) = self.0.recv(&mut line) {
                let said = String::from_utf8_lossy(&line[..length]);
                changes.extend(change(&said, began.elapsed().as_secs_f64()));
            }
        }
        changes
    }
}

/// `… Server pop3/primary-1 is DOWN, reason: …` or `… is UP, …`
fn change(line: &str, at_s: f64) -> Option<Change> {
    let (service, rest) = line.split_once("Server ")?.1.split_once('/')?;
    let (node, state) = rest.split_once(" is ")?;
    let is_up = state.starts_with("UP");
    let known = is_up || state.starts_with("DOWN");
    known.then(|| Change { at_s, service: service.to_owned(), node: node.to_owned(), is_up })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_about_nodes_are_changes_and_others_are_not() {
        let down = "<129>Nov 26 10:00:00 haproxy[7]: Server smtp/primary-1 is DOWN, reason: Layer4 connection problem, info: \"x\"";
        let change = |line| change(line, 1.5).map(|change| (change.service, change.node, change.is_up));
        assert_eq!(change(down), Some(("smtp".to_owned(), "primary-1".to_owned(), false)));
        let up =
            "<133>Nov 26 10:00:09 haproxy[7]: Server imap/a is UP, reason: Layer4 check passed, check duration: 0ms.";
        assert_eq!(change(up), Some(("imap".to_owned(), "a".to_owned(), true)));
        assert_eq!(change("<133>haproxy[7]: Server imap/a is going DOWN for maintenance"), None);
        assert_eq!(change("proxy smtp has no server available!"), None);
    }
}
