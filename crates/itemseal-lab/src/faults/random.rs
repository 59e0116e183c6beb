//! Randomness that depends on what it is about, and on nothing else.

/// A number in `0.0..1.0` that belongs to a seed and to `parts`: the same in every run, in whatever
/// order it is asked for. Not for secrets.
pub(super) fn unit(seed: u64, parts: &[&[u8]]) -> f64 {
    let mut state = seed;
    for part in parts {
        state = mix(state ^ part.len() as u64);
        for byte in *part {
            state = mix(state ^ u64::from(*byte));
        }
    }
    // The 53 bits that a double holds exactly.
    (mix(state) >> 11) as f64 / (1_u64 << 53) as f64
}

/// SplitMix64 (Steele, Lea and Flood, 2014): one step.
fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
