//! Buckets that are dealt out to hosts by weight.

/// How many of `buckets` each of these weights has: in proportion, and what is left over by the largest remainder, of equal
/// ones to the first. With equal weights the numbers differ by one at most: 8 hosts have 8 or 7 of 60. Nothing for nobody
/// where all weights are 0.
#[must_use]
pub fn dealt(buckets: u32, weights: &[u32]) -> Vec<u32> {
    let total: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    if total == 0 {
        return vec![0; weights.len()];
    }
    let due = |weight: &u32| u64::from(buckets) * u64::from(*weight);
    let mut counts: Vec<u32> = weights.iter().map(|weight| (due(weight) / total) as u32).collect();
    let left = buckets - counts.iter().sum::<u32>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|host| std::cmp::Reverse(due(&weights[*host]) % total));
    order.iter().take(left as usize).for_each(|host| counts[*host] += 1);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_hosts_have_the_documented_numbers_of_sixty() {
        assert_eq!(dealt(60, &[1; 8]), [8, 8, 8, 8, 7, 7, 7, 7]);
        assert_eq!(dealt(60, &[5; 7]), [9, 9, 9, 9, 8, 8, 8]);
        for hosts in [2, 3, 4, 5, 6, 10, 12, 15, 20, 30] {
            assert_eq!(dealt(60, &vec![1; hosts]), vec![60 / hosts as u32; hosts]);
        }
        let of_32 = dealt(60, &[50; 32]);
        assert_eq!((of_32[..28].to_vec(), of_32[28..].to_vec()), (vec![2; 28], vec![1; 4]));
    }

    #[test]
    fn weights_are_kept_as_nearly_as_whole_buckets_can() {
        assert_eq!(dealt(60, &[3, 1, 1]), [36, 12, 12]);
        assert_eq!(dealt(60, &[50, 0, 50]), [30, 0, 30]);
        // 22.5, 22.5 and 15: the first of the two equal remainders has the odd one.
        assert_eq!(dealt(60, &[3, 3, 2]), [23, 22, 15]);
        assert_eq!(dealt(60, &[0, 0]), [0, 0]);
    }
}
