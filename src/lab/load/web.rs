//! Sessions with a browser: the list of the inbox, and then a page for each message.
//!
//! All pages come over one connection, as browsers keep it for the next click (RFC 9112, section 9.3) and the lab's people click at
//! once. It is the gateway that has a new connection for each, to its IMAP server.

use super::line::{Broken, Line};
use super::session::{Session, Stage};
use crate::lab::job::Order;
use crate::lab::web::http::{ask, parse};

pub(super) async fn talk(line: &mut Line, order: &Order, session: &mut Session) -> Result<(), Broken> {
    // Nobody greets in HTTP.
    session.reach(Stage::Greeted);
    click(line, order, "/inbox", session).await?;
    session.reach(Stage::Opened);
    for message in 1..=order.messages.len() {
        let bytes = click(line, order, &format!("/message/{message}"), session).await?;
        session.moved(bytes as u64, 1);
    }
    Ok(())
}

/// Asks for a page and reads it to its end; its bytes.
async fn click(line: &mut Line, order: &Order, path: &str, session: &mut Session) -> Result<usize, Broken> {
    let (host, user) = (order.protocol.host_name(), order.protocol.mailbox(order.mailbox));
    line.say(ask(&host, path, &user).as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.extend_from_slice(line.hear().await?);
        head.extend_from_slice(b"\r\n");
    }
    let answer = parse(&head).ok_or(Broken::Refused)?;
    line.skip(answer.bytes).await?;
    session.node = answer.node.or(session.node.take());
    if answer.is_good { Ok(answer.bytes) } else { Err(Broken::Refused) }
}
