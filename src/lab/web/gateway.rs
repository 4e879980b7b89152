//! The server: a worker for each connection of a browser, and a connection to the IMAP server for each click.
//!
//! Workers are threads that stay, as those of a web server do, so that what they have taken can be looked up at any time.

use super::http::{self, Request};
use super::mailbox::Mailbox;
use super::page;
use serde::{Deserialize, Serialize};
use std::io::{BufReader, Result};
use std::net::{SocketAddrV4, TcpListener, TcpStream};
use std::time::Duration;

/// Messages on a page of the list.
const LISTED: u32 = 50;
/// A browser that asks for nothing any more is sent away after this time.
const IDLE: Duration = Duration::from_secs(75);

const GOOD: &str = "200 OK";
const NO_SUCH_PAGE: &str = "404 Not Found";
const NO_MAIL: &str = "502 Bad Gateway";

/// What a gateway knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gateway {
    /// The node that it is on.
    pub name: String,
    /// Where it listens.
    pub listens: Vec<SocketAddrV4>,
    /// The IMAP server that it asks.
    pub imap: SocketAddrV4,
    /// Browsers at one time at most, at each of the addresses; more of them wait.
    pub workers: u32,
}

/// Serves until it is killed.
///
/// # Errors
/// When it can't listen.
pub fn serve(gateway: &Gateway) -> std::result::Result<(), String> {
    let listen = |address: &SocketAddrV4| {
        TcpListener::bind(address).map_err(|e| format!("nobody can listen for browsers at {address}: {e}"))
    };
    let listeners: Vec<TcpListener> = gateway.listens.iter().map(listen).collect::<std::result::Result<_, String>>()?;
    std::thread::scope(|scope| {
        for listener in &listeners {
            scope.spawn(|| serve_at(listener, gateway));
        }
    });
    Ok(())
}

/// The same for what comes to one listener.
pub fn serve_at(listener: &TcpListener, gateway: &Gateway) {
    let work = || {
        for stream in listener.incoming().flatten() {
            // A browser that is gone has nothing to be told.
            let _ = gateway.hold(&stream);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..gateway.workers {
            scope.spawn(work);
        }
    });
}

impl Gateway {
    /// Answers until the browser is gone.
    fn hold(&self, stream: &TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(IDLE))?;
        let mut from = BufReader::new(stream);
        while let Some(request) = http::request(&mut from)? {
            let (status, text) = self.respond(&request);
            http::answer(stream, status, &self.name, &request, &text)?;
            if !request.stays {
                break;
            }
        }
        Ok(())
    }

    fn respond(&self, request: &Request) -> (&'static str, String) {
        // A switch that asks whether somebody is there asks for no page.
        if request.method != "GET" {
            return (GOOD, String::new());
        }
        let message = request.path.strip_prefix("/message/").and_then(|number| number.parse::<u32>().ok());
        let asked = match (&*request.path, message, request.user.as_deref()) {
            ("/inbox", _, Some(user)) => self.list(user),
            (_, Some(number), Some(user)) => self.message(user, number),
            _ => return (NO_SUCH_PAGE, page::plain("There is no such page.")),
        };
        match asked {
            Ok(Some(text)) => (GOOD, text),
            Ok(None) => (NO_SUCH_PAGE, page::plain("There is no such message.")),
            Err(error) => (NO_MAIL, page::plain(&format!("The mail server does not help: {error}"))),
        }
    }

    /// The newest messages of an inbox.
    fn list(&self, user: &str) -> Result<Option<String>> {
        let mut mailbox = Mailbox::open(self.imap, user)?;
        let heads = mailbox.heads(LISTED)?;
        mailbox.close()?;
        Ok(Some(page::list(user, &heads)))
    }

    fn message(&self, user: &str, number: u32) -> Result<Option<String>> {
        let mut mailbox = Mailbox::open(self.imap, user)?;
        let text = mailbox.message(number)?;
        mailbox.close()?;
        Ok(text.map(|text| page::message(user, number, &text)))
    }
}
