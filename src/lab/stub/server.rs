//! The program of a stub: ports that it listens on, a thread for each session, and work that goes on after a reply.

use super::burn::burn;
use super::costs::Cost;
use super::talk::Talk;
use crate::lab::job::Protocol;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What a stub is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stub {
    /// The node that it stands for.
    pub name: String,
    /// What sessions cost, in the order of [`Protocol::ALL`].
    pub costs: [Cost; Protocol::COUNT],
    /// Bytes of a message that is read, in the same order.
    pub message_bytes: [u64; Protocol::COUNT],
}

/// Is the stub that the first line describes; says its ports, then, when nothing more is to be heard and all its work is done, how
/// many copies it has taken.
///
/// # Errors
/// When there is no such line, or no port.
pub fn serve(mut orders: impl BufRead, mut out: impl Write) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("a stub can't serve: {e}");
    let mut line = String::new();
    orders.read_line(&mut line).map_err(failed)?;
    let stub: &'static Stub =
        Box::leak(Box::new(serde_json::from_str(&line).map_err(|e| format!("this is no stub: {e}"))?));
    let (taken, deposited): (&'static AtomicU64, &'static AtomicU64) =
        (Box::leak(Box::default()), Box::leak(Box::default()));
    let mut ports = [0; Protocol::COUNT];
    for protocol in Protocol::ALL {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        ports[protocol as usize] = listener.local_addr().map_err(failed)?.port();
        // They end with the process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || {
                    let cost = stub.costs[protocol as usize];
                    let deposit = |copies: u32| {
                        taken.fetch_add(u64::from(copies), Ordering::SeqCst);
                        std::thread::spawn(move || {
                            burn(cost.message_later + cost.copy_later * copies);
                            deposited.fetch_add(u64::from(copies), Ordering::SeqCst);
                        });
                    };
                    let message_bytes = stub.message_bytes[protocol as usize];
                    // A client that is gone has nothing to be told.
                    let _ = Talk { name: &stub.name, protocol, cost, message_bytes, deposit: &deposit }.hold(&stream);
                });
            }
        });
    }
    writeln!(out, "{}", serde_json::json!(ports)).and_then(|()| out.flush()).map_err(failed)?;
    std::io::copy(&mut orders, &mut std::io::sink()).map_err(failed)?;
    while deposited.load(Ordering::SeqCst) < taken.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(5));
    }
    writeln!(out, "{}", deposited.load(Ordering::SeqCst)).map_err(failed)
}
