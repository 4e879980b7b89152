//! What a zone has said in the course of time: the addresses of a name, as the monitor edits them.
//!
//! Whoever has an answer knows its version, so that what was cached lives on with the addresses that it had. Versions stay,
//! as clients that pin an address may have asked long ago; there is one more for each order of the monitor, and without one
//! there is one.

use crate::units::Time;

/// The addresses of a name, version by version.
pub(super) struct Versions {
    /// By place: whether the monitor wants it out.
    out: Vec<bool>,
    /// Since when, and the places of its addresses in their order; never none.
    all: Vec<(Time, Vec<u32>)>,
}

impl Versions {
    /// All of so many addresses.
    pub(super) fn new(addresses: usize) -> Versions {
        Versions { out: vec![false; addresses], all: vec![(Time::ZERO, (0..addresses as u32).collect())] }
    }

    /// The number of the one that is answered now.
    pub(super) fn current(&self) -> u32 {
        self.all.len() as u32 - 1
    }

    /// The number of the one that was answered then.
    pub(super) fn at(&self, time: Time) -> u32 {
        self.all.partition_point(|(since, _)| *since <= time).max(1) as u32 - 1
    }

    /// The addresses of a version.
    pub(super) fn places(&self, version: u32) -> &[u32] {
        &self.all[version as usize].1
    }

    /// Those that the zone has now.
    pub(super) fn now(&self) -> &[u32] {
        self.places(self.current())
    }

    /// An address is wanted out, or in again. The last one stays, and leaves when another is there.
    pub(super) fn edit(&mut self, place: u32, out: bool, now: Time) {
        self.out[place as usize] = out;
        let wanted: Vec<u32> = (0..self.out.len() as u32).filter(|place| !self.out[*place as usize]).collect();
        if !wanted.is_empty() && wanted != self.now() {
            self.all.push((now, wanted));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Time = Time::from_secs(1);

    #[test]
    fn answers_keep_the_addresses_that_they_had() {
        let mut versions = Versions::new(3);
        versions.edit(1, true, SECOND * 10);
        versions.edit(1, true, SECOND * 11);
        versions.edit(1, false, SECOND * 20);
        let found = [0, 9, 10, 19, 20, 99].map(|at| versions.at(SECOND * at));
        assert_eq!(found, [0, 0, 1, 1, 2, 2]);
        assert_eq!(
            [0, 1, 2].map(|version| versions.places(version).to_vec()),
            [vec![0, 1, 2], vec![0, 2], vec![0, 1, 2]]
        );
        assert_eq!(versions.current(), 2, "what changes nothing is no version");
    }

    #[test]
    fn the_last_address_stays_and_leaves_when_another_is_there() {
        let mut versions = Versions::new(2);
        versions.edit(0, true, SECOND);
        versions.edit(1, true, SECOND * 2);
        assert_eq!(versions.now(), [1]);
        versions.edit(0, false, SECOND * 3);
        assert_eq!(versions.now(), [0], "it was wanted out all the time");
        versions.edit(1, false, SECOND * 4);
        assert_eq!(versions.now(), [0, 1]);
    }
}
