//! Charts, as SVG. Each has a CSV file beside it with what it shows.

mod palette;
mod shares;

pub use shares::shares;
