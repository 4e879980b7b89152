//! Persistence: who comes again goes to the place of the last time.

use crate::scenario::Persistence;
use crate::units::Time;
use std::collections::{HashMap, VecDeque};

/// Source addresses with their places, each for a while after its last connection began (as `expire` of HAProxy's stick
/// tables and `persistence_timeout` of LVS). Memory for the addresses of that time, not for all that there are.
pub(super) struct Remembered {
    mask: u32,
    timeout: Time,
    /// Place, and when it is forgotten. Looked up, and never walked through: the order of a hash map decides nothing.
    places: HashMap<u32, (u32, Time)>,
    /// Each remembered address once, with a time before which it is not forgotten.
    due: VecDeque<(Time, u32)>,
}

impl Remembered {
    pub(super) fn new(persistence: Persistence) -> Remembered {
        Remembered {
            mask: u32::MAX << (32 - persistence.mask),
            timeout: persistence.timeout,
            places: HashMap::new(),
            due: VecDeque::new(),
        }
    }

    /// The place of the last time, if it is remembered.
    pub(super) fn place(&mut self, address: u32, now: Time) -> Option<usize> {
        self.forget(now);
        let (place, until) = self.places.get(&(address & self.mask))?;
        (*until > now).then_some(*place as usize)
    }

    /// Somebody from there has connected.
    pub(super) fn remember(&mut self, address: u32, place: usize, now: Time) {
        let (network, until) = (address & self.mask, now + self.timeout);
        if self.places.insert(network, (place as u32, until)).is_none() {
            self.due.push_back((until, network));
        }
    }

    fn forget(&mut self, now: Time) {
        while let Some((_, network)) = self.due.pop_front_if(|(due, _)| *due <= now) {
            match self.places.get(&network) {
                // It has come again meanwhile. Later ones in the queue wait for it, and then are looked up as forgotten.
                Some((_, until)) if *until > now => self.due.push_back((*until, network)),
                _ => {
                    self.places.remove(&network);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Time = Time::from_secs(60);

    #[test]
    fn an_address_is_remembered_for_a_while_after_its_last_visit_and_then_forgotten() {
        let mut remembered = Remembered::new(Persistence { mask: 24, timeout: MINUTE * 5 });
        remembered.remember(0x0102_0304, 7, Time::ZERO);
        assert_eq!(remembered.place(0x0102_03ff, MINUTE * 4), Some(7), "the same network of 24 bits");
        assert_eq!(remembered.place(0x0102_0404, MINUTE * 4), None, "another one");
        remembered.remember(0x0102_0304, 7, MINUTE * 4);
        assert_eq!(remembered.place(0x0102_0304, MINUTE * 8), Some(7));
        assert_eq!(remembered.place(0x0102_0304, MINUTE * 9), None);
        assert_eq!((remembered.places.len(), remembered.due.len()), (0, 0), "it takes no memory any more");
    }
}
