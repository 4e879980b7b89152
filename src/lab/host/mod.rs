//! Hosts on one machine: network namespaces on a bridge, CPU groups, and the servers in them. All of it happens inside
//! namespaces of the lab's own, and is gone with them. On loopback ports there are none: there a host is an address and a tree of
//! processes.

pub mod beat;
pub mod command;
pub mod control;
pub mod group;
pub mod home;
pub mod mail_log;
pub mod names;
pub mod network;
pub mod own;
pub mod process;
pub mod programs;
pub mod servers;
pub mod sharing;
pub mod striking;
pub mod switch_log;
pub mod tree;
