//! Chance that can be repeated: streams by purpose, and the laws that are drawn from them.
//!
//! A simulation has no single generator. Every random decision belongs to a [`Key`] made of seed, replication, purpose
//! and the name of an entity; the key gives a [`Stream`] of its own. What one part draws never shifts what another one
//! draws, so two designs under comparison see the same users, the same mail and the same routing choices.
//!
//! A [`Law`] is what a scenario says about a random quantity: its moments, tail and quantiles; its [`Sampler`] is the
//! same law prepared for drawing. Values are in the base unit of the caller (seconds, bytes, counts) and never negative.
//!
//! Everything that is drawn goes through `libm`, so the same seed gives the same bytes on every platform.

mod key;
mod law;
mod mail_size;
mod moments;
mod quantile;
mod sampler;
mod stream;
mod table;
mod zipf;

pub use key::{Key, Purpose};
pub use law::{Law, LawError};
pub use mail_size::MailSize;
pub use sampler::Sampler;
pub use stream::Stream;
pub use table::Table;
pub use zipf::{Zipf, zipf_weights};
