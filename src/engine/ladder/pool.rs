//! Lists of entries whose links lie in one pool.
//!
//! A list keeps no room of its own: what one list gives back, the next one uses, so that the pool is as large as the most
//! entries that ever were in all lists together. With a vector for each bucket, every bucket would keep the size of its
//! busiest moment.

use crate::engine::keyed::Keyed;

/// Ends a list.
const END: u32 = u32::MAX;

/// Entries of a [`Pool`], the latest first.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    first: u32,
    len: u32,
}

impl List {
    pub(super) const EMPTY: List = List { first: END, len: 0 };

    pub(super) fn len(self) -> usize {
        self.len as usize
    }

    pub(super) fn is_empty(self) -> bool {
        self.first == END
    }
}

struct Link<T> {
    entry: Keyed<T>,
    /// The next one of the list, or of those that are free.
    next: u32,
}

/// The links of all lists.
pub(super) struct Pool<T> {
    links: Vec<Link<T>>,
    free: u32,
    len: usize,
}

impl<T: Copy> Pool<T> {
    /// No list, and room for a few hundred entries: where few are pending, how many of them are in lists varies much, and a
    /// run should soon have all its memory.
    pub(super) fn new() -> Self {
        Pool { links: Vec::with_capacity(256), free: END, len: 0 }
    }

    /// Entries in all lists.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Puts an entry at the front of a list.
    #[inline]
    pub(super) fn push(&mut self, list: &mut List, entry: Keyed<T>) {
        let link = Link { entry, next: list.first };
        let slot = self.free;
        if let Some(free) = self.links.get_mut(slot as usize) {
            self.free = free.next;
            *free = link;
            list.first = slot;
        } else {
            list.first = self.grow(link);
        }
        list.len += 1;
        self.len += 1;
    }

    /// The entry at the front of a list.
    pub(super) fn first(&self, list: List) -> Option<&Keyed<T>> {
        self.links.get(list.first as usize).map(|link| &link.entry)
    }

    /// Takes the entry at the front of a list out.
    #[inline]
    pub(super) fn pop(&mut self, list: &mut List) -> Option<Keyed<T>> {
        let slot = list.first;
        let link = self.links.get_mut(slot as usize)?;
        list.first = std::mem::replace(&mut link.next, self.free);
        list.len -= 1;
        self.free = slot;
        self.len -= 1;
        Some(link.entry)
    }

    /// Moves the entry at the front of one list, which has one, to the front of another.
    #[inline]
    pub(super) fn move_first(&mut self, from: &mut List, to: &mut List) {
        let slot = from.first;
        from.first = std::mem::replace(&mut self.links[slot as usize].next, to.first);
        from.len -= 1;
        to.first = slot;
        to.len += 1;
    }

    /// Links that there is memory for.
    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.links.capacity()
    }

    #[cold]
    fn grow(&mut self, link: Link<T>) -> u32 {
        let slot = self.links.len();
        assert!(slot < END as usize, "an agenda holds at most {END} entries");
        self.links.push(link);
        slot as u32
    }
}
