//! The same people in another number: what a scenario looks like at a multiple of today's load.

use super::{ClientGroup, Scenario};

impl Scenario {
    /// The same habits, domains and machines with so many times the people, at least one of each kind: every rate, every
    /// mailbox, every account. Whoever holds sessions one at a time because they are few still does, and an address that
    /// many share stays one.
    ///
    /// `factor` is above zero.
    #[must_use]
    pub fn times(&self, factor: f64) -> Scenario {
        let people = |number: u64| ((number as f64 * factor).round() as u64).max(1);
        let mut grown = self.clone();
        if self.users > 0 {
            grown.users = people(self.users);
        }
        for stream in &mut grown.streams {
            // A finite source has rates for each of its people.
            stream.per_day *= factor;
            stream.rate_per_s *= factor;
            stream.mean_per_s *= factor;
            stream.hours_per_s.iter_mut().for_each(|rate| *rate *= factor);
            stream.trace = stream.trace.as_ref().map(|trace| trace.times(factor));
            if let Some(standing) = &mut stream.standing {
                standing.at_start *= factor;
            }
        }
        grown.sources.iter_mut().for_each(|number| *number = people(*number));
        grown.mailboxes.iter_mut().for_each(|boxes| boxes.users = people(boxes.users));
        grown.contents.iter_mut().for_each(|contents| contents.users = people(contents.users));
        for group in &mut grown.groups {
            if group.addresses == ClientGroup::one_address_each(self.users, group.share) {
                group.addresses = ClientGroup::one_address_each(grown.users, group.share);
            }
        }
        grown
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::{Hardware, load};

    fn is_of_population(key: &str, leaf: &str) -> bool {
        let parts: Vec<&str> = key.split('.').collect();
        matches!(parts[..], ["population", _, last] if last == leaf)
    }

    /// What resolving makes of three times the users is what multiplying makes of the users, to rounding.
    #[test]
    fn three_times_the_load_is_what_three_times_the_users_bring() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
        let mut compared = 0;
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.display().to_string();
            let resolve = |options: &[String]| {
                let options: Vec<_> = options.iter().map(|option| option.parse().unwrap()).collect();
                load(&name, &text, &options, &Hardware::built_in()).unwrap()
            };
            let today = resolve(&[]);
            let options: Vec<String> = today
                .settings
                .iter()
                .filter(|setting| is_of_population(&setting.key, "users"))
                .map(|setting| format!("{}={}", setting.key, 3 * setting.value.parse::<u64>().unwrap()))
                .collect();
            // That few people come one session at a time is said by a scenario of an office, and not by one of a town.
            let kept = today
                .settings
                .iter()
                .filter(|setting| is_of_population(&setting.key, "finite"))
                .map(|setting| format!("{}={}", setting.key, setting.value));
            let options: Vec<String> = options.into_iter().chain(kept).collect();
            let (written, mut multiplied) = (resolve(&options), today.times(3.0));
            for (own, other) in multiplied.streams.iter_mut().zip(&written.streams) {
                let close = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs();
                assert!(close(own.rate_per_s, other.rate_per_s) && close(own.mean_per_s, other.mean_per_s), "{name}");
                assert!(close(own.per_day, other.per_day), "{name} {}", own.name);
                assert!(own.hours_per_s.iter().zip(&other.hours_per_s).all(|(a, b)| close(*a, *b)), "{name}");
                let started = own.standing.zip(other.standing);
                assert!(started.is_none_or(|(a, b)| close(a.at_start, b.at_start)), "{name}");
                own.clone_from(other);
            }
            multiplied.settings.clone_from(&written.settings);
            assert!(multiplied == written, "{name}: something besides the rates depends on the number of users");
            compared += usize::from(!options.is_empty());
        }
        assert!(compared > 15, "{compared}");
    }
}
