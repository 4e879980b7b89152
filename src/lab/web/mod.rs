//! Web mail in the lab: a small HTTP server on a node, which reads mail by IMAP for people with a browser.
//!
//! It is mxplan's own and stands for a web mail program. What matters to a mail cluster it does as they do: HTTP knows no sessions,
//! so for nearly every click web mail logs in at the IMAP server, opens the mailbox, fetches, and logs out again, unless a proxy keeps
//! the connection (the Dovecot mailing list on web mail and `imapproxy`, and the description of that package in EPEL). What pages
//! cost a program in PHP is not shown: its own part is small, and counts with the node's.

mod gateway;
pub mod http;
mod mailbox;
mod page;

pub use gateway::{Gateway, serve, serve_at};
