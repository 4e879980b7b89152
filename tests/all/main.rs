//! One test binary, one file for each behaviour: linked once, and run in parallel.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking, and may talk")]

mod allocations;
mod cli;
mod clock;
mod configurations;
mod deployment;
mod directory;
mod disk;
mod errors;
mod files;
mod filters;
mod identities;
mod interrupt;
mod keys;
mod limits;
mod memory;
mod plan_command;
mod planner;
mod product;
mod reproducibility;
mod space;
mod support;
mod theory;
