//! Charts, as SVG. Each has a CSV file beside it with what it shows.

mod axis;
mod canvas;
mod cost;
mod failures;
mod hours;
mod measured;
mod palette;
mod shares;
mod theory;
mod time;
mod users;
mod utilisation;

pub use cost::cost;
pub use failures::failures;
pub use hours::hours;
pub use measured::measured;
pub use shares::shares;
pub use theory::theory;
pub use users::users;
pub use utilisation::utilisation;
