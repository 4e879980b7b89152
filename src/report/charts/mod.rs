//! Charts, as SVG. Each has a CSV file beside it with what it shows.

mod failures;
mod palette;
mod shares;
mod time;

pub use failures::failures;
pub use shares::shares;
