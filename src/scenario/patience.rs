//! What clients do when nobody answers.

use crate::units::Time;

/// How long clients wait for an answer, and what they do then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Patience {
    /// After so long without an answer to its first packet, a client gives an address up.
    pub connect_timeout: Time,
    /// The packet is sent again after this time, and each further one after twice as long as the one before.
    pub first_resend: Time,
    /// A client whose connection is open and who hears nothing gives up after so long.
    pub timeout: Time,
    /// Whether it then tries the next address, if it knows one.
    pub next_address: bool,
}

impl Default for Patience {
    /// Windows 2000 to 7 give a connection up after 21 s, with packets at 0, 3 and 9 s (RFC 1122's first time-out of 3 s,
    /// doubled); a client that has one waits 60 s for an answer (Outlook's server time-out).
    fn default() -> Patience {
        Patience {
            connect_timeout: Time::from_secs(21),
            first_resend: Time::from_secs(3),
            timeout: Time::from_secs(60),
            next_address: true,
        }
    }
}
