//! A slab: values that come and go, named by small ids.
//!
//! Sessions and messages live here and events name them, so that an event stays a small copy and nothing is shared or
//! counted. A freed slot is used again, the latest first; after the first busy hour no memory is asked for.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// The name of a value in a [`Slab<T>`]: four bytes, and typed, so that a session's id never finds a message.
///
/// It says nothing once its value was removed: the slot may by then hold another one. Whoever removes a value also ends
/// what names it (its timers, its jobs at stations).
pub struct Id<T> {
    slot: u32,
    names: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The slot's number, to index something beside the slab or to go into a fingerprint.
    #[must_use]
    pub fn slot(self) -> u32 {
        self.slot
    }
}

// Written out, as `derive` would demand the same of `T`.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.slot == other.slot
    }
}

impl<T> Eq for Id<T> {}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.slot.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.slot)
    }
}

/// Ends the list of free slots.
const NONE: u32 = u32::MAX;

#[derive(Debug, Clone)]
enum Slot<T> {
    Taken(T),
    /// With the next free slot.
    Free(u32),
}

/// Values of one type, named by [`Id`]s.
#[derive(Debug, Clone)]
pub struct Slab<T> {
    slots: Vec<Slot<T>>,
    first_free: u32,
    len: usize,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Slab::new()
    }
}

impl<T> Slab<T> {
    /// An empty slab.
    #[must_use]
    pub fn new() -> Self {
        Slab { slots: Vec::new(), first_free: NONE, len: 0 }
    }

    /// Takes a value in and names it.
    pub fn insert(&mut self, value: T) -> Id<T> {
        self.len += 1;
        let slot = self.first_free;
        let Some(free) = self.slots.get_mut(slot as usize) else { return self.grow(value) };
        // Looked at in place: to take the former content out would copy a whole value.
        let Slot::Free(next) = *free else { unreachable!("the free list names free slots only") };
        self.first_free = next;
        *free = Slot::Taken(value);
        Id { slot, names: PhantomData }
    }

    fn grow(&mut self, value: T) -> Id<T> {
        let slot = self.slots.len();
        assert!(slot < NONE as usize, "a slab holds at most {NONE} values");
        self.slots.push(Slot::Taken(value));
        Id { slot: slot as u32, names: PhantomData }
    }

    /// The value, unless it was removed.
    #[must_use]
    pub fn get(&self, id: Id<T>) -> Option<&T> {
        match self.slots.get(id.slot as usize) {
            Some(Slot::Taken(value)) => Some(value),
            Some(Slot::Free(_)) | None => None,
        }
    }

    /// The value, unless it was removed.
    #[must_use]
    pub fn get_mut(&mut self, id: Id<T>) -> Option<&mut T> {
        match self.slots.get_mut(id.slot as usize) {
            Some(Slot::Taken(value)) => Some(value),
            Some(Slot::Free(_)) | None => None,
        }
    }

    /// Takes the value out and frees its slot.
    ///
    /// # Panics
    /// When the slot is free: the value was removed before.
    pub fn remove(&mut self, id: Id<T>) -> T {
        let slot = &mut self.slots[id.slot as usize];
        assert!(matches!(slot, Slot::Taken(_)), "the value at slot {} was removed before", id.slot);
        let Slot::Taken(value) = std::mem::replace(slot, Slot::Free(self.first_free)) else {
            unreachable!("the slot was just seen to be taken")
        };
        self.first_free = id.slot;
        self.len -= 1;
        value
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All values with their names, by slot.
    pub fn iter(&self) -> impl Iterator<Item = (Id<T>, &T)> {
        (0..).zip(&self.slots).filter_map(|(slot, content)| match content {
            Slot::Taken(value) => Some((Id { slot, names: PhantomData }, value)),
            Slot::Free(_) => None,
        })
    }
}

impl<T> Index<Id<T>> for Slab<T> {
    type Output = T;
    fn index(&self, id: Id<T>) -> &T {
        self.get(id).expect("an id is used only while its value lives")
    }
}

impl<T> IndexMut<Id<T>> for Slab<T> {
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        self.get_mut(id).expect("an id is used only while its value lives")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::testing::SplitMix64;

    #[test]
    fn the_slot_freed_last_is_used_first_and_iteration_goes_by_slot() {
        let mut slab = Slab::new();
        let [a, b, c] = ['a', 'b', 'c'].map(|letter| slab.insert(letter));
        assert_eq!((slab.remove(a), slab.remove(b)), ('a', 'b'));
        let d = slab.insert('d');
        assert_eq!((d.slot(), slab.len()), (1, 2));
        assert_eq!(slab.iter().collect::<Vec<_>>(), [(d, &'d'), (c, &'c')]);
        assert_eq!(slab.get(a), None);
        slab[c] = 'z';
        assert_eq!(slab[c], 'z');
    }

    #[test]
    fn an_id_takes_four_bytes() {
        assert_eq!(size_of::<Id<String>>(), 4);
    }

    #[test]
    fn memory_is_asked_for_only_while_the_number_of_values_grows() {
        let mut random = SplitMix64(1);
        let mut slab = Slab::new();
        let mut ids: Vec<_> = (0..100).map(|value| slab.insert(value)).collect();
        for value in 100..10_000_u64 {
            let which = random.below(100) as usize;
            slab.remove(ids[which]);
            ids[which] = slab.insert(value);
            assert_eq!(slab[ids[which]], value);
        }
        assert_eq!((slab.len(), slab.slots.len()), (100, 100));
    }

    #[test]
    #[should_panic(expected = "removed before")]
    fn a_value_is_removed_once() {
        let mut slab = Slab::new();
        let id = slab.insert(());
        slab.remove(id);
        slab.remove(id);
    }
}
