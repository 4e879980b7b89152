//! Sessions that read mail on the server: the list of the mailbox, and then the messages.

use super::line::{Broken, Line};
use super::session::{Session, Stage};
use crate::lab::job::Order;

pub(super) async fn talk(line: &mut Line, order: &Order, session: &mut Session) -> Result<(), Broken> {
    let greeting = line.hear().await?;
    if !greeting.starts_with(b"* OK") {
        return Err(Broken::Refused);
    }
    // `* OK [CAPABILITY …] node ready.`
    let node = greeting.rsplit(|byte| *byte == b' ').nth(1).unwrap_or_default();
    session.node = Some(String::from_utf8_lossy(node).into_owned());
    session.reach(Stage::Greeted);
    ask(line, &format!("a LOGIN {} x\r\n", order.protocol.mailbox(order.mailbox)), "a ").await?;
    ask(line, "b SELECT INBOX\r\n", "b ").await?;
    session.reach(Stage::Opened);
    let count = order.messages.len();
    if count > 0 {
        let fields = "FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)]";
        ask(line, &format!("c FETCH 1:{count} ({fields})\r\n"), "c ").await?;
    }
    for message in 1..=count {
        let bytes = ask(line, &format!("d FETCH {message} BODY.PEEK[]\r\n"), "d ").await?;
        session.moved(bytes, 1);
    }
    Ok(())
}

/// Asks, and reads until the answer that bears the tag; the bytes before it.
async fn ask(line: &mut Line, request: &str, tag: &str) -> Result<u64, Broken> {
    line.say(request.as_bytes()).await?;
    let mut bytes = 0;
    loop {
        let heard = line.hear().await?;
        match heard.strip_prefix(tag.as_bytes()) {
            Some(answer) if answer.starts_with(b"OK") => return Ok(bytes),
            Some(_) => return Err(Broken::Refused),
            None => bytes += heard.len() as u64 + 2,
        }
    }
}
