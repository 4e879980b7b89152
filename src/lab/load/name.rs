//! Looking a name up: one question to one resolver.

use super::line::Broken;
use crate::lab::question::{LONGEST, PORT, addresses, question};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::time::timeout;

/// The addresses of a name, in the order of the answer; at least one.
pub(super) async fn look_up(
    name: &str,
    (resolver, number): (Ipv4Addr, u16),
    source: Ipv4Addr,
    patience: Duration,
) -> Result<Vec<Ipv4Addr>, Broken> {
    let question = question(name, number).ok_or(Broken::Refused)?;
    let asked = async {
        let socket = UdpSocket::bind(SocketAddrV4::new(source, 0)).await?;
        socket.connect(SocketAddrV4::new(resolver, PORT)).await?;
        socket.send(&question).await?;
        let mut answer = vec![0; LONGEST];
        let length = socket.recv(&mut answer).await?;
        answer.truncate(length);
        Ok::<Vec<u8>, std::io::Error>(answer)
    };
    let answer = timeout(patience, asked).await.map_err(|_| Broken::Silent)?.map_err(|_| Broken::Refused)?;
    addresses(&answer, number).filter(|found| !found.is_empty()).ok_or(Broken::Refused)
}
