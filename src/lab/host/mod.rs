//! Hosts on one machine: network namespaces on a bridge, CPU groups, and the servers in them. All of it happens inside
//! namespaces of the lab's own, and is gone with them.

pub mod beat;
pub mod command;
pub mod group;
pub mod mail_log;
pub mod names;
pub mod network;
pub mod own;
pub mod programs;
pub mod servers;
pub mod sharing;
pub mod striking;
pub mod switch_log;
