//! The shape of a signature in the footer: DER (X.690) of exactly 103 bytes.
//!
//! AWS's readers refuse any other length. A DER signature over P-384 has 102 to 104 bytes, by the
//! top bits of r and s. Where (r, s) is valid so is (r, n - s), and exactly one of s and n - s
//! has its top bit set: so nearly every signature can be given 103 bytes without signing again.

/// Length in bytes of a signature in the footer.
pub(crate) const SIGNATURE_LEN_BYTES: usize = 103;
/// Length in bytes of r and of s.
const SCALAR_LEN_BYTES: usize = 48;

/// The order n of the P-384 group (SEC 2, section 2.5.1).
const ORDER: [u8; SCALAR_LEN_BYTES] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
    0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
];

/// Encodes r ‖ s, 96 bytes, as DER of 103 bytes, with s or else with n - s.
/// `None` for the 0.3 % of signatures where neither fits: those must be made again.
pub(super) fn to_der_103(fixed: &[u8]) -> Option<[u8; SIGNATURE_LEN_BYTES]> {
    let (r, s) = fixed.split_at_checked(SCALAR_LEN_BYTES)?;
    let s: &[u8; SCALAR_LEN_BYTES] = s.try_into().ok()?;
    [*s, negate(s)].iter().find_map(|s| encode(r, s))
}

fn encode(r: &[u8], s: &[u8]) -> Option<[u8; SIGNATURE_LEN_BYTES]> {
    let start = [0x30, (SIGNATURE_LEN_BYTES - 2) as u8];
    let mut bytes = start.into_iter().chain(integer(r)).chain(integer(s));
    let mut der = [0; SIGNATURE_LEN_BYTES];
    for place in &mut der {
        *place = bytes.next()?;
    }
    bytes.next().is_none().then_some(der)
}

/// A DER integer: no zero before its digits but the one that makes it positive.
fn integer(scalar: &[u8]) -> impl Iterator<Item = u8> {
    let zeros = scalar.iter().take_while(|&&byte| byte == 0).count();
    let digits = scalar.get(zeros..).unwrap_or_default();
    let sign = usize::from(digits.first().is_none_or(|&byte| byte >= 0x80));
    let start = [0x02, (digits.len() + sign) as u8].into_iter();
    start.chain(std::iter::repeat_n(0, sign)).chain(digits.iter().copied())
}

/// n - s for 0 < s < n.
fn negate(s: &[u8; SCALAR_LEN_BYTES]) -> [u8; SCALAR_LEN_BYTES] {
    let mut difference = ORDER;
    let mut borrow = false;
    for (byte, &subtrahend) in difference.iter_mut().zip(s).rev() {
        let (partial, first) = byte.overflowing_sub(subtrahend);
        let (result, second) = partial.overflowing_sub(u8::from(borrow));
        *byte = result;
        borrow = first | second;
    }
    difference
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(first: u8) -> [u8; 48] {
        let mut scalar = [1; 48];
        scalar[0] = first;
        scalar
    }

    #[test]
    fn negation_is_its_own_inverse() {
        let s = scalar(0x12);
        assert_eq!(negate(&negate(&s)), s);
        let mut one = [0; 48];
        one[47] = 1;
        assert_eq!(negate(&one)[47], 0x72);
    }

    #[test]
    fn one_of_s_and_its_negation_fits() {
        for (r, s) in [(0x80, 0x12), (0x12, 0x80), (0x80, 0x80), (0x12, 0x12)] {
            let der = to_der_103(&[scalar(r), scalar(s)].concat()).expect("fits");
            assert_eq!(&der[..4], [0x30, 101, 0x02, if r >= 0x80 { 49 } else { 48 }]);
        }
        // r with a leading zero byte is too short for either.
        assert!(to_der_103(&[scalar(0), scalar(0x12)].concat()).is_none());
    }
}
