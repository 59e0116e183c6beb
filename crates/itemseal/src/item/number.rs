//! DynamoDB numbers: their rules and the one spelling that is encrypted and signed.

use std::borrow::Cow;

use crate::error::{Error, Result};

/// Most significant digits that a DynamoDB number has.
const MAX_DIGITS: usize = 38;
/// Largest decimal exponent of the first significant digit (9.99…E+125).
const MAX_MAGNITUDE: i64 = 125;
/// Smallest decimal exponent of the first significant digit (1E-130).
const MIN_MAGNITUDE: i64 = -130;

/// Gives the normal form of a DynamoDB number: plain decimal, no exponent, `0.` before a fraction,
/// no superfluous zeros, no minus before zero.
///
/// Source: the serialization that the AWS Database Encryption SDK signs, and DynamoDB's
/// [number type](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number).
///
/// # Errors
/// [`Malformed`](crate::ErrorKind::Malformed) if the text is not a number, has more than 38
/// significant digits, or lies outside of 1E-130 to 9.99…E+125 in magnitude.
///
/// ```
/// assert_eq!(itemseal::normalize_number("+01.50e2")?, "150");
/// # Ok::<(), itemseal::Error>(())
/// ```
pub fn normalize_number(text: &str) -> Result<Cow<'_, str>> {
    if is_normal(text) {
        return Ok(Cow::Borrowed(text));
    }
    let number = Decimal::parse(text)?;
    Ok(Cow::Owned(number.to_plain()))
}

/// The common case, decided without an allocation: whether this is a number of at most 38 digits in normal form.
/// False says nothing.
pub(crate) fn is_normal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole.as_bytes(), Some(fraction.as_bytes())),
        None => (unsigned.as_bytes(), None),
    };
    let leads = match (whole.first(), fraction) {
        // Zero itself has no minus.
        (Some(b'0'), None) => text == "0",
        (Some(b'0'), Some(_)) => whole.len() == 1,
        (Some(b'1'..=b'9'), _) => true,
        _ => false,
    };
    let fraction_ends = fraction.is_none_or(|digits| matches!(digits.last(), Some(b'1'..=b'9')));
    let digits = || whole.iter().chain(fraction.unwrap_or_default());
    leads && fraction_ends && digits().count() <= MAX_DIGITS && digits().all(u8::is_ascii_digit)
}

/// The size in bytes that DynamoDB counts: a byte for two significant digits and one more,
/// and one for a minus.
pub(crate) fn size_bytes(text: &str) -> usize {
    match Decimal::parse(text) {
        Ok(number) => number.digits.len().div_ceil(2) + 1 + usize::from(number.negative),
        Err(_) => text.len(),
    }
}

/// `digits` without leading or trailing zeros, times ten to the `exponent`; zero has no digits.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    fn parse(text: &str) -> Result<Self> {
        let not_a_number =
            || Error::malformed("not a number; give it in ASCII digits, like -12.5 or 1.25E3");
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, text.get(1..).unwrap_or_default()),
            Some(b'+') => (false, text.get(1..).unwrap_or_default()),
            _ => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                (mantissa, parse_exponent(exponent).ok_or_else(not_a_number)?)
            }
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(not_a_number());
        }
        let mut digits = Vec::with_capacity(mantissa.len());
        for digit in whole.bytes().chain(fraction.bytes()) {
            if !digit.is_ascii_digit() {
                return Err(not_a_number());
            }
            // Leading zeros carry nothing.
            if digit != b'0' || !digits.is_empty() {
                digits.push(digit);
            }
        }
        let mut exponent =
            exponent.saturating_sub(i64::try_from(fraction.len()).unwrap_or(i64::MAX));
        while digits.last() == Some(&b'0') {
            digits.pop();
            exponent = exponent.saturating_add(1);
        }
        let number = Self { negative: negative && !digits.is_empty(), digits, exponent };
        number.check_range()?;
        Ok(number)
    }

    fn check_range(&self) -> Result<()> {
        if self.digits.is_empty() {
            return Ok(());
        }
        if self.digits.len() > MAX_DIGITS {
            return Err(Error::malformed(
                "a DynamoDB number has at most 38 significant digits; round it, or store it as S",
            ));
        }
        let magnitude = self.exponent.saturating_add(as_i64(self.digits.len()) - 1);
        if !(MIN_MAGNITUDE..=MAX_MAGNITUDE).contains(&magnitude) {
            return Err(Error::malformed(
                "a DynamoDB number lies between 1E-130 and 9.99…E+125 in magnitude; store it as S",
            ));
        }
        Ok(())
    }

    fn to_plain(&self) -> String {
        if self.digits.is_empty() {
            return "0".to_owned();
        }
        // `check_range` bounds the exponent, so these repeats are short.
        let zeros = |count: i64| std::iter::repeat_n('0', usize::try_from(count).unwrap_or(0));
        let digits = self.digits.iter().map(|&digit| char::from(digit));
        let mut plain = String::with_capacity(self.digits.len() + 4);
        if self.negative {
            plain.push('-');
        }
        // How many digits stand before the decimal point.
        let point = as_i64(self.digits.len()).saturating_add(self.exponent);
        if self.exponent >= 0 {
            plain.extend(digits.chain(zeros(self.exponent)));
        } else if point > 0 {
            let whole = usize::try_from(point).unwrap_or(0);
            plain.extend(digits.clone().take(whole));
            plain.push('.');
            plain.extend(digits.skip(whole));
        } else {
            plain.push_str("0.");
            plain.extend(zeros(-point).chain(digits));
        }
        plain
    }
}

/// An exponent's value; one too long for `i64` is as far out of range as the largest.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let magnitude = digits.parse().unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

fn as_i64(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn one_spelling_a_value() {
        for (text, normal) in [
            ("0", "0"),
            ("-0", "0"),
            ("-0.000e9999999999999999999", "0"),
            ("007", "7"),
            ("-12", "-12"),
            ("+1", "1"),
            (".5", "0.5"),
            ("0.5", "0.5"),
            ("-0.05", "-0.05"),
            ("-0.0", "0"),
            ("1234567.89", "1234567.89"),
            ("1234567.890", "1234567.89"),
            ("01.5", "1.5"),
            ("0.", "0"),
            ("5.", "5"),
            ("1.50", "1.5"),
            ("1E3", "1000"),
            ("1e-3", "0.001"),
            ("-123.4500E+1", "-1234.5"),
            ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
        ] {
            assert_eq!(normalize_number(text).unwrap(), normal, "{text}");
        }
    }

    #[test]
    fn limits() {
        assert_eq!(normalize_number("1E125").unwrap().len(), 126);
        assert_eq!(normalize_number("1E-130").unwrap().len(), 132);
        for text in
            ["1E126", "1E-131", "1e99999999999999999999", "123456789012345678901234567890123456789"]
        {
            assert_eq!(normalize_number(text).unwrap_err().kind(), ErrorKind::Malformed, "{text}");
        }
    }

    #[test]
    fn not_numbers() {
        for text in [
            "", "-", ".", "e5", "1e", "1e+", "--1", "1 ", " 1", "0x1", "NaN", "Infinity", "1.2.3",
            "١", "1_0",
        ] {
            assert_eq!(
                normalize_number(text).unwrap_err().kind(),
                ErrorKind::Malformed,
                "{text:?}"
            );
        }
    }
}
