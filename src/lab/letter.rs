//! The messages of the lab: a name by which each of them is found again, and as many bytes as asked for.

use super::job::{DOMAIN, Order, Protocol};

/// Mailboxes of each protocol: so many that sessions seldom meet in one.
pub const MAILBOXES: u32 = 100;
/// The sending that is measured, as the names of its messages have it.
pub const LOAD: &str = "load";
/// That of the witness, which is nobody's mail.
pub const TESTIMONY: &str = "testimony";
const LINE: &str = "The quick brown fox jumps over the lazy dog and looks for the mail server.";

/// A message with this name, of about as many bytes, in lines with this ending.
#[must_use]
pub fn letter(id: &str, bytes: u64, end: &str) -> String {
    let bytes = bytes as usize;
    let mut text = String::with_capacity(bytes + 200);
    for head in [
        &format!("Message-ID: <{id}>"),
        &format!("From: load@{DOMAIN}"),
        "Date: Thu, 01 Jan 2026 00:00:00 +0000",
        "Subject: a letter of the lab",
        "",
    ] {
        text += head;
        text += end;
    }
    while text.len() + LINE.len() + end.len() <= bytes {
        text += LINE;
        text += end;
    }
    text
}

impl Order {
    /// The name of one of its messages: of which sending it is, which session of that, which message of the session.
    #[must_use]
    pub fn message_id(&self, sending: &str, session: usize, message: usize) -> String {
        format!("{session}.{message}@{sending}")
    }

    /// The mailboxes that a message with so many recipients goes to.
    pub fn recipients(&self, count: u32) -> impl Iterator<Item = String> {
        let first = self.mailbox;
        (0..count.min(MAILBOXES)).map(move |next| Protocol::Smtp.mailbox((first + next) % MAILBOXES))
    }
}
