//! A time in the window, by its beginning and its length: `at = "09:00"`, `lasts = "30 min"`.

use super::clock::Window;
use crate::scenario::error::ScenarioError;
use crate::scenario::source::Source;
use crate::units::Time;
use toml::Spanned;

pub(super) const HOUR: Time = Time::from_secs(3_600);
pub(super) const DAY: Time = Time::from_secs(86_400);

/// Its beginning and its end: in one day of a window that has a clock, else in the window. `what` lasts so long.
pub(super) fn spell(
    source: &Source,
    what: &str,
    at: &Spanned<String>,
    lasts: &Spanned<Time>,
    window: Window,
) -> Result<(Time, Time), ScenarioError> {
    let text = at.get_ref();
    let clock = window.has_clock();
    let begins = if clock { of_the_day(text) } else { text.parse().ok() };
    let Some(begins) = begins else {
        let message = if clock {
            format!("`{text}` is no time of the day; write for example `\"09:00\"`, since the window has a clock")
        } else {
            format!(
                "`{text}` is no time after the warm-up; write for example `\"600 s\"`, since only the windows `day` and \
                 `week` have a clock"
            )
        };
        return Err(source.error(at.span(), message));
    };
    let (ends, limit) = (begins + *lasts.get_ref(), if clock { DAY } else { window.length() });
    if *lasts.get_ref() == Time::ZERO || ends > limit {
        let limit = if clock { "day" } else { "window" };
        let message = format!("{what} must last for a time and be over at the end of the {limit}");
        return Err(source.error(lasts.span(), message));
    }
    Ok((begins, ends))
}

/// A time of the day as people write it, from `00:00` to `23:59`.
pub(super) fn of_the_day(text: &str) -> Option<Time> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str, below: u64| digits.parse::<u64>().ok().filter(|n| digits.len() == 2 && *n < below);
    Some(Time::from_secs(number(hours, 24)? * 3_600 + number(minutes, 60)? * 60))
}
