//! A mailbox at an IMAP server (RFC 3501), for as long as a click lasts.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, SocketAddrV4, TcpStream};
use std::time::Duration;

/// A server that is silent for so long helps nobody who waits for a page.
const PATIENCE: Duration = Duration::from_secs(60);
/// No message of the lab is longer, in bytes.
const LONGEST: u64 = 100_000_000;

/// A connection, logged in, with the inbox open.
pub(super) struct Mailbox {
    from: BufReader<TcpStream>,
    count: u32,
}

/// A line of an answer, and what it announced: so many bytes as they are.
struct Part {
    line: String,
    literal: Vec<u8>,
}

impl Mailbox {
    pub(super) fn open(server: SocketAddrV4, user: &str) -> Result<Mailbox> {
        if user.is_empty() || !user.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(refused("this is no name of a mailbox"));
        }
        let stream = TcpStream::connect_timeout(&SocketAddr::V4(server), PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut mailbox = Mailbox { from: BufReader::new(stream), count: 0 };
        let greeting = mailbox.part()?.line;
        if !greeting.starts_with("* OK") {
            return Err(refused(&greeting));
        }
        mailbox.ask(&format!("LOGIN {user} x"))?;
        let opened = mailbox.ask("SELECT INBOX")?;
        let count = opened.iter().find_map(|part| part.line.strip_prefix("* ")?.strip_suffix(" EXISTS")?.parse().ok());
        mailbox.count = count.unwrap_or(0);
        Ok(mailbox)
    }

    /// The newest messages, so many at most, the newest last: their numbers, and the lines of their heads that a list shows.
    pub(super) fn heads(&mut self, most: u32) -> Result<Vec<(u32, String)>> {
        if self.count == 0 {
            return Ok(Vec::new());
        }
        let first = self.count.saturating_sub(most) + 1;
        let fields = "FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)]";
        let parts = self.ask(&format!("FETCH {first}:{} ({fields})", self.count))?;
        let head = |part: &Part| {
            let number = part.line.strip_prefix("* ")?.split(' ').next()?.parse().ok()?;
            (!part.literal.is_empty()).then(|| (number, String::from_utf8_lossy(&part.literal).into_owned()))
        };
        Ok(parts.iter().filter_map(head).collect())
    }

    /// A message as it is; none where there is none with this number.
    pub(super) fn message(&mut self, number: u32) -> Result<Option<String>> {
        if !(1..=self.count).contains(&number) {
            return Ok(None);
        }
        let parts = self.ask(&format!("FETCH {number} BODY.PEEK[]"))?;
        let text = parts.iter().find(|part| !part.literal.is_empty());
        Ok(text.map(|part| String::from_utf8_lossy(&part.literal).into_owned()))
    }

    pub(super) fn close(mut self) -> Result<()> {
        self.ask("LOGOUT").map(|_| ())
    }

    /// Asks for something, and hears what is said until it is done.
    fn ask(&mut self, what: &str) -> Result<Vec<Part>> {
        self.from.get_mut().write_all(format!("a {what}\r\n").as_bytes())?;
        let mut parts = Vec::new();
        loop {
            let part = self.part()?;
            match part.line.strip_prefix("a ") {
                Some(done) if done.starts_with("OK") => return Ok(parts),
                Some(failed) => return Err(refused(failed)),
                None => parts.push(part),
            }
        }
    }

    fn part(&mut self) -> Result<Part> {
        let mut line = Vec::new();
        if self.from.read_until(b'\n', &mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let line = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
        let announced = line.strip_suffix('}').and_then(|rest| rest.rsplit_once('{')?.1.parse().ok());
        let mut literal = Vec::new();
        let bytes: u64 = announced.unwrap_or(0).min(LONGEST);
        if (&mut self.from).take(bytes).read_to_end(&mut literal)? as u64 != bytes {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(Part { line, literal })
    }
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::ConnectionRefused, why)
}
