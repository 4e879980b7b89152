//! A connection on which lines are spoken, and how it breaks.

use crate::lab::job::{Patience, Protocol};
use std::io::{Error, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// Why a session did not get to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// Nobody took the connection, or the server said no.
    Refused,
    /// No answer in time.
    Silent,
    /// The connection broke.
    Lost,
}

/// A connection to a server.
pub(super) struct Line {
    stream: BufReader<TcpStream>,
    patience: Duration,
    heard: Vec<u8>,
}

impl Line {
    pub(super) async fn open(source: Ipv4Addr, target: SocketAddrV4, patience: Patience) -> Result<Line, Broken> {
        let connected = async {
            let socket = TcpSocket::new_v4()?;
            socket.set_reuseaddr(true)?;
            socket.bind(SocketAddr::from((source, 0)))?;
            let stream = socket.connect(SocketAddr::V4(target)).await?;
            stream.set_nodelay(true)?;
            Ok::<TcpStream, Error>(stream)
        };
        let connected = timeout(patience.connect_timeout, connected).await;
        let stream = connected.map_err(|_| Broken::Silent)?.map_err(|e| broken(&e))?;
        Ok(Line { stream: BufReader::new(stream), patience: patience.timeout, heard: Vec::new() })
    }

    /// Sends bytes.
    pub(super) async fn say(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let said = self.stream.write_all(bytes);
        timeout(self.patience, said).await.map_err(|_| Broken::Silent)?.map_err(|e| broken(&e))
    }

    /// The next line, without its end.
    pub(super) async fn hear(&mut self) -> Result<&[u8], Broken> {
        self.heard.clear();
        let read = self.stream.read_until(b'\n', &mut self.heard);
        let count = timeout(self.patience, read).await.map_err(|_| Broken::Silent)?.map_err(|e| broken(&e))?;
        if count == 0 {
            return Err(Broken::Lost);
        }
        Ok(self.heard.trim_ascii_end())
    }

    /// Reads so many bytes, and does nothing with them.
    pub(super) async fn skip(&mut self, bytes: usize) -> Result<(), Broken> {
        self.heard.resize(bytes, 0);
        let read = self.stream.read_exact(&mut self.heard);
        timeout(self.patience, read).await.map_err(|_| Broken::Silent)?.map_err(|e| broken(&e))?;
        Ok(())
    }

    /// Says goodbye and hears the answer.
    pub(super) async fn close(&mut self, protocol: Protocol) -> Result<(), Broken> {
        let goodbye: &[u8] = match protocol {
            Protocol::Smtp | Protocol::Pop3 => b"QUIT\r\n",
            Protocol::Imap => b"z LOGOUT\r\n",
            // HTTP has no goodbye.
            Protocol::Web => return Ok(()),
        };
        self.say(goodbye).await?;
        // The server closes: its end waits for the last packets and not this one.
        while self.hear().await.is_ok() {}
        Ok(())
    }
}

fn broken(error: &Error) -> Broken {
    match error.kind() {
        ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => Broken::Refused,
        ErrorKind::TimedOut => Broken::Silent,
        _ => Broken::Lost,
    }
}
