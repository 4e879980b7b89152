//! The well-known ports of the services.

/// The port of a service by its name, where it has one (IANA).
#[must_use]
pub fn port(service: &str) -> Option<u16> {
    match service {
        "smtp" => Some(25),
        "webmail" | "webadmin" => Some(80),
        "pop3" => Some(110),
        "imap" => Some(143),
        _ => None,
    }
}
