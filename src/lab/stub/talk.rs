//! What a stub says to its clients, protocol by protocol.

use super::burn::burn;
use super::costs::Cost;
use crate::lab::job::Protocol;
use crate::lab::web::http;
use std::io::{BufRead, BufReader, Result, Write};
use std::net::TcpStream;

const LINE: &str = "The quick brown fox jumps over the lazy dog and looks for the mail server.";

/// A conversation: who talks, what it costs, and what a message is when one is asked for.
pub(super) struct Talk<'a> {
    pub(super) name: &'a str,
    pub(super) protocol: Protocol,
    pub(super) cost: Cost,
    pub(super) message_bytes: u64,
    /// Takes care of a message with so many recipients after the reply.
    pub(super) deposit: &'a dyn Fn(u32),
}

impl Talk<'_> {
    /// Talks until the client has said goodbye or is gone.
    pub(super) fn hold(&self, stream: &TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        let (from, out) = (BufReader::new(stream), stream);
        match self.protocol {
            Protocol::Smtp => self.smtp(from.lines(), out),
            Protocol::Pop3 => self.pop3(from.lines(), out),
            Protocol::Imap => self.imap(from.lines(), out),
            Protocol::Web => self.web(from, out),
        }
    }

    fn smtp(&self, mut lines: impl Iterator<Item = Result<String>>, mut out: &TcpStream) -> Result<()> {
        let name = self.name;
        out.write_all(format!("220 {name} ESMTP\r\n").as_bytes())?;
        let mut recipients = 0;
        while let Some(line) = lines.next() {
            let answer = match line?.split(' ').next() {
                Some("EHLO") => {
                    burn(self.cost.session);
                    format!("250 {name}\r\n")
                }
                Some("RCPT") => {
                    recipients += 1;
                    "250 ok\r\n".to_owned()
                }
                Some("DATA") => {
                    out.write_all(b"354 go on\r\n")?;
                    for line in lines.by_ref() {
                        if line? == "." {
                            break;
                        }
                    }
                    burn(self.cost.message + self.cost.copy * recipients);
                    (self.deposit)(std::mem::take(&mut recipients));
                    "250 taken\r\n".to_owned()
                }
                Some("QUIT") => return out.write_all(b"221 goodbye\r\n"),
                _ => "250 ok\r\n".to_owned(),
            };
            out.write_all(answer.as_bytes())?;
        }
        Ok(())
    }

    fn pop3(&self, lines: impl Iterator<Item = Result<String>>, mut out: &TcpStream) -> Result<()> {
        out.write_all(format!("+OK {} ready\r\n", self.name).as_bytes())?;
        for line in lines {
            let answer = match line?.split(' ').next() {
                Some("PASS") => {
                    burn(self.cost.session);
                    "+OK\r\n".to_owned()
                }
                Some("RETR") => {
                    burn(self.cost.message);
                    format!("+OK\r\n{}.\r\n", self.message())
                }
                Some("QUIT") => return out.write_all(b"+OK goodbye\r\n"),
                _ => "+OK\r\n".to_owned(),
            };
            out.write_all(answer.as_bytes())?;
        }
        Ok(())
    }

    fn imap(&self, lines: impl Iterator<Item = Result<String>>, mut out: &TcpStream) -> Result<()> {
        out.write_all(format!("* OK {} ready.\r\n", self.name).as_bytes())?;
        for line in lines {
            let line = line?;
            let mut words = line.split(' ');
            let tag = words.next().unwrap_or_default();
            let mut text = String::new();
            match words.next() {
                Some("LOGIN") => burn(self.cost.session),
                // A message, and not the list of them.
                Some("FETCH") if line.ends_with("BODY.PEEK[]") => {
                    burn(self.cost.message);
                    text = self.message();
                }
                Some("LOGOUT") => return out.write_all(format!("* BYE\r\n{tag} OK\r\n").as_bytes()),
                _ => {}
            }
            out.write_all(format!("{text}{tag} OK done\r\n").as_bytes())?;
        }
        Ok(())
    }

    fn web(&self, mut from: impl BufRead, out: &TcpStream) -> Result<()> {
        while let Some(request) = http::request(&mut from)? {
            let page = match &*request.path {
                "/inbox" => {
                    burn(self.cost.session);
                    String::new()
                }
                _ => {
                    burn(self.cost.message);
                    self.message()
                }
            };
            http::answer(out, "200 OK", self.name, &request, &page)?;
        }
        Ok(())
    }

    /// About as many bytes as a message has, in lines.
    fn message(&self) -> String {
        let line = format!("{LINE}\r\n");
        line.repeat((self.message_bytes as usize).div_ceil(line.len()))
    }
}
