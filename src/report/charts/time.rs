//! Axes of time.

const DAY_S: f64 = 86_400.0;
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The unit for a window of so many seconds, and how many seconds it has.
pub(super) fn unit(window_s: f64) -> (&'static str, f64) {
    match window_s {
        long if long > 2.0 * 86_400.0 => ("days", 86_400.0),
        long if long > 3.0 * 3_600.0 => ("hours", 3_600.0),
        long if long > 300.0 => ("minutes", 60.0),
        _ => ("seconds", 1.0),
    }
}

/// The time of a window, as its readers count it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Times {
    /// Whether it begins at midnight, on a Monday where it is longer than a day.
    pub(super) has_clock: bool,
    /// How long it is.
    pub(super) window_s: f64,
}

impl Times {
    /// What the axis is about.
    pub(super) fn title(self) -> String {
        match (self.has_clock, self.is_week()) {
            (true, true) => "day of the week".to_owned(),
            (true, false) => "time of day".to_owned(),
            (false, _) => format!("time after the warm-up, {}", unit(self.window_s).0),
        }
    }

    /// Moments in seconds that are named on the axis, at most a dozen and one.
    pub(super) fn marks(self) -> Vec<(f64, String)> {
        let lengths = [1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_200.0, 1_800.0];
        let longer = [1.0, 2.0, 3.0, 6.0, 12.0].map(|hours| hours * 3_600.0);
        let longest = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 365.0].map(|days| days * DAY_S);
        let mut all = lengths.into_iter().chain(longer).chain(longest);
        let step = all.find(|step| self.window_s <= 12.0 * step).unwrap_or(self.window_s);
        let count = (self.window_s / step * (1.0 + 1e-9)) as u32;
        (0..=count).map(|mark| f64::from(mark) * step).map(|at_s| (at_s, self.mark(at_s))).collect()
    }

    /// A moment as on the axis.
    pub(super) fn mark(self, at_s: f64) -> String {
        match (self.has_clock, self.is_week()) {
            (true, true) if (at_s / DAY_S).fract() == 0.0 => weekday(at_s).to_owned(),
            (true, _) => clock(at_s),
            (false, _) => ((at_s / unit(self.window_s).1 * 100.0).round() / 100.0).to_string(),
        }
    }

    /// A moment in a sentence.
    pub(super) fn moment(self, at_s: f64) -> String {
        let (name, seconds) = unit(self.window_s);
        match (self.has_clock, self.is_week()) {
            (true, true) => format!("{} {}", weekday(at_s), clock(at_s)),
            (true, false) => clock(at_s),
            (false, _) => format!("{} {name}", (at_s / seconds * 100.0).round() / 100.0),
        }
    }

    fn is_week(self) -> bool {
        self.window_s > DAY_S
    }
}

fn weekday(at_s: f64) -> &'static str {
    WEEKDAYS[(at_s / DAY_S) as usize % WEEKDAYS.len()]
}

/// Hours and minutes of the day; the end of a day is its 24th hour.
fn clock(at_s: f64) -> String {
    let minutes = (at_s / 60.0).round() as u64;
    let minutes = if minutes == 1_440 { minutes } else { minutes % 1_440 };
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_with_a_clock_has_hours_and_days_and_another_one_its_own_time() {
        let marks = |has_clock, window_s| {
            let marks = Times { has_clock, window_s }.marks();
            (marks.len(), marks[1].1.clone(), marks.last().unwrap().1.clone())
        };
        assert_eq!(marks(true, DAY_S), (13, "02:00".to_owned(), "24:00".to_owned()));
        assert_eq!(marks(true, 7.0 * DAY_S), (8, "Tue".to_owned(), "Mon".to_owned()));
        assert_eq!(marks(false, 3_600.0), (13, "5".to_owned(), "60".to_owned()));
        assert_eq!(marks(false, 200_000.0), (10, "0.25".to_owned(), "2.25".to_owned()));
        let moment = |has_clock, window_s, at_s| Times { has_clock, window_s }.moment(at_s);
        assert_eq!(moment(true, DAY_S, 36_900.0), "10:15");
        assert_eq!(moment(true, 7.0 * DAY_S, DAY_S + 36_000.0), "Tue 10:00");
        assert_eq!(moment(false, 3_600.0, 2_040.0), "34 minutes");
    }
}
