//! Keys: the address of every random decision.

use super::Stream;

/// What a stream is for.
///
/// The numbers are part of every key and so of every result: never reorder them, never use one again, only append.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Purpose {
    /// When sessions and messages arrive.
    Arrival = 1,
    /// What happens in a session: operations, sizes, pauses, demands in reference units.
    Session = 2,
    /// Choices of a balancer, a resolver or a retry.
    Routing = 3,
    /// Everything that the cluster does by itself: checks, phases of timers, background jobs.
    Housekeeping = 4,
    /// What happens on connections that stand open.
    Standing = 5,
}

/// The address of a random decision; two addresses share no randomness.
///
/// The candidate (the design, the scenario's variant) is **not** part of a key: under common random numbers two designs
/// meet the same users and the same mail, and their difference shows with a tenth of the replications. For the same
/// reason an entity is a stable name (`"office"`, `"pop3 3"`) and never a position in a list: adding a node must leave
/// the chance of the others alone.
///
/// 128 bits: even 10^12 sessions collide with probability below 10^-14.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key(u64, u64);

impl Key {
    /// The key of an entity, by BLAKE3 over the fields. Slow enough (~100 ns) to be made once for each entity and kept.
    #[must_use]
    pub fn new(seed: u64, replication: u64, purpose: Purpose, entity: &str) -> Key {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&seed.to_le_bytes());
        hasher.update(&replication.to_le_bytes());
        hasher.update(&(purpose as u32).to_le_bytes());
        // Of open length, so it comes last: no two sets of fields give the same bytes.
        hasher.update(entity.as_bytes());
        let hash = hasher.finalize();
        let word = |at: usize| hash.as_bytes()[at..at + 8].try_into().map(u64::from_le_bytes);
        Key(word(0).expect("a hash has 32 bytes"), word(8).expect("a hash has 32 bytes"))
    }

    /// The key of the `index`-th thing below this one: a client's session, a session's operation. Costs about 2 ns.
    ///
    /// Keys nest and do not commute: `key.at(1).at(2)` is not `key.at(2).at(1)`.
    #[must_use]
    pub fn at(self, index: u64) -> Key {
        let step = index.wrapping_add(1);
        Key(
            mix13(self.0.wrapping_add(step.wrapping_mul(0x9e37_79b9_7f4a_7c15))),
            mix13(self.1.wrapping_add(step.wrapping_mul(0xd134_2543_de82_ef95))),
        )
    }

    /// The stream at this address. The same key gives the same stream, from its start.
    #[must_use]
    pub fn stream(self) -> Stream {
        // Another mixer than in `at`, so that the state of a stream is not built from the keys below.
        let words = [
            murmur(self.0 ^ 0x243f_6a88_85a3_08d3),
            murmur(self.1 ^ 0x1319_8a2e_0370_7344),
            murmur(self.0.rotate_left(32) ^ 0xa409_3822_299f_31d0),
            murmur(self.1.rotate_left(32) ^ 0x082e_fa98_ec4e_6c89),
        ];
        Stream::from_words(words)
    }
}

/// The finaliser of SplitMix64 (Stafford's variant 13; Steele, Lea and Flood 2014).
fn mix13(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The finaliser of MurmurHash3 (Appleby 2011).
fn murmur(mut z: u64) -> u64 {
    z = (z ^ (z >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    z = (z ^ (z >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    z ^ (z >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office() -> Key {
        Key::new(1, 0, Purpose::Session, "office")
    }

    #[test]
    fn the_numbers_of_the_purposes_stay() {
        let numbers = [Purpose::Arrival, Purpose::Session, Purpose::Routing, Purpose::Housekeeping, Purpose::Standing];
        assert_eq!(numbers.map(|purpose| purpose as u32), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_key_is_the_same_on_every_platform() {
        assert_eq!(office(), Key(14_055_857_369_334_294_029, 3_697_367_661_848_907_627));
        assert_eq!(office().at(7).at(0), Key(6_096_472_286_697_444_802, 12_708_476_078_363_434_140));
    }

    #[test]
    fn every_field_makes_another_key() {
        let others = [
            Key::new(2, 0, Purpose::Session, "office"),
            Key::new(1, 1, Purpose::Session, "office"),
            Key::new(1, 0, Purpose::Arrival, "office"),
            Key::new(1, 0, Purpose::Session, "home"),
            office().at(0),
            office().at(1),
            office().at(1).at(2),
            office().at(2).at(1),
        ];
        let mut all: Vec<Key> = others.into_iter().chain([office()]).collect();
        all.sort_by_key(|key| (key.0, key.1));
        all.dedup();
        assert_eq!(all.len(), 9);
    }

    #[test]
    fn the_streams_of_neighbours_are_uniform_and_uncorrelated() {
        let first = |index: u64| office().at(index).stream().unit() - 0.5;
        let count = 1_000_000;
        let (mut sum, mut squares, mut neighbours, mut below) = (0.0, 0.0, 0.0, 0.0);
        for index in 0..count {
            let unit = first(index);
            sum += unit;
            squares += unit * unit;
            neighbours += unit * first(index + 1);
            below += unit * (office().at(index).at(0).stream().unit() - 0.5);
        }
        let scale = f64::from(1_000_000).sqrt();
        // Standard errors: sd of u is 1/√12, of u² 1/√180, of a product of two 1/12.
        assert!((sum / scale).abs() < 4.0 / 12_f64.sqrt());
        assert!((squares / scale - scale / 12.0).abs() < 4.0 / 180_f64.sqrt());
        assert!((neighbours / scale).abs() < 4.0 / 12.0 && (below / scale).abs() < 4.0 / 12.0);
    }
}
