//! Two conditions at once.

/// That both hold. DynamoDB refuses a pair of parentheses around another.
pub(super) fn both(given: Option<&str>, more: String) -> String {
    match given {
        Some(given) if is_enclosed(given) => format!("{given} AND {more}"),
        Some(given) => format!("({given}) AND {more}"),
        None => more,
    }
}

/// Whether the first parenthesis is closed by the last character.
fn is_enclosed(expression: &str) -> bool {
    let expression = expression.trim();
    let mut depth = 0_usize;
    for (at, c) in expression.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at > 0 && at + 1 == expression.len();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parentheses_are_never_doubled() {
        for (given, expected) in [
            ("a = :a OR b = :b", "(a = :a OR b = :b) AND x"),
            ("(a = :a OR b = :b)", "(a = :a OR b = :b) AND x"),
            (" (a = :a OR (b = :b)) ", " (a = :a OR (b = :b))  AND x"),
            ("(a = :a) OR (b = :b)", "((a = :a) OR (b = :b)) AND x"),
            ("(a = :a) OR size(b) > :b", "((a = :a) OR size(b) > :b) AND x"),
            ("attribute_exists(a)", "(attribute_exists(a)) AND x"),
            ("a", "(a) AND x"),
            ("((a)", "(((a)) AND x"),
        ] {
            assert_eq!(both(Some(given), "x".to_owned()), expected);
        }
        assert_eq!(both(None, "x".to_owned()), "x");
    }
}
