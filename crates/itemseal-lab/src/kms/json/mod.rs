//! KMS as AWS's SDKs see it: an operation's name and JSON in, JSON out.
//!
//! Each operation reads its request with [`Fields`], calls what the typed methods call too, and shapes
//! the answer. Source: [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html).

mod aliases;
mod data_keys;
mod encrypt;
mod fields;
mod grants;
mod keys;
mod macs;
mod policies;
mod rotation;
mod shapes;
mod sign;
mod tags;

use itemseal::kms::KmsError;
use serde_json::Value;

use super::keys::Keys;
use super::{Call, LabKms, errors};
use fields::Fields;

/// How many grant tokens a call can present.
const MAX_GRANT_TOKENS: usize = 10;

type Answer = Result<Value, KmsError>;

/// Whether an operation changes anything: what does not can neither change keys nor be saved.
#[derive(Clone, Copy)]
enum Run {
    Read(fn(&Keys, &Call<'_>, Fields<'_>) -> Answer),
    Change(fn(&mut Keys, &Call<'_>, Fields<'_>) -> Answer),
}

macro_rules! operations {
    ($($name:literal => $kind:ident($run:path),)*) => {
        /// The operations that [`LabKms::execute`] knows, by AWS's names.
        pub const OPERATIONS: &[&str] = &[$($name),*];

        fn operation(name: &str) -> Option<(&'static str, Run)> {
            match name {
                $($name => Some(($name, Run::$kind($run))),)*
                _ => None,
            }
        }
    };
}

operations! {
    "CancelKeyDeletion" => Change(keys::cancel_key_deletion),
    "CreateAlias" => Change(aliases::create_alias),
    "CreateGrant" => Change(grants::create_grant),
    "CreateKey" => Change(keys::create_key),
    "Decrypt" => Read(encrypt::decrypt),
    "DeleteAlias" => Change(aliases::delete_alias),
    "DeriveSharedSecret" => Read(sign::derive_shared_secret),
    "DescribeKey" => Read(keys::describe_key),
    "DisableKey" => Change(keys::disable_key),
    "DisableKeyRotation" => Change(rotation::disable_key_rotation),
    "EnableKey" => Change(keys::enable_key),
    "EnableKeyRotation" => Change(rotation::enable_key_rotation),
    "Encrypt" => Read(encrypt::encrypt),
    "GenerateDataKey" => Read(data_keys::generate_data_key),
    "GenerateDataKeyPair" => Read(data_keys::generate_data_key_pair),
    "GenerateDataKeyPairWithoutPlaintext" => Read(data_keys::generate_data_key_pair_without_plaintext),
    "GenerateDataKeyWithoutPlaintext" => Read(data_keys::generate_data_key_without_plaintext),
    "GenerateMac" => Read(macs::generate_mac),
    "GenerateRandom" => Read(data_keys::generate_random),
    "GetKeyPolicy" => Read(policies::get_key_policy),
    "GetKeyRotationStatus" => Read(rotation::get_key_rotation_status),
    "GetPublicKey" => Read(sign::get_public_key),
    "ListAliases" => Read(aliases::list_aliases),
    "ListGrants" => Read(grants::list_grants),
    "ListKeyPolicies" => Read(policies::list_key_policies),
    "ListKeyRotations" => Read(rotation::list_key_rotations),
    "ListKeys" => Read(keys::list_keys),
    "ListResourceTags" => Read(tags::list_resource_tags),
    "ListRetirableGrants" => Read(grants::list_retirable_grants),
    "PutKeyPolicy" => Change(policies::put_key_policy),
    "ReEncrypt" => Read(encrypt::re_encrypt),
    "ReplicateKey" => Change(keys::replicate_key),
    "RetireGrant" => Change(grants::retire_grant),
    "RevokeGrant" => Change(grants::revoke_grant),
    "RotateKeyOnDemand" => Change(rotation::rotate_key_on_demand),
    "ScheduleKeyDeletion" => Change(keys::schedule_key_deletion),
    "Sign" => Read(sign::sign),
    "TagResource" => Change(tags::tag_resource),
    "UntagResource" => Change(tags::untag_resource),
    "UpdateAlias" => Change(aliases::update_alias),
    "UpdateKeyDescription" => Change(keys::update_key_description),
    "UpdatePrimaryRegion" => Change(keys::update_primary_region),
    "Verify" => Read(sign::verify),
    "VerifyMac" => Read(macs::verify_mac),
}

/// The operations that can be tried without doing them.
const WITH_DRY_RUN: [&str; 15] = [
    "CreateGrant",
    "Decrypt",
    "DeriveSharedSecret",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateMac",
    "ReEncrypt",
    "RetireGrant",
    "RevokeGrant",
    "Sign",
    "Verify",
    "VerifyMac",
];

impl LabKms {
    /// An operation by its name, which is the part of `X-Amz-Target` after `TrentService.`, with
    /// request and answer in the shapes of AWS JSON 1.1: blobs are base64, timestamps are seconds
    /// since the Unix epoch.
    ///
    /// # Errors
    /// AWS's, by AWS's names. `UnknownOperationException` for what is not in [`OPERATIONS`];
    /// `SerializationException` for a member of the wrong type; `ValidationException` for one that is
    /// missing or has a value that AWS's service model does not allow; `DryRunOperationException` if
    /// `DryRun` was asked for and everything else is right.
    pub fn execute(&self, region: &str, operation_name: &str, request: Value) -> Answer {
        let known = operation(operation_name).ok_or_else(errors::unknown_operation);
        let (name, run) = known.map_err(|error| self.with_request_id(error))?;
        // Read before the call begins, so that it is counted also if it cannot be read.
        let request =
            Fields::new(&request).and_then(|f| Ok((f, grant_tokens(f)?, dry_run(f, name)?)));
        let tokens = request.as_ref().map(|(_, tokens, _)| tokens.clone()).unwrap_or_default();
        let call = self.begin(region, name, tokens);
        let (fields, _, dry_run) = request.map_err(|error| self.with_request_id(error))?;
        // An error undoes what was done, and so makes a trial of it.
        let finish = |answer| if dry_run { Err(errors::dry_run()) } else { Ok(answer) };
        match run {
            Run::Read(run) => {
                self.read_as(&call, |keys, call| run(keys, call, fields).and_then(finish))
            }
            Run::Change(run) => {
                self.change_as(&call, |keys, call| run(keys, call, fields).and_then(finish))
            }
        }
    }
}

fn grant_tokens(fields: Fields<'_>) -> Result<Vec<String>, KmsError> {
    if fields.has("Recipient") {
        return Err(errors::unsupported("The lab has no attestation documents (Recipient)."));
    }
    let tokens = fields.texts("GrantTokens")?;
    if tokens.len() > MAX_GRANT_TOKENS {
        let rule = format!("Member must have length less than or equal to {MAX_GRANT_TOKENS}");
        return Err(fields::constraint("GrantTokens", &"[...]", &rule));
    }
    Ok(tokens)
}

fn dry_run(fields: Fields<'_>, name: &str) -> Result<bool, KmsError> {
    Ok(WITH_DRY_RUN.contains(&name) && fields.boolean("DryRun")?)
}
