//! Grants of a key in one Region, and what presenting a grant's token means.
//!
//! A call that presents tokens acts by those grants: each token must be a living grant's on that key,
//! and one of the grants must allow the operation with its encryption context.
//!
//! Source: [grants](https://docs.aws.amazon.com/kms/latest/developerguide/grants.html).

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use itemseal::EncryptionContext;
use itemseal::kms::KmsError;
use serde::{Deserialize, Serialize};

use super::key::RelatedKeys;
use super::keys::{Found, Keys};
use super::spec::{KeySpec, KeyUsage};
use super::{Call, errors};
use crate::clock::Micros;
use crate::entropy::hex;

/// All that a grant can allow.
pub(super) const OPERATIONS: [&str; 17] = [
    "Decrypt",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
    "Sign",
    "Verify",
    "GetPublicKey",
    "CreateGrant",
    "RetireGrant",
    "DescribeKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateMac",
    "VerifyMac",
    "DeriveSharedSecret",
];

/// A grant as its creator asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Terms {
    pub(super) name: Option<String>,
    pub(super) grantee: Option<String>,
    pub(super) grantee_service: Option<String>,
    pub(super) retiring: Option<String>,
    pub(super) retiring_service: Option<String>,
    pub(super) operations: Vec<String>,
    pub(super) context_equals: Option<BTreeMap<String, String>>,
    pub(super) context_subset: Option<BTreeMap<String, String>>,
    pub(super) source_arn: Option<String>,
}

/// A living grant: retired and revoked ones are removed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Grant {
    /// 64 hexadecimal digits.
    pub(super) id: String,
    /// Each CreateGrant that found this grant in place gave another token.
    pub(super) tokens: Vec<String>,
    pub(super) created: Micros,
    pub(super) terms: Terms,
}

/// What CreateGrant answers.
pub(super) struct Created {
    pub(super) id: String,
    pub(super) token: String,
}

impl Grant {
    fn allows(&self, operation: &str, context: Option<&EncryptionContext>) -> bool {
        let terms = &self.terms;
        // Operations without a context, such as DescribeKey, have nothing to constrain.
        let fits = context.is_none_or(|context| {
            let has = |(key, value): (&String, &String)| context.get(key) == Some(value.as_str());
            let equals = terms.context_equals.as_ref();
            let subset = terms.context_subset.as_ref();
            equals.is_none_or(|all| all.len() == context.len() && all.iter().all(has))
                && subset.is_none_or(|some| some.iter().all(has))
        });
        fits && terms.operations.iter().any(|allowed| allowed == operation)
    }
}

/// Refuses what the grants of the call's tokens do not allow. Without tokens, nothing is refused.
pub(super) fn require(
    found: &Found<'_>,
    call: &Call<'_>,
    context: Option<&EncryptionContext>,
) -> Result<(), KmsError> {
    if call.grant_tokens.is_empty() {
        return Ok(());
    }
    let presented = call.grant_tokens.iter().map(|token| {
        let live = with_token(found, token);
        live.ok_or_else(errors::invalid_grant_token)
    });
    let presented = presented.collect::<Result<Vec<_>, _>>()?;
    if presented.iter().any(|grant| grant.allows(call.operation, context)) {
        return Ok(());
    }
    Err(errors::access_denied(format!(
        "No grant whose token was given allows kms:{} on {} with this encryption context.",
        call.operation, found.arn
    )))
}

/// The living grant that `token` belongs to.
pub(super) fn with_token<'k>(found: &Found<'k>, token: &str) -> Option<&'k Grant> {
    found.regional.grants.iter().find(|grant| grant.tokens.iter().any(|own| own == token))
}

/// Creates a grant; if there is one of the same name and terms, gives that one a further token.
pub(super) fn create(
    keys: &mut Keys,
    call: &Call<'_>,
    key_id: &str,
    terms: Terms,
) -> Result<Created, KmsError> {
    let found = keys.find(call, key_id)?;
    require(&found, call, None)?;
    found.require_usable()?;
    check(found.related, &terms)?;
    let token = STANDARD.encode(call.random::<96>()?);
    let (region_id, id) = (found.id(), hex(&call.random::<32>()?));
    let grants = &mut keys.regional_mut(call.region, &region_id)?.grants;
    // Without a name, each grant is another.
    let same = grants.iter_mut().find(|grant| terms.name.is_some() && grant.terms == terms);
    if let Some(grant) = same {
        grant.tokens.push(token.clone());
        return Ok(Created { id: grant.id.clone(), token });
    }
    let tokens = vec![token.clone()];
    grants.push(Grant { id: id.clone(), tokens, created: call.now, terms });
    Ok(Created { id, token })
}

/// RevokeGrant, and RetireGrant by id.
pub(super) fn remove(
    keys: &mut Keys,
    call: &Call<'_>,
    key_id: &str,
    grant_id: &str,
) -> Result<(), KmsError> {
    let id = keys.find(call, key_id)?.id();
    check_id(grant_id)?;
    let grants = &mut keys.regional_mut(call.region, &id)?.grants;
    let before = grants.len();
    grants.retain(|grant| grant.id != grant_id);
    if grants.len() == before {
        return Err(errors::not_found(format!("Grant ID {grant_id} not found")));
    }
    Ok(())
}

/// RetireGrant by token.
pub(super) fn retire_by_token(
    keys: &mut Keys,
    call: &Call<'_>,
    token: &str,
) -> Result<(), KmsError> {
    let named = keys.in_region(call.region).find_map(|(related, key)| {
        let grant = key.grants.iter().find(|grant| grant.tokens.iter().any(|own| own == token))?;
        Some((related.id.clone(), grant.id.clone()))
    });
    let (key_id, grant_id) = named.ok_or_else(errors::invalid_grant_token)?;
    remove(keys, call, &key_id, &grant_id)
}

/// Refuses what cannot be a grant's id.
pub(super) fn check_id(grant_id: &str) -> Result<(), KmsError> {
    if !grant_id.is_empty()
        && grant_id.len() <= 64
        && grant_id.bytes().all(|b| b.is_ascii_hexdigit())
    {
        return Ok(());
    }
    Err(errors::invalid_grant_id(format!("{grant_id} is not the id of a grant")))
}

fn check(key: &RelatedKeys, terms: &Terms) -> Result<(), KmsError> {
    if terms.grantee.is_some() == terms.grantee_service.is_some() {
        return Err(errors::validation(
            "A grant has either a GranteePrincipal or a GranteeServicePrincipal",
        ));
    }
    if terms.retiring.is_some() && terms.retiring_service.is_some() {
        return Err(errors::validation(
            "A grant has a RetiringPrincipal or a RetiringServicePrincipal, not both",
        ));
    }
    if terms.operations.is_empty() {
        return Err(errors::validation("A grant allows at least one operation"));
    }
    if let Some(operation) = terms.operations.iter().find(|name| !is_for(key, name)) {
        return Err(errors::validation(format!(
            "Grant operation {operation} is not supported for a key of spec {} and usage {}",
            key.spec, key.usage
        )));
    }
    let constrained = terms.context_equals.is_some() || terms.context_subset.is_some();
    if constrained && key.spec != KeySpec::Symmetric {
        return Err(errors::validation(
            "Grant constraints on the encryption context are for symmetric encryption keys",
        ));
    }
    Ok(())
}

fn is_for(key: &RelatedKeys, operation: &str) -> bool {
    match operation {
        "CreateGrant" | "RetireGrant" | "DescribeKey" => true,
        "Encrypt" | "Decrypt" | "ReEncryptFrom" | "ReEncryptTo" => {
            key.usage == KeyUsage::EncryptDecrypt
        }
        "GetPublicKey" => key.spec.is_asymmetric(),
        "Sign" | "Verify" => key.usage == KeyUsage::SignVerify,
        "GenerateMac" | "VerifyMac" => key.usage == KeyUsage::GenerateVerifyMac,
        "DeriveSharedSecret" => key.usage == KeyUsage::KeyAgreement,
        // The data keys and data key pairs.
        _ => key.spec == KeySpec::Symmetric,
    }
}
