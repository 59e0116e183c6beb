//! The rules of AWS KMS and its multi-Region keys, through the socket and with AWS's client: a test
//! for each rule, by the rule's name. `tests/python` has the same rules by the same names.

// Helpers that are not tests may panic like the tests that they belong to.
#![allow(clippy::panic, clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod aliases;
mod asymmetric;
mod ciphertexts;
mod deletion;
mod grants;
mod identity;
mod policies;
mod primary;
mod replicas;
mod rotation;
mod states;

use std::time::Duration;

use aws_sdk_kms::Client;
use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{
    DataKeySpec, GrantOperation, KeyMetadata, KeySpec, KeyState, KeyUsageType, Tag,
};
use common::{ACCOUNT, AP, Bench, EU, US, refused};
use itemseal_lab::clock::ManualClock;
use itemseal_lab::http::LabServer;
use itemseal_lab::{Lab, Replication};

const DAY: Duration = Duration::from_secs(86_400);
const MINUTE: Duration = Duration::from_secs(60);
const ROLE: &str = "arn:aws:iam::111122223333:role/app";
/// An id that no key has.
const UNKNOWN: &str = "mrk-00000000000000000000000000000000";

/// An error's name and text.
type Says = (String, String);

/// A lab on a clock that stands still, and its clients in three Regions.
struct Keys {
    bench: Bench,
    us: Client,
    eu: Client,
    ap: Client,
}

/// Keys whose states change at once.
fn keys() -> Keys {
    keys_that_take(Duration::ZERO)
}

/// Keys that are replicated, and change their primary, in a minute.
fn slow_keys() -> Keys {
    keys_that_take(MINUTE)
}

fn keys_that_take(time: Duration) -> Keys {
    let clock = ManualClock::default();
    let lab = Lab::builder().every_region().clock(clock.clone());
    let lab = lab.keys_creating_for(time).keys_updating_for(time).build().unwrap();
    let server = LabServer::builder(&lab).replication(Replication::Manual).start().unwrap();
    let bench = Bench { lab, clock, server };
    let (us, eu, ap) = (bench.kms(US), bench.kms(EU), bench.kms(AP));
    Keys { bench, us, eu, ap }
}

impl Keys {
    fn at(&self, region: &str) -> &Client {
        match region {
            US => &self.us,
            EU => &self.eu,
            AP => &self.ap,
            other => panic!("there is no client in {other}"),
        }
    }

    fn pass(&self, time: Duration) {
        self.bench.clock.advance(time);
    }

    /// The id of a new multi-Region key whose primary is in us-east-1.
    async fn key(&self, replicas: &[&str]) -> String {
        let made = self.us.create_key().multi_region(true).send().await.unwrap();
        let id = made.key_metadata.unwrap().key_id;
        for region in replicas {
            self.us.replicate_key().key_id(&id).replica_region(*region).send().await.unwrap();
        }
        id
    }

    /// The id of a new key of another kind, with a replica in eu-west-1.
    async fn key_for(&self, spec: KeySpec, usage: KeyUsageType) -> String {
        let made = self.us.create_key().multi_region(true).key_spec(spec).key_usage(usage);
        let id = made.send().await.unwrap().key_metadata.unwrap().key_id;
        self.us.replicate_key().key_id(&id).replica_region(EU).send().await.unwrap();
        id
    }

    /// The id of a new key that is in us-east-1 only.
    async fn single(&self) -> String {
        self.us.create_key().send().await.unwrap().key_metadata.unwrap().key_id
    }

    async fn describe(&self, region: &str, id: &str) -> KeyMetadata {
        let described = self.at(region).describe_key().key_id(id).send().await.unwrap();
        described.key_metadata.unwrap()
    }

    async fn state(&self, region: &str, id: &str) -> KeyState {
        self.describe(region, id).await.key_state.unwrap()
    }

    async fn seal(&self, region: &str, id: &str) -> Blob {
        let request = self.at(region).encrypt().key_id(id).plaintext(Blob::new("secret"));
        request.send().await.unwrap().ciphertext_blob.unwrap()
    }

    /// What a ciphertext held, by the key that it names.
    async fn open(&self, region: &str, sealed: &Blob) -> Result<Vec<u8>, Says> {
        let answer = self.at(region).decrypt().ciphertext_blob(sealed.clone()).send().await;
        answer.map(|opened| opened.plaintext.unwrap().into_inner()).map_err(said)
    }

    async fn call(&self, region: &str, operation: &str, id: &str) -> Result<(), Says> {
        call(self.at(region), operation, id).await
    }

    async fn schedule(&self, region: &str, id: &str, days: i32) {
        let request = self.at(region).schedule_key_deletion().key_id(id);
        request.pending_window_in_days(days).send().await.unwrap();
    }
}

fn said<E: ProvideErrorMetadata + std::fmt::Debug, R: std::fmt::Debug>(
    error: SdkError<E, R>,
) -> Says {
    refused::<(), E, R>(Err(error))
}

/// Asserts that a call was refused with an error of this name, and gives its text.
#[track_caller]
fn denied<T: std::fmt::Debug, E: ProvideErrorMetadata, R>(
    code: &str,
    result: Result<T, SdkError<E, R>>,
) -> String {
    let (named, text) = refused(result);
    assert_eq!(named, code, "{text}");
    text
}

/// The operations that use a key's material, except those that need a ciphertext.
const CRYPTOGRAPHIC: [&str; 4] =
    ["Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "GenerateDataKeyPair"];

/// Calls an operation with a key and the least else that it needs.
async fn call(kms: &Client, operation: &str, id: &str) -> Result<(), Says> {
    macro_rules! run {
        ($request:expr) => {
            $request.send().await.map(drop).map_err(said)
        };
    }
    let tag = Tag::builder().tag_key("k").tag_value("v").build().unwrap();
    match operation {
        "CancelKeyDeletion" => run!(kms.cancel_key_deletion().key_id(id)),
        "CreateAlias" => run!(kms.create_alias().alias_name("alias/called").target_key_id(id)),
        "CreateGrant" => {
            let request = kms.create_grant().key_id(id).grantee_principal(ROLE);
            run!(request.operations(GrantOperation::Encrypt))
        }
        "DescribeKey" => run!(kms.describe_key().key_id(id)),
        "DisableKey" => run!(kms.disable_key().key_id(id)),
        "DisableKeyRotation" => run!(kms.disable_key_rotation().key_id(id)),
        "EnableKey" => run!(kms.enable_key().key_id(id)),
        "EnableKeyRotation" => run!(kms.enable_key_rotation().key_id(id)),
        "Encrypt" => run!(kms.encrypt().key_id(id).plaintext(Blob::new("x"))),
        "GenerateDataKey" => {
            run!(kms.generate_data_key().key_id(id).key_spec(DataKeySpec::Aes256))
        }
        "GenerateDataKeyPair" => {
            let spec = aws_sdk_kms::types::DataKeyPairSpec::EccNistP256;
            run!(kms.generate_data_key_pair().key_id(id).key_pair_spec(spec))
        }
        "GenerateDataKeyWithoutPlaintext" => {
            let request = kms.generate_data_key_without_plaintext().key_id(id);
            run!(request.key_spec(DataKeySpec::Aes256))
        }
        "GetKeyPolicy" => run!(kms.get_key_policy().key_id(id)),
        "GetKeyRotationStatus" => run!(kms.get_key_rotation_status().key_id(id)),
        "ListAliases" => run!(kms.list_aliases().key_id(id)),
        "ListGrants" => run!(kms.list_grants().key_id(id)),
        "ListKeyPolicies" => run!(kms.list_key_policies().key_id(id)),
        "ListKeyRotations" => run!(kms.list_key_rotations().key_id(id)),
        "ListResourceTags" => run!(kms.list_resource_tags().key_id(id)),
        "PutKeyPolicy" => run!(kms.put_key_policy().key_id(id).policy(policies::OPEN)),
        "ReplicateKey" => run!(kms.replicate_key().key_id(id).replica_region(AP)),
        "RotateKeyOnDemand" => run!(kms.rotate_key_on_demand().key_id(id)),
        "ScheduleKeyDeletion" => run!(kms.schedule_key_deletion().key_id(id)),
        "TagResource" => run!(kms.tag_resource().key_id(id).tags(tag)),
        "UntagResource" => run!(kms.untag_resource().key_id(id).tag_keys("k")),
        "UpdateKeyDescription" => run!(kms.update_key_description().key_id(id).description("d")),
        "UpdatePrimaryRegion" => run!(kms.update_primary_region().key_id(id).primary_region(EU)),
        other => panic!("no call of {other}"),
    }
}

fn arn(region: &str, id: &str) -> String {
    format!("arn:aws:kms:{region}:{ACCOUNT}:key/{id}")
}

fn is_disabled(region: &str, id: &str) -> Result<(), Says> {
    Err(("DisabledException".into(), format!("{} is disabled.", arn(region, id))))
}

fn is_pending(region: &str, id: &str) -> Result<(), Says> {
    invalid_state(region, id, "is pending deletion (or pending replica deletion).")
}

fn invalid_state(region: &str, id: &str, says: &str) -> Result<(), Says> {
    Err(("KMSInvalidStateException".into(), format!("{} {says}", arn(region, id))))
}
