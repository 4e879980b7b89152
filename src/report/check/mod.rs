//! The analytic answer: load, what binds, users supported, one primary down, warm-up, deployment, settings.

mod data;
mod deployment;
mod memory;
mod space;
mod text;

pub use data::{SettingOut, csv, json, settings};
pub use text::text;
