//! As much of HTTP/1.1 as web mail takes: requests without a body, and answers that say how long they are.

use std::io::{BufRead, Error, ErrorKind, Read, Result, Write};

/// Where an answer says which node it is from.
const NODE: &str = "X-Node";
/// Where a request says whose mailbox it is about: a cookie, as web mail that keeps no sessions has it.
const USER: &str = "mailbox";
/// Heads that are longer are nobody's, in bytes.
const LONGEST: u64 = 8_192;
/// More lines than heads of the lab have.
const MOST_LINES: usize = 32;

/// What a browser asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, or what a check asks with.
    pub method: String,
    /// The page.
    pub path: String,
    /// The mailbox that it is about, where one is named.
    pub user: Option<String>,
    /// Whether more may be asked for on the same connection.
    pub stays: bool,
}

/// What is known of an answer before its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether it is what was asked for.
    pub is_good: bool,
    /// The node that it is from.
    pub node: Option<String>,
    /// Bytes of the body.
    pub bytes: usize,
}

/// The text of a request for a page of somebody's.
#[must_use]
pub fn ask(host: &str, path: &str, user: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {USER}={user}\r\n\r\n")
}

/// The next request on a connection; none where it has ended.
///
/// # Errors
/// When it breaks, or what comes is no request.
pub fn request(from: &mut impl BufRead) -> Result<Option<Request>> {
    let head = head(from)?;
    if head.is_empty() {
        return Ok(None);
    }
    let mut lines = [httparse::EMPTY_HEADER; MOST_LINES];
    let mut parsed = httparse::Request::new(&mut lines);
    let is_whole = parsed.parse(&head).is_ok_and(|status| status.is_complete());
    let (true, Some(method), Some(path)) = (is_whole, parsed.method, parsed.path) else {
        return Err(Error::new(ErrorKind::InvalidData, "this is no request"));
    };
    let closes = field(parsed.headers, "Connection").is_some_and(|how| how.eq_ignore_ascii_case("close"));
    let cookies = field(parsed.headers, "Cookie").unwrap_or_default();
    let user = cookies.split("; ").find_map(|cookie| cookie.strip_prefix(USER)?.strip_prefix('='));
    Ok(Some(Request {
        method: method.to_owned(),
        path: path.to_owned(),
        user: user.map(str::to_owned),
        stays: parsed.version == Some(1) && !closes,
    }))
}

/// Answers a request with a page.
///
/// # Errors
/// When the connection breaks.
pub fn answer(mut out: impl Write, status: &str, node: &str, request: &Request, page: &str) -> Result<()> {
    let connection = if request.stays { "keep-alive" } else { "close" };
    let head = format!(
        "HTTP/1.1 {status}\r\n{NODE}: {node}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Connection: {connection}\r\n\r\n",
        page.len()
    );
    // At once: a packet more would be one that the client waits for.
    out.write_all([head.as_bytes(), page.as_bytes()].concat().as_slice())
}

/// The head of an answer; none where it is none, or does not say how long it is.
#[must_use]
pub fn parse(head: &[u8]) -> Option<Answer> {
    let mut lines = [httparse::EMPTY_HEADER; MOST_LINES];
    let mut parsed = httparse::Response::new(&mut lines);
    let is_whole = parsed.parse(head).ok()?.is_complete();
    let bytes = field(parsed.headers, "Content-Length")?.parse().ok().filter(|_| is_whole)?;
    let node = field(parsed.headers, NODE).map(str::to_owned);
    Some(Answer { is_good: parsed.code == Some(200), node, bytes })
}

/// Everything up to an empty line, and that.
fn head(from: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut from = from.take(LONGEST);
    while from.read_until(b'\n', &mut head)? > 0 && !head.ends_with(b"\r\n\r\n") {}
    Ok(head)
}

fn field<'a>(lines: &[httparse::Header<'a>], name: &str) -> Option<&'a str> {
    let line = lines.iter().find(|line| line.name.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(line.value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_follow_each_other_on_a_connection_until_it_ends() {
        let text = ask("webmail.lab.test", "/message/3", "webmail-7") + "OPTIONS / HTTP/1.0\r\n\r\n";
        let mut from = text.as_bytes();
        let first = request(&mut from).unwrap().unwrap();
        assert_eq!((&*first.path, first.user.as_deref(), first.stays), ("/message/3", Some("webmail-7"), true));
        let check = request(&mut from).unwrap().unwrap();
        assert_eq!((&*check.method, check.user, check.stays), ("OPTIONS", None, false));
        assert_eq!(request(&mut from).unwrap(), None);
        assert!(request(&mut &b"GET / HTTP/1.1\r\nHost: x"[..]).is_err(), "its end is missing");
        assert!(request(&mut &[b'x'; 10_000][..]).is_err());
    }

    #[test]
    fn an_answer_says_where_it_is_from_and_how_long_it_is() {
        let request = request(&mut ask("x", "/inbox", "y").as_bytes()).unwrap().unwrap();
        let mut out = Vec::new();
        answer(&mut out, "200 OK", "primary-1", &request, "Grüße").unwrap();
        let head = &out[..out.len() - 7];
        assert_eq!(parse(head), Some(Answer { is_good: true, node: Some("primary-1".to_owned()), bytes: 7 }));
        assert!(!parse(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").unwrap().is_good);
        assert_eq!(parse(b"HTTP/1.1 200 OK\r\n\r\n"), None, "it would have no end");
    }
}
