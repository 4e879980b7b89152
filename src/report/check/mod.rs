//! The analytic answer: load, what binds, users supported, one primary down, warm-up, settings.

mod data;
mod text;

pub use data::{SettingOut, csv, json, settings};
pub use text::text;
