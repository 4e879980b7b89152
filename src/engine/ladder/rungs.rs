//! Rungs: each divides a span of time into buckets of the same width, the inner ones what was one bucket further out.
//!
//! One monotone function says where an instant belongs: its bucket's number is the instant shifted right by the rung's
//! `shift`, counted from time zero. A rung takes everything from its next bucket on; what comes before belongs further in.
//! Nothing else is compared, neither where a bucket begins nor where one ends, so that two events never change places at
//! the edge of a bucket. Widths are powers of two, and the function is one instruction.

use super::pool::List;

struct Rung {
    /// The width of a bucket is 2 to this, in nanoseconds.
    shift: u32,
    /// The number of its first bucket, and where in [`Rungs::buckets`] that is.
    first: u64,
    offset: usize,
    /// The number of the next bucket that will be opened; there always is one.
    next: u64,
    last: u64,
}

impl Rung {
    fn number(&self, instant: u64) -> u64 {
        instant >> self.shift
    }

    fn place(&self, number: u64) -> usize {
        self.offset + (number - self.first) as usize
    }

    /// The earliest and the latest instant of a bucket.
    fn span(&self, number: u64) -> (u64, u64) {
        let earliest = number << self.shift;
        (earliest, earliest | ((1 << self.shift) - 1))
    }
}

/// A bucket that was opened.
pub(super) struct Opened {
    pub(super) list: List,
    /// Its earliest and its latest instant.
    pub(super) span: (u64, u64),
}

/// The rungs, the outermost first: that with the latest instants.
pub(super) struct Rungs {
    rungs: Vec<Rung>,
    /// The buckets of all rungs, those of the innermost at the end.
    buckets: Vec<List>,
}

impl Rungs {
    /// No rung, and room for those of about a thousand entries, for the same reason as in the pool.
    pub(super) fn new() -> Self {
        Rungs { rungs: Vec::with_capacity(8), buckets: Vec::with_capacity(1_024) }
    }

    /// The bucket where an instant belongs that is not beyond the outermost rung, or `None` if it comes before all of them.
    #[inline]
    pub(super) fn bucket(&mut self, instant: u64) -> Option<&mut List> {
        for rung in &self.rungs {
            let number = rung.number(instant);
            if number >= rung.next {
                return Some(&mut self.buckets[rung.place(number)]);
            }
        }
        None
    }

    /// The bucket of the innermost rung, of which there is one, where an instant of its span belongs.
    #[inline]
    pub(super) fn innermost_bucket(&mut self, instant: u64) -> &mut List {
        let rung = self.rungs.last().expect("a rung was just added");
        &mut self.buckets[rung.place(rung.number(instant))]
    }

    /// The earliest instant of the bucket that would be opened next.
    pub(super) fn next_instant(&self) -> Option<u64> {
        self.rungs.last().map(|rung| rung.span(rung.next).0)
    }

    /// Adds an innermost rung of empty buckets for about as many entries, and returns the latest instant that it reaches.
    ///
    /// The width is a power of two, so there are from a quarter as many buckets as entries to one more than entries.
    pub(super) fn add(&mut self, (earliest, latest): (u64, u64), entries: usize) -> u64 {
        let bits = u64::BITS - (latest - earliest).leading_zeros();
        let shift = bits.saturating_sub(entries.ilog2());
        let (first, last) = (earliest >> shift, latest >> shift);
        let offset = self.buckets.len();
        self.buckets.resize(offset + (last - first) as usize + 1, List::EMPTY);
        let rung = Rung { shift, first, offset, next: first, last };
        let reach = rung.span(last).1;
        self.rungs.push(rung);
        reach
    }

    /// Opens the next bucket that is not empty.
    ///
    /// A bucket of one instant can't be divided, so it is not closed for that instant before it was found empty: what is
    /// entered for it meanwhile was inserted later and comes later.
    pub(super) fn open(&mut self) -> Option<Opened> {
        while let Some(rung) = self.rungs.last_mut() {
            let from = rung.place(rung.next);
            let left = &mut self.buckets[from..];
            let Some(empty) = left.iter().position(|list| !list.is_empty()) else {
                self.drop_innermost();
                continue;
            };
            let list = std::mem::replace(&mut left[empty], List::EMPTY);
            rung.next += empty as u64;
            let span = rung.span(rung.next);
            if rung.shift > 0 {
                if rung.next == rung.last {
                    self.drop_innermost();
                } else {
                    rung.next += 1;
                }
            }
            return Some(Opened { list, span });
        }
        None
    }

    /// All buckets that may hold something.
    pub(super) fn buckets_mut(&mut self) -> &mut [List] {
        &mut self.buckets
    }

    pub(super) fn clear(&mut self) {
        self.rungs.clear();
        self.buckets.clear();
    }

    /// Buckets that there is memory for.
    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.buckets.capacity()
    }

    fn drop_innermost(&mut self) {
        if let Some(rung) = self.rungs.pop() {
            self.buckets.truncate(rung.offset);
        }
    }
}
