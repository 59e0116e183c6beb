//! Key policies: kept as given, checked for form, and obeyed where they deny something to everyone.
//!
//! The lab has no callers, so who is allowed what cannot be asked. What can: whether a statement
//! without a condition denies an action to every principal.
//!
//! Source: [key policies](https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html),
//! [policy grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).

use itemseal::kms::KmsError;
use serde_json::{Map, Value};

use super::keys::{Found, Keys};
use super::{Call, errors};

/// The only name that a key policy can have.
pub(super) const NAME: &str = "default";
/// The longest document, in bytes.
const MAX_LEN_BYTES: usize = 32_768;

/// What a key gets when its creator gives no policy.
///
/// Source: [default key policy](https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
pub(super) fn default_document(keys: &Keys) -> String {
    let root = keys.root_arn();
    format!(
        r#"{{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {{
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {{
      "AWS" : "{root}"
    }},
    "Action" : "kms:*",
    "Resource" : "*"
  }} ]
}}"#
    )
}

/// Checks a document that a caller gives: its form and, unless `bypass`, that the policy can still be
/// changed once it is in place.
pub(super) fn check(document: &str, bypass: bool) -> Result<(), KmsError> {
    if document.len() > MAX_LEN_BYTES {
        return Err(errors::limit_exceeded(format!(
            "a key policy has at most {MAX_LEN_BYTES} bytes, not {}",
            document.len()
        )));
    }
    let statements = parse(document)?;
    statements.iter().try_for_each(check_statement)?;
    let change = "kms:PutKeyPolicy";
    let allowed = statements.iter().any(|s| s.effect() == Some("Allow") && s.covers(change));
    if bypass || (allowed && !denies(&statements, change)) {
        return Ok(());
    }
    Err(errors::malformed_policy(
        "The new key policy will not allow you to update the key policy in the future.",
    ))
}

/// Refuses `operation` if the key's policy denies it to everyone.
pub(super) fn require(found: &Found<'_>, operation: &str, keys: &Keys) -> Result<(), KmsError> {
    let action = format!("kms:{operation}");
    // What is stored was checked when it came.
    let statements = parse(&found.regional.policy).unwrap_or_default();
    if !denies(&statements, &action) {
        return Ok(());
    }
    Err(errors::access_denied(format!(
        "User: {} is not authorized to perform: {action} on resource: {} with an explicit deny in a \
         resource-based policy",
        keys.root_arn(),
        found.arn
    )))
}

pub(super) fn put(
    keys: &mut Keys,
    call: &Call<'_>,
    key_id: &str,
    document: &str,
    bypass: bool,
) -> Result<(), KmsError> {
    check(document, bypass)?;
    // In every state.
    let id = keys.find(call, key_id)?.id();
    keys.regional_mut(call.region, &id)?.policy = document.to_owned();
    Ok(())
}

struct Statement(Map<String, Value>);

impl Statement {
    fn effect(&self) -> Option<&str> {
        self.0.get("Effect").and_then(Value::as_str)
    }

    /// Whether the statement speaks of `action`.
    fn covers(&self, action: &str) -> bool {
        let names = |member: &str| {
            self.0.get(member).map(|v| texts(v).iter().any(|pattern| matches(pattern, action)))
        };
        names("Action").or_else(|| names("NotAction").map(|named| !named)).unwrap_or(false)
    }

    /// Whether it applies to every principal, always.
    fn is_for_everyone(&self) -> bool {
        let all = |value: &Value| texts(value).contains(&"*");
        let principal = match self.0.get("Principal") {
            Some(Value::Object(kinds)) => kinds.get("AWS").is_some_and(all),
            Some(principal) => all(principal),
            None => false,
        };
        principal && !self.0.contains_key("Condition")
    }
}

fn denies(statements: &[Statement], action: &str) -> bool {
    statements.iter().any(|s| s.effect() == Some("Deny") && s.is_for_everyone() && s.covers(action))
}

fn parse(document: &str) -> Result<Vec<Statement>, KmsError> {
    let malformed = |what: &str| errors::malformed_policy(what.to_owned());
    let document: Value = serde_json::from_str(document)
        .map_err(|error| malformed(&format!("The policy is not JSON: {error}")))?;
    let Value::Object(mut members) = document else {
        return Err(malformed("The policy is not a JSON object"));
    };
    let statements = match members.remove("Statement") {
        Some(Value::Array(statements)) => statements,
        Some(one @ Value::Object(_)) => vec![one],
        _ => return Err(malformed("The policy has no Statement")),
    };
    let statement = |value| match value {
        Value::Object(members) => Ok(Statement(members)),
        _ => Err(malformed("A statement of the policy is not a JSON object")),
    };
    statements.into_iter().map(statement).collect()
}

fn check_statement(statement: &Statement) -> Result<(), KmsError> {
    let malformed = |what: &str| Err(errors::malformed_policy(what.to_owned()));
    if !matches!(statement.effect(), Some("Allow" | "Deny")) {
        return malformed("The Effect of a statement is Allow or Deny");
    }
    for (one, other) in
        [("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource")]
    {
        if statement.0.contains_key(one) == statement.0.contains_key(other) {
            return malformed(&format!("A statement has either {one} or {other}"));
        }
    }
    for member in ["Action", "NotAction"] {
        let Some(value) = statement.0.get(member) else { continue };
        let actions = texts(value);
        if actions.is_empty() || !actions.iter().all(|a| *a == "*" || a.contains(':')) {
            return malformed(&format!("{member} is an action, such as kms:Decrypt, or a list"));
        }
    }
    Ok(())
}

/// A text, or the texts of a list.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// IAM's wildcards: `*` is any characters, `?` is one. Actions are the same in any case.
fn matches(pattern: &str, action: &str) -> bool {
    let pattern: Vec<u8> = pattern.bytes().map(|b| b.to_ascii_lowercase()).collect();
    let action: Vec<u8> = action.bytes().map(|b| b.to_ascii_lowercase()).collect();
    let (mut rest, mut at) = (pattern.as_slice(), action.as_slice());
    // Where to go on if what follows the last star does not fit.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (rest.split_first(), at.split_first()) {
            (None, None) => return true,
            (Some((b'*', after)), _) => {
                retry = Some((after, at));
                rest = after;
                continue;
            }
            (Some((p, after)), Some((c, behind))) if *p == b'?' || p == c => {
                (rest, at) = (after, behind);
                continue;
            }
            _ => {}
        }
        let Some((after, [_, behind @ ..])) = retry else { return false };
        retry = Some((after, behind));
        (rest, at) = (after, behind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_as_iams_do() {
        for (pattern, action, expected) in [
            ("*", "kms:Decrypt", true),
            ("kms:*", "kms:Decrypt", true),
            ("KMS:decrypt", "kms:Decrypt", true),
            ("kms:Decrypt", "kms:DecryptX", false),
            ("kms:De*", "kms:Encrypt", false),
            ("kms:*crypt", "kms:ReEncrypt", true),
            ("kms:*crypt", "kms:ReEncryptFrom", false),
            ("kms:GenerateDataKey*", "kms:GenerateDataKey", true),
            ("kms:?ncrypt", "kms:Encrypt", true),
            ("kms:?ncrypt", "kms:ncrypt", false),
            ("*Data*Key", "kms:GenerateDataKey", true),
            ("", "kms:Encrypt", false),
        ] {
            assert_eq!(matches(pattern, action), expected, "{pattern} {action}");
        }
    }
}
