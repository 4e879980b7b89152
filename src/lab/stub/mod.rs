//! A node without mail servers: a program that talks enough of SMTP, POP3, IMAP and HTTP for the load, and uses a processor for as long
//! as the scenario says. It needs neither root nor Postfix. What it shows is whether the model knows how a processor that many
//! share behaves, and whether load and measurement do what they should; of mail servers it tells nothing.

mod burn;
mod costs;
mod rehearsal;
mod server;
mod talk;

pub use costs::{Cost, costs};
pub use rehearsal::rehearse;
pub use server::{Stub, serve};
