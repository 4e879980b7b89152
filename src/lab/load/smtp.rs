//! Sessions that bring mail.

use super::line::{Broken, Line};
use super::session::{Session, Stage};
use crate::lab::job::{DOMAIN, Order};
use crate::lab::letter::letter;

pub(super) async fn talk(
    line: &mut Line,
    (sending, number): (&str, usize),
    order: &Order,
    session: &mut Session,
) -> Result<(), Broken> {
    session.node = Some(answer(line).await?);
    session.reach(Stage::Greeted);
    ask(line, &format!("EHLO load.{DOMAIN}\r\n")).await?;
    session.reach(Stage::Opened);
    for (index, (bytes, recipients)) in order.messages.iter().enumerate() {
        ask(line, &format!("MAIL FROM:<load@{DOMAIN}>\r\n")).await?;
        for mailbox in order.recipients(*recipients) {
            ask(line, &format!("RCPT TO:<{mailbox}@{DOMAIN}>\r\n")).await?;
        }
        ask(line, "DATA\r\n").await?;
        let mut text = letter(&order.message_id(sending, number, index), *bytes, "\r\n");
        text.push_str(".\r\n");
        ask(line, &text).await?;
        session.moved(*bytes, *recipients);
    }
    Ok(())
}

/// Says something and wants it to be taken well.
async fn ask(line: &mut Line, text: &str) -> Result<(), Broken> {
    line.say(text.as_bytes()).await?;
    answer(line).await.map(|_| ())
}

/// The last line of an answer: its first word, when it is a good one.
async fn answer(line: &mut Line) -> Result<String, Broken> {
    loop {
        let heard = line.hear().await?;
        let (code, rest) = heard.split_at_checked(4).unwrap_or((heard, b""));
        if code.get(3) == Some(&b'-') {
            continue;
        }
        if !matches!(code.first(), Some(b'2' | b'3')) {
            return Err(Broken::Refused);
        }
        let word = rest.split(|byte| *byte == b' ').next().unwrap_or_default();
        return Ok(String::from_utf8_lossy(word).into_owned());
    }
}
