//! The port of a client's connection.

use crate::random::Key;
use crate::scenario::nlb::PORTS;

/// The sub-key of a session that its port is drawn from, far from those of its other traits.
const PORT: u64 = 1 << 20;

/// The port that whoever has this key connects from.
pub(in crate::cluster) fn port(key: Key) -> u16 {
    (PORTS.start + key.at(PORT).stream().below(PORTS.end - PORTS.start)) as u16
}
