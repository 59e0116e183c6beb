//! Which expressions can be right on items that are encrypted and signed.

use itemseal::{CryptographicAction, Error, ErrorKind, RESERVED_PREFIX, Result, TableConfig};

use super::Names;
use super::lexer::tokens;
use super::paths::paths;

/// What an expression is for: only named in errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// `ConditionExpression`
    Condition,
    /// `FilterExpression`
    Filter,
    /// `KeyConditionExpression`
    KeyCondition,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Condition => "ConditionExpression",
            Self::Filter => "FilterExpression",
            Self::KeyCondition => "KeyConditionExpression",
        }
    }
}

/// Refuses a condition that looks into an encrypted attribute. Whether there is one can be asked.
///
/// # Errors
/// [`Refused`](ErrorKind::Refused) with the attribute's name.
pub fn check_condition(
    table: &TableConfig,
    kind: Kind,
    expression: Option<&str>,
    names: Option<&Names>,
) -> Result<()> {
    let tokens = tokens(expression.unwrap_or_default(), names)?;
    for path in paths(&tokens, &["AND", "OR", "NOT", "BETWEEN", "IN"]) {
        check_not_reserved(&path.attribute)?;
        if table.action(&path.attribute) != CryptographicAction::EncryptAndSign {
            continue;
        }
        let of_presence =
            matches!(path.function.as_deref(), Some("attribute_exists" | "attribute_not_exists"));
        if !(of_presence && path.steps.is_empty()) {
            let message = format!(
                "it is encrypted, so DynamoDB cannot compare it in the {}; compare it after reading, \
                 or declare it sign_only",
                kind.name()
            );
            return Err(Error::new(ErrorKind::Refused, message).with_attribute(path.attribute));
        }
    }
    Ok(())
}

/// Refuses an update of what is signed: the signature would no longer hold. The error says what to do `instead`.
///
/// # Errors
/// [`Refused`](ErrorKind::Refused) with the attribute's name.
pub fn check_update(
    table: &TableConfig,
    expression: Option<&str>,
    names: Option<&Names>,
    instead: &str,
) -> Result<()> {
    let tokens = tokens(expression.unwrap_or_default(), names)?;
    for path in paths(&tokens, &["SET", "REMOVE", "ADD", "DELETE"]) {
        check_not_reserved(&path.attribute)?;
        if table.action(&path.attribute) != CryptographicAction::DoNothing {
            let message = format!(
                "it is signed, so an UpdateExpression would break the item's signature; {instead}"
            );
            return Err(Error::new(ErrorKind::Refused, message).with_attribute(path.attribute));
        }
    }
    Ok(())
}

fn check_not_reserved(attribute: &str) -> Result<()> {
    if attribute.starts_with(RESERVED_PREFIX) {
        let message = "attributes of the format itself cannot be used in expressions";
        return Err(Error::new(ErrorKind::Refused, message).with_attribute(attribute));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> TableConfig {
        TableConfig::builder("T")
            .partition_key("pk")
            .sign_only(["status"])
            .unsigned(["hits"])
            .build()
            .unwrap()
    }

    fn names() -> Names {
        [("#c", "card"), ("#s", "status"), ("#and", "and"), ("#h", "hits"), ("#d", "aws_dbe_head")]
            .map(|(placeholder, name)| (placeholder.to_owned(), name.to_owned()))
            .into()
    }

    #[test]
    fn conditions_may_ask_what_is_readable_and_what_is_there() {
        for expression in [
            "",
            "status = :s",
            "attribute_not_exists(pk)",
            "attribute_not_exists(card) AND attribute_exists(#c)",
            "NOT (attribute_exists ( card )) OR #s IN (:a, :b)",
            "pk BETWEEN :a AND :b and begins_with(status, :p)",
            "size(status) > :n AND hits.x[3].y <> :v",
            "ATTRIBUTE_EXISTS(card)",
        ] {
            let checked =
                check_condition(&table(), Kind::Condition, Some(expression), Some(&names()));
            assert!(checked.is_ok(), "{expression}: {checked:?}");
        }
    }

    #[test]
    fn conditions_on_encrypted_attributes_are_refused_by_name() {
        for (expression, attribute) in [
            ("card = :c", "card"),
            (":c = card", "card"),
            ("status = :s AND #c > :c", "card"),
            ("begins_with(card, :c)", "card"),
            ("attribute_type(card, :t)", "card"),
            ("attribute_exists(card.number)", "card"),
            ("attribute_exists(card[0])", "card"),
            ("size(card) > :n", "card"),
            ("contains(status, card)", "card"),
            ("card IN (:a, :b)", "card"),
            ("status = :a OR (pk = :b AND NOT card = :c)", "card"),
            ("#and = :a", "and"),
            ("#d = :a", "aws_dbe_head"),
            ("attribute_exists(aws_dbe_foot)", "aws_dbe_foot"),
        ] {
            let refused = check_condition(&table(), Kind::Filter, Some(expression), Some(&names()))
                .unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::Refused, "{expression}");
            assert_eq!(refused.attribute(), Some(attribute), "{expression}");
        }
        let unknown = check_condition(&table(), Kind::Condition, Some("#x = :a"), Some(&names()));
        assert!(unknown.unwrap_err().to_string().contains("#x"));
        assert!(check_condition(&table(), Kind::Condition, Some("#c = :a"), None).is_err());
    }

    #[test]
    fn updates_may_change_what_is_not_signed() {
        for (expression, attribute) in [
            ("SET hits = :a", None),
            ("ADD hits :one", None),
            ("set #h = if_not_exists(hits, :zero) + :one remove hits", None),
            ("SET status = :s", Some("status")),
            ("SET hits = :a, card = :c", Some("card")),
            ("SET hits = status", Some("status")),
            ("REMOVE card", Some("card")),
            ("DELETE card :s", Some("card")),
            ("ADD hits :a SET #s = :b", Some("status")),
            ("SET card.number = :c", Some("card")),
            ("SET hits[0] = :c, pk = :p", Some("pk")),
            ("SET hits = list_append(hits, card)", Some("card")),
            ("REMOVE #d", Some("aws_dbe_head")),
        ] {
            let checked = check_update(&table(), Some(expression), Some(&names()), "");
            let refused = checked.err();
            let named = refused.as_ref().and_then(Error::attribute);
            assert_eq!(named, attribute, "{expression}");
        }
    }
}
