//! Which of the places of a switch take new sessions.

use super::chooser::WHOLE;

/// What a switch holds to be true of each place, and what follows from it for new sessions.
pub(super) struct Pool {
    places: Vec<Place>,
    /// Whether all backups take over together when nobody else is there, and not only the first of them.
    all_backups: bool,
}

#[derive(Clone, Copy)]
struct Place {
    backup: bool,
    /// Whether it is held to be up.
    up: bool,
    /// Whether the monitor has taken it out.
    out: bool,
    /// Whether it keeps who it knows and takes nobody new.
    drains: bool,
    /// How much of its weight counts by what its agent says, and as long as it warms up; in hundredths.
    reported: u32,
    warm: u32,
}

impl Pool {
    /// All are up; some are there for when no other is.
    pub(super) fn new(backups: impl Iterator<Item = bool>, all_backups: bool) -> Pool {
        let place = |backup| Place { backup, up: true, out: false, drains: false, reported: WHOLE, warm: WHOLE };
        Pool { places: backups.map(place).collect(), all_backups }
    }

    /// How much of the weight of each place counts for new sessions, in hundredths.
    ///
    /// Backups take over when no other place takes anybody (HAProxy, `backup`): the first that is up, or all of them
    /// (`option allbackups`).
    pub(super) fn parts(&self) -> impl Iterator<Item = u32> {
        let takes = |place: &Place| place.up && !place.out && !place.drains;
        let others = self.places.iter().any(|place| !place.backup && takes(place));
        let first = self.places.iter().position(|place| place.backup && takes(place));
        self.places.iter().enumerate().map(move |(index, place)| {
            let called = !place.backup || (!others && (self.all_backups || first == Some(index)));
            if takes(place) && called { (place.reported * place.warm / WHOLE).max(1) } else { 0 }
        })
    }

    /// Whether those who are remembered still go there.
    pub(super) fn keeps(&self, place: usize) -> bool {
        self.places[place].up && !self.places[place].out
    }

    pub(super) fn set_up(&mut self, place: usize, up: bool) {
        self.places[place].up = up;
    }

    pub(super) fn set_out(&mut self, place: usize, out: bool) {
        self.places[place].out = out;
    }

    pub(super) fn set_drains(&mut self, place: usize, drains: bool) {
        self.places[place].drains = drains;
    }

    pub(super) fn set_reported(&mut self, place: usize, part: u32) {
        self.places[place].reported = part;
    }

    pub(super) fn set_warm(&mut self, place: usize, part: u32) {
        self.places[place].warm = part;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(pool: &Pool) -> Vec<u32> {
        pool.parts().collect()
    }

    #[test]
    fn backups_come_when_nobody_else_is_there_one_or_all() {
        let backups = [false, true, false, true];
        for (all, expected) in [(false, [0, 100, 0, 0]), (true, [0, 100, 0, 100])] {
            let mut pool = Pool::new(backups.into_iter(), all);
            assert_eq!(parts(&pool), [100, 0, 100, 0]);
            pool.set_up(0, false);
            assert_eq!(parts(&pool), [0, 0, 100, 0]);
            pool.set_drains(2, true);
            assert_eq!(parts(&pool), expected);
            assert!(!pool.keeps(0) && pool.keeps(2));
            pool.set_up(1, false);
            assert_eq!(parts(&pool), [0, 0, 0, 100], "the next backup");
            pool.set_up(0, true);
            assert_eq!(parts(&pool), [100, 0, 0, 0]);
        }
    }

    #[test]
    fn a_node_takes_part_when_checks_and_monitor_both_hold_it_to_be_up() {
        let mut pool = Pool::new([false, false].into_iter(), false);
        for (up, out, part) in [(true, true, 0), (false, true, 0), (false, false, 0), (true, false, 100)] {
            pool.set_up(0, up);
            pool.set_out(0, out);
            assert_eq!((parts(&pool), pool.keeps(0)), (vec![part, 100], part > 0), "{up}, {out}");
        }
    }

    #[test]
    fn what_agents_say_and_warming_up_multiply_and_never_close() {
        let mut pool = Pool::new([false, false].into_iter(), false);
        pool.set_reported(0, 40);
        pool.set_warm(0, 50);
        pool.set_reported(1, 0);
        assert_eq!(parts(&pool), [20, 1]);
    }
}
