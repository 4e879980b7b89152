//! Source addresses to places, by a hash: without a memory, and the same for who comes again.

/// The finaliser of MurmurHash3 for 32 bits (Appleby 2011), as HAProxy's `avalanche`: neighbouring addresses go to
/// places that have nothing to do with each other.
fn scattered(address: u32) -> u32 {
    let mut h = address;
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

/// The finaliser of SplitMix64 (Stafford's variant 13; Steele, Lea and Flood 2014) over address and port, and the part of its
/// range that it falls in: one of `buckets`. What Microsoft's driver computes is not published; any good hash divides alike.
pub(super) fn bucket(address: u32, port: u16, buckets: usize) -> usize {
    let mut z = (u64::from(address) << 16 | u64::from(port)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((u128::from(z ^ (z >> 31)) * buckets as u128) >> 64) as usize
}

/// A map with as many entries for each place as it weighs; an address has the entry of its hash modulo their number. One
/// place more or fewer is another modulus, and most addresses move. A place without weight has no entry.
pub(super) struct Map {
    /// For each place, the sum of the weights up to it.
    ends: Vec<u64>,
}

impl Map {
    /// Weights, at least one above zero.
    pub(super) fn new(weights: &[u32]) -> Map {
        let mut end = 0;
        let ends = weights.iter().map(|weight| {
            end += u64::from(*weight);
            end
        });
        Map { ends: ends.collect() }
    }

    pub(super) fn place(&self, address: u32) -> usize {
        let entries = self.ends[self.ends.len() - 1];
        let entry = u64::from(scattered(address)) % entries;
        self.ends.partition_point(|end| *end <= entry)
    }
}

/// Points of a place on the ring for each unit of its weight (HAProxy, `BE_WEIGHT_SCALE`).
const POINTS: u32 = 16;

/// A ring with points of every place; an address belongs to the nearest one in either direction, as in HAProxy's
/// `lb_chash.c`. When a place goes, its addresses go to the neighbours and no other moves.
///
/// The points stay where they are; a place that counts in part has as many of its first points as that is.
pub(super) struct Ring {
    /// In the order of their hashes.
    points: Vec<Point>,
    /// By place: how many points it has, and how many of them count.
    all: Vec<u32>,
    open: Vec<u32>,
}

struct Point {
    hash: u32,
    place: u32,
    number: u32,
}

impl Ring {
    /// The names decide where the points lie, so that they stay when others come and go.
    pub(super) fn new<'a>(places: impl Iterator<Item = (&'a str, u32)>) -> Ring {
        let (mut points, mut all) = (Vec::new(), Vec::new());
        for (place, (name, weight)) in places.enumerate() {
            all.push(weight * POINTS);
            for number in 0..weight * POINTS {
                let hash = blake3::hash(format!("{number} {name}").as_bytes());
                let bytes = hash.as_bytes();
                let hash = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
                points.push(Point { hash, place: place as u32, number });
            }
        }
        points.sort_unstable_by_key(|point| (point.hash, point.place));
        Ring { points, open: all.clone(), all }
    }

    /// So many hundredths of a place count.
    pub(super) fn set(&mut self, place: usize, part: u32) {
        self.open[place] = (self.all[place] * part).div_ceil(100);
    }

    /// Only while some place is open. Walks over the points of places that are not.
    pub(super) fn place(&self, address: u32) -> usize {
        let hash = scattered(address);
        let (before, after) = self.points.split_at(self.points.partition_point(|point| point.hash < hash));
        let counts = |point: &&Point| point.number < self.open[point.place as usize];
        let next = after.iter().chain(before).find(counts);
        let last = before.iter().rev().chain(after.iter().rev()).find(counts);
        let Some((last, next)) = last.zip(next) else { return 0 };
        let last_is_nearer = hash.wrapping_sub(last.hash) <= next.hash.wrapping_sub(hash);
        if last_is_nearer { last.place as usize } else { next.place as usize }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    const ADDRESSES: u32 = 100_000;

    fn ring(nodes: usize) -> Ring {
        Ring::new(NAMES[..nodes].iter().map(|name| (*name, 10)))
    }

    fn moved(before: impl Fn(u32) -> usize, after: impl Fn(u32) -> usize) -> f64 {
        (0..ADDRESSES).filter(|address| before(*address) != after(*address)).count() as f64 / f64::from(ADDRESSES)
    }

    #[test]
    fn a_ring_moves_only_the_addresses_of_the_one_that_goes() {
        let (ten, nine) = (ring(10), ring(9));
        for address in 0..ADDRESSES {
            let (before, after) = (ten.place(address), nine.place(address));
            assert!(before == after || before == 9, "{address} moved from {before} to {after}");
        }
        // A tenth, as the 160 points of each lie: a relative standard deviation of 1/√160 or 8 %, and less by the two sides.
        let share = moved(|a| ten.place(a), |a| nine.place(a));
        assert!((share - 0.1).abs() < 0.03, "{share}");
    }

    #[test]
    fn a_map_moves_nearly_all_addresses() {
        // Modulo 10 and modulo 9 agree for one in ten.
        let (ten, nine) = (Map::new(&[1; 10]), Map::new(&[1; 9]));
        let share = moved(|a| ten.place(a), |a| nine.place(a));
        assert!((share - 0.9).abs() < 0.005, "{share}");
    }

    #[test]
    fn a_place_that_is_closed_is_as_one_that_never_was() {
        let (mut ten, nine) = (ring(10), ring(9));
        ten.set(9, 0);
        for address in 0..ADDRESSES {
            assert_eq!(ten.place(address), nine.place(address));
        }
        let mut map = [1; 10];
        map[9] = 0;
        let (closed, nine) = (Map::new(&map), Map::new(&[1; 9]));
        assert!((0..ADDRESSES).all(|address| closed.place(address) == nine.place(address)));
        // Half of its points are half of its part, and nobody else moves.
        let whole = ring(10);
        ten.set(9, 50);
        let count = |ring: &Ring| (0..ADDRESSES).filter(|address| ring.place(*address) == 9).count() as f64;
        let part = count(&ten) / count(&whole);
        assert!((part - 0.5).abs() < 0.15, "{part}");
    }

    #[test]
    fn parts_follow_weights() {
        let count = |place: &dyn Fn(u32) -> usize| {
            (0..ADDRESSES).filter(|address| place(*address) == 0).count() as f64 / f64::from(ADDRESSES)
        };
        let map = Map::new(&[3, 1]);
        assert!((count(&|a| map.place(a)) - 0.75).abs() < 0.006);
        let ring = Ring::new([("a", 192), ("b", 64)].into_iter());
        assert!((count(&|a| ring.place(a)) - 0.75).abs() < 0.03);
    }
}
