//! Numbers as the two legacy clients sign them.

use std::borrow::Cow;

use itemseal::{Result, normalize_number};

/// How many digits the Python client's numbers keep: its decimal context has that precision.
const PYTHON_DIGITS: usize = 28;

/// The number as the Java client signs it: every digit, no exponent, no superfluous zeros.
pub(crate) fn java_form(text: &str) -> Result<Cow<'_, str>> {
    normalize_number(text)
}

/// The number as the Python client signs it: rounded to 28 digits, half to even; and zero keeps
/// its minus.
pub(crate) fn python_form(text: &str) -> Result<Cow<'_, str>> {
    let plain = normalize_number(text)?;
    if plain == "0" {
        return Ok(Cow::Borrowed(if text.starts_with('-') { "-0" } else { "0" }));
    }
    // A sign and a point besides the digits: the common number is short.
    if plain.len() <= PYTHON_DIGITS {
        return Ok(plain);
    }
    let (sign, unsigned) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", &*plain),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let joined = format!("{whole}{fraction}");
    let digits = joined.trim_start_matches('0').trim_end_matches('0').as_bytes();
    let Some((kept, dropped)) = digits.split_at_checked(PYTHON_DIGITS) else { return Ok(plain) };
    if dropped.is_empty() {
        return Ok(plain);
    }
    let rounded = round(kept, dropped);
    let trailing = joined.len() - joined.trim_end_matches('0').len();
    // How many places the last kept digit stands before the end, and how many of those are a fraction.
    let places = dropped.len() + trailing;
    match places.checked_sub(fraction.len()) {
        Some(zeros) => Ok(Cow::Owned(format!("{sign}{rounded}{}", "0".repeat(zeros)))),
        None => {
            let scaled = format!("{sign}{rounded}E-{}", fraction.len() - places);
            Ok(Cow::Owned(normalize_number(&scaled)?.into_owned()))
        }
    }
}

fn round(kept: &[u8], dropped: &[u8]) -> String {
    let odd = kept.last().is_some_and(|digit| digit % 2 == 1);
    let up = match dropped.split_first() {
        Some((b'5', rest)) => odd || rest.iter().any(|&digit| digit != b'0'),
        Some((&first, _)) => first > b'5',
        None => false,
    };
    let mut digits = kept.to_vec();
    let mut carry = up;
    for digit in digits.iter_mut().rev() {
        if !carry {
            break;
        }
        carry = *digit == b'9';
        *digit = if carry { b'0' } else { *digit + 1 };
    }
    if carry {
        digits.insert(0, b'1');
    }
    digits.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_rounds_to_28_digits_half_to_even() {
        for (text, python) in [
            ("-0.000", "-0"),
            ("0", "0"),
            ("100.00", "100"),
            ("-1.50", "-1.5"),
            ("12345678901234567890123456789012345678", "12345678901234567890123456790000000000"),
            ("1234567890123456789012345678.5", "1234567890123456789012345678"),
            ("1234567890123456789012345677.5", "1234567890123456789012345678"),
            ("1234567890123456789012345678.50001", "1234567890123456789012345679"),
            ("-0.99999999999999999999999999999", "-1"),
            ("0.0012345678901234567890123456789", "0.001234567890123456789012345679"),
            ("1234567890123456789.0123456789", "1234567890123456789.012345679"),
            ("99999999999999999999999999999999999999", "100000000000000000000000000000000000000"),
            ("1234567890123456789012345678900000", "1234567890123456789012345679000000"),
            ("1000000000000000000000000000000000", "1000000000000000000000000000000000"),
        ] {
            assert_eq!(python_form(text).unwrap(), python, "{text}");
        }
        let largest = format!("{}E88", "9".repeat(38));
        assert_eq!(python_form(&largest).unwrap(), format!("1{}", "0".repeat(126)));
        assert_eq!(python_form("1E-130").unwrap(), java_form("1E-130").unwrap());
    }
}
