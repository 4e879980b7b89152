//! Sessions that fetch mail and leave it where it is, so that every session finds the same.

use super::line::{Broken, Line};
use super::session::{Session, Stage};
use crate::lab::job::Order;

pub(super) async fn talk(line: &mut Line, order: &Order, session: &mut Session) -> Result<(), Broken> {
    session.node = Some(answer(line).await?);
    session.reach(Stage::Greeted);
    let mailbox = order.protocol.mailbox(order.mailbox);
    for request in [format!("USER {mailbox}\r\n"), "PASS x\r\n".to_owned(), "STAT\r\n".to_owned()] {
        line.say(request.as_bytes()).await?;
        answer(line).await?;
    }
    session.reach(Stage::Opened);
    for message in 1..=order.messages.len() {
        line.say(format!("RETR {message}\r\n").as_bytes()).await?;
        answer(line).await?;
        let mut bytes = 0;
        loop {
            match line.hear().await? {
                b"." => break,
                text => bytes += text.len() as u64 + 2,
            }
        }
        session.moved(bytes, 1);
    }
    Ok(())
}

/// The first word of a good answer.
async fn answer(line: &mut Line) -> Result<String, Broken> {
    let heard = line.hear().await?;
    let rest = heard.strip_prefix(b"+OK").ok_or(Broken::Refused)?;
    let word = rest.split(|byte| *byte == b' ').find(|word| !word.is_empty()).unwrap_or_default();
    Ok(String::from_utf8_lossy(word).into_owned())
}
