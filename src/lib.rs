//! `mxplan` simulates the mail cluster that you might build, and says which one to buy.
//!
//! The rooms of this house in the order in which data travels through them:
//!
//! | room | what happens there |
//! |---|---|
//! | [`units`] | load time in nanoseconds, bytes, rates, shares, money: types, parsed with their unit |
//! | [`random`] | keyed streams by purpose, and laws with moments, samples and quantiles |
//! | [`stats`] | tallies, time averages, histograms, and the intervals around estimates |
//! | [`queueing`] | closed formulas: Erlang, M/G/1, processor sharing. Knows no scenario |
//! | [`scenario`] | what the user wrote, and what it means |
//! | [`analytic`] | offered load and utilisation of every resource, by multiplication |
//! | [`deployment`] | the design written out: DNS records, requirements, set-up steps |
//! | [`engine`] | the discrete-event kernel: agenda, run loop, stations. Has never heard of mail |
//! | [`cluster`] | the mail cluster as a model of the engine |
//! | [`experiment`] | a scenario simulated in replications, and what they amount to |
//! | [`planner`] | which cluster to buy: candidates screened, simulated, and one recommended |
//! | [`validation`] | the model held against exact values of queueing theory |
//! | [`lab`] | a small real cluster on this machine, visited by the same sessions, and measured |
//! | [`report`] | results as tables for people, JSON and CSV for programs. Never runs anything |
//! | [`cli`] | the command line: one file for each command |

pub mod analytic;
pub mod cli;
pub mod cluster;
pub mod deployment;
pub mod engine;
pub mod experiment;
pub mod lab;
pub mod planner;
pub mod queueing;
pub mod random;
pub mod report;
pub mod scenario;
pub mod stats;
pub mod units;
pub mod validation;
