//! The load: sessions that come when they come, whether or not the earlier ones are over.

mod imap;
mod line;
mod name;
mod pop3;
mod session;
mod smtp;
mod web;

pub use session::{Outcome, Session};

use super::job::{Order, Patience, Protocol, Target};
use line::{Broken, Line};
use session::Stage;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Who sends the sessions, and where to.
#[derive(Debug, Clone, Copy)]
pub struct Clients {
    /// What the names of their messages end with.
    pub sending: &'static str,
    /// The address of a source by its number.
    pub source: fn(u32) -> Ipv4Addr,
    /// The ports, in the order of [`Protocol::ALL`].
    pub ports: [u16; Protocol::COUNT],
    /// What they do when nobody answers.
    pub patience: Patience,
}

/// Sends all sessions from `began` on, each in its time, and waits until the last one has ended.
///
/// # Errors
/// When the machine has nothing left to send them with.
pub fn send(orders: &[Order], clients: Clients, began: Instant) -> std::io::Result<Vec<Session>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    let (ended, mut sessions) = mpsc::unbounded_channel();
    std::thread::scope(|scope| {
        // A thread of its own, as the runtime's clock has steps of a millisecond.
        scope.spawn(move || {
            for (number, order) in orders.iter().enumerate() {
                let intended = began + Duration::from_nanos(order.at_ns);
                std::thread::sleep(intended.saturating_duration_since(Instant::now()));
                let (order, ended) = (order.clone(), ended.clone());
                handle.spawn(async move {
                    // Nobody listens any more only when the run is given up.
                    let _ = ended.send((number, session(number, &order, clients, intended).await));
                });
            }
        });
        let mut all = runtime.block_on(async {
            let mut all = Vec::with_capacity(orders.len());
            while let Some(session) = sessions.recv().await {
                all.push(session);
            }
            all
        });
        all.sort_by_key(|(number, _)| *number);
        Ok(all.into_iter().map(|(_, session)| session).collect())
    })
}

/// A session from its intended start to its last answer.
async fn session(number: usize, order: &Order, clients: Clients, intended: Instant) -> Session {
    let mut session = Session::new(order, intended);
    let talked = talk(number, order, clients, &mut session).await;
    session.end(talked);
    session
}

async fn talk(number: usize, order: &Order, clients: Clients, session: &mut Session) -> Result<(), Broken> {
    let mut line = connect(order, clients, session).await?;
    match order.protocol {
        Protocol::Smtp => smtp::talk(&mut line, (clients.sending, number), order, session).await?,
        Protocol::Pop3 => pop3::talk(&mut line, order, session).await?,
        Protocol::Imap => imap::talk(&mut line, order, session).await?,
        Protocol::Web => web::talk(&mut line, order, session).await?,
    }
    session.reach(Stage::Served);
    line.close(order.protocol).await
}

/// A connection to the first address that takes one.
async fn connect(order: &Order, clients: Clients, session: &mut Session) -> Result<Line, Broken> {
    let source = (clients.source)(order.source);
    let mut addresses = match order.target {
        Target::Address(address) => vec![address],
        Target::Name { resolver, query } => {
            let name = order.protocol.host_name();
            let found = name::look_up(&name, (resolver, query), source, clients.patience.timeout).await?;
            session.reach(Stage::Named);
            found
        }
    };
    if !clients.patience.next_address {
        addresses.truncate(1);
    }
    let mut broken = Broken::Refused;
    for address in addresses {
        session.address = Some(address);
        let target = SocketAddrV4::new(address, clients.ports[order.protocol as usize]);
        match Line::open(source, target, clients.patience).await {
            Ok(line) => return Ok(line),
            Err(why) => broken = why,
        }
    }
    Err(broken)
}
