//! One test binary, one file for each behaviour: linked once, and run in parallel.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking, and may talk")]

mod allocations;
mod background;
mod bursts;
mod calls;
mod cli;
mod clock;
mod configurations;
mod deployment;
mod directory;
mod disk;
mod dns;
mod errors;
mod exactness;
mod faults;
mod files;
mod filters;
mod greylist;
mod group_commit;
mod identities;
mod interrupt;
mod keys;
mod limits;
mod mailboxes;
mod memory;
mod monitor;
mod nlb;
mod pages;
mod plan_command;
mod planner;
mod product;
mod profiles;
mod quota;
mod reproducibility;
mod routing;
mod shared_configuration;
mod space;
mod standing;
mod state;
mod support;
mod switch;
mod theory;
mod tls;
mod unequal;
mod white_paper;
