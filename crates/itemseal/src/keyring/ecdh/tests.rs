use std::sync::{Arc, Mutex};

use super::*;
use crate::crypto::ecdh::{EcPrivateKey, EcPublicKey, EcdhCurve};
use crate::error::ErrorKind;
use crate::keyring::KmsAccess;
use crate::kms::{
    Decrypt, Decrypted, DeriveSharedSecret, GenerateDataKey, GeneratedDataKey, GetPublicKey, Kms,
    KmsError, KmsFuture, PublicKey, SharedSecret,
};
use crate::materials::{EncryptedDataKey, UnwrapRequest, WrapRequest};
use crate::secret::{DataKey, Secret};
use crate::{AlgorithmSuite, Item, ItemDescription, ItemEncryptor, Keyring, Result, TableConfig};

const ARN: &str = "arn:aws:kms:us-east-1:111122223333:key/1234";
const CURVES: [EcdhCurve; 3] = [EcdhCurve::P256, EcdhCurve::P384, EcdhCurve::P521];

struct Pair {
    private: Vec<u8>,
    public: Vec<u8>,
}

fn pair(curve: EcdhCurve) -> Pair {
    let key = EcPrivateKey::generate(curve).unwrap();
    Pair { private: key.pkcs8(), public: key.public_key().unwrap().spki().to_vec() }
}

fn with(keyring: impl Keyring + 'static) -> ItemEncryptor {
    let table = TableConfig::builder("Orders").partition_key("OrderID").build().unwrap();
    ItemEncryptor::new(table, keyring)
}

fn order() -> Item {
    Item::new().with("OrderID", "1").with("Card", "4111")
}

async fn write(keyring: impl Keyring + 'static) -> Item {
    with(keyring).encrypt_item(order()).await.unwrap()
}

async fn read(stored: &Item, keyring: impl Keyring + 'static) -> Result<Item> {
    with(keyring).decrypt_item(stored.clone()).await
}

/// A KMS that holds one private key.
#[derive(Debug)]
struct EcdhKms {
    curve: EcdhCurve,
    private: Vec<u8>,
    public: Vec<u8>,
    calls: Mutex<usize>,
    secret_of: Option<usize>,
}

impl Kms for EcdhKms {
    fn generate_data_key<'a>(
        &'a self,
        _: &'a str,
        _: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        Box::pin(async { Err(KmsError::new("InvalidKeyUsageException", "")) })
    }

    fn decrypt<'a>(&'a self, _: &'a str, _: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        Box::pin(async { Err(KmsError::new("InvalidKeyUsageException", "")) })
    }

    fn get_public_key<'a>(
        &'a self,
        _: &'a str,
        request: GetPublicKey<'a>,
    ) -> KmsFuture<'a, PublicKey> {
        let answer = PublicKey::new(request.key_id, self.public.clone(), "KEY_AGREEMENT");
        Box::pin(async { Ok(answer) })
    }

    fn derive_shared_secret<'a>(
        &'a self,
        region: &'a str,
        request: DeriveSharedSecret<'a>,
    ) -> KmsFuture<'a, SharedSecret> {
        Box::pin(async move {
            *self.calls.lock().unwrap() += 1;
            assert_eq!(region, "us-east-1");
            let peer = EcPublicKey::read(self.curve, request.public_key);
            let peer = peer.map_err(|_| KmsError::new("ValidationException", ""))?;
            let own = EcPrivateKey::read(self.curve, &self.private).unwrap();
            let mut secret = own.agree(&peer).unwrap();
            secret.truncate(self.secret_of.unwrap_or(usize::MAX));
            Ok(SharedSecret::new(request.key_id, secret))
        })
    }
}

fn kms(curve: EcdhCurve, pair: &Pair) -> Arc<EcdhKms> {
    let (private, public) = (pair.private.clone(), pair.public.clone());
    Arc::new(EcdhKms { curve, private, public, calls: Mutex::new(0), secret_of: None })
}

#[tokio::test]
async fn either_of_two_parties_opens_what_either_wrote_on_every_curve() {
    for curve in CURVES {
        let (alice, bob) = (pair(curve), pair(curve));
        let of_alice = || RawEcdhKeyring::between(curve, &alice.private, &bob.public).unwrap();
        let of_bob = || RawEcdhKeyring::between(curve, &bob.private, &alice.public).unwrap();
        let stored = write(of_alice()).await;
        assert_eq!(read(&stored, of_bob()).await.unwrap(), order());
        assert_eq!(read(&stored, of_alice()).await.unwrap(), order());
        let discovered = RawEcdhKeyring::discovery(curve, &bob.private).unwrap();
        assert_eq!(read(&stored, discovered).await.unwrap(), order());
        let stranger = pair(curve);
        for keyring in [
            RawEcdhKeyring::between(curve, &stranger.private, &alice.public).unwrap(),
            RawEcdhKeyring::between(curve, &bob.private, &stranger.public).unwrap(),
            RawEcdhKeyring::discovery(curve, &alice.private).unwrap(),
        ] {
            let error = read(&stored, keyring).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Authentication);
        }
    }
}

#[tokio::test]
async fn ephemeral_keys_write_and_discovery_reads_and_neither_the_other_way() {
    for curve in CURVES {
        let recipient = pair(curve);
        let writer = || RawEcdhKeyring::ephemeral(curve, &recipient.public).unwrap();
        let reader = || RawEcdhKeyring::discovery(curve, &recipient.private).unwrap();
        let stored = write(writer()).await;
        assert_eq!(read(&stored, reader()).await.unwrap(), order());
        let (first, second) = (ItemDescription::of(&stored).unwrap(), write(writer()).await);
        let second = ItemDescription::of(&second).unwrap();
        assert_ne!(first.edks()[0].provider_info(), second.edks()[0].provider_info());
        assert_eq!(read(&stored, writer()).await.unwrap_err().kind(), ErrorKind::Misuse);
        let refused = with(reader()).encrypt_item(order()).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Misuse);
    }
}

#[tokio::test]
async fn the_provider_info_is_version_recipient_and_sender() {
    for (curve, length) in CURVES.into_iter().zip([75, 107, 143]) {
        let (alice, bob) = (pair(curve), pair(curve));
        let stored =
            write(RawEcdhKeyring::between(curve, &alice.private, &bob.public).unwrap()).await;
        let description = ItemDescription::of(&stored).unwrap();
        let edk = &description.edks()[0];
        assert_eq!(edk.provider_id(), "raw-ecdh");
        assert_eq!((edk.provider_info().len(), edk.provider_info()[0]), (length, 1));
        assert_eq!(edk.ciphertext().len(), 48 + 32 + 32 + 48);
        let parties = parties::Parties::of(edk).unwrap();
        let compressed =
            |pair: &Pair| EcPublicKey::read(curve, &pair.public).unwrap().compressed().to_vec();
        assert_eq!(parties.sender, compressed(&alice));
        assert_eq!(parties.recipient, compressed(&bob));
    }
}

#[tokio::test]
async fn kms_and_raw_keyrings_open_each_other_s_items() {
    for curve in CURVES {
        let (in_kms, bob) = (pair(curve), pair(curve));
        let kms = kms(curve, &in_kms);
        let own = KmsAccess::new(kms.clone()).ecdh_public_key(ARN).await.unwrap();
        let of_kms =
            || KmsEcdhKeyring::between(curve, ARN, &own, &bob.public, kms.clone()).unwrap();
        let of_bob = || RawEcdhKeyring::between(curve, &bob.private, &in_kms.public).unwrap();
        let stored = write(of_kms()).await;
        assert_eq!(*kms.calls.lock().unwrap(), 1);
        let description = ItemDescription::of(&stored).unwrap();
        assert_eq!(description.edks()[0].provider_id(), "aws-kms-ecdh");
        assert_eq!(read(&stored, of_bob()).await.unwrap(), order());
        assert_eq!(read(&stored, of_kms()).await.unwrap(), order());
        let from_bob = write(of_bob()).await;
        assert_eq!(read(&from_bob, of_kms()).await.unwrap(), order());
        let discovery = || KmsEcdhKeyring::discovery(curve, ARN, &own, kms.clone()).unwrap();
        assert_eq!(read(&from_bob, discovery()).await.unwrap(), order());
        let ephemeral = write(RawEcdhKeyring::ephemeral(curve, &own).unwrap()).await;
        assert_eq!(read(&ephemeral, discovery()).await.unwrap(), order());
        let before = *kms.calls.lock().unwrap();
        assert!(read(&ephemeral, of_kms()).await.is_err(), "from another sender");
        assert_eq!(*kms.calls.lock().unwrap(), before, "it costs no call");
        assert!(with(discovery()).encrypt_item(order()).await.is_err());
    }
}

#[tokio::test]
async fn a_shared_secret_of_another_length_is_not_used() {
    let (curve, bob) = (EcdhCurve::P384, pair(EcdhCurve::P384));
    let in_kms = pair(curve);
    let public = in_kms.public.clone();
    let Pair { private, .. } = in_kms;
    let kms = EcdhKms {
        curve,
        private,
        public: public.clone(),
        calls: Mutex::new(0),
        secret_of: Some(32),
    };
    let keyring = KmsEcdhKeyring::between(curve, ARN, &public, &bob.public, kms).unwrap();
    let error = with(keyring).encrypt_item(order()).await.unwrap_err();
    assert_eq!((error.kind(), error.region()), (ErrorKind::Service, Some("us-east-1")));
}

/// The item's own signatures cover the encrypted data key too, so the keyring is asked by itself.
#[tokio::test]
async fn no_byte_of_the_encrypted_key_can_be_changed() {
    let curve = EcdhCurve::P256;
    let (alice, bob) = (pair(curve), pair(curve));
    let data_key = DataKey(Secret::random().unwrap());
    let context = [("aws-crypto-table-name", "Orders")].into_iter().collect();
    let suite = AlgorithmSuite::HmacOnly;
    let writer = RawEcdhKeyring::between(curve, &alice.private, &bob.public).unwrap();
    let request = WrapRequest { suite, context: &context, data_key: &data_key };
    let edk = writer.wrap(request).await.unwrap().remove(0).edk;
    let reader = RawEcdhKeyring::between(curve, &bob.private, &alice.public).unwrap();
    let unwrap = async |info: Vec<u8>, ciphertext: Vec<u8>| {
        let edks = [EncryptedDataKey::new("raw-ecdh", info, ciphertext).unwrap()];
        let unwrapped =
            reader.unwrap(UnwrapRequest { suite, context: &context, edks: &edks }).await;
        unwrapped.map(|unwrapped| *unwrapped.data_key.0.expose())
    };
    let (info, ciphertext) = (edk.provider_info().to_vec(), edk.ciphertext().to_vec());
    let opened = unwrap(info.clone(), ciphertext.clone()).await.unwrap();
    assert_eq!(opened, *data_key.0.expose());
    for index in 0..info.len() {
        let mut changed = info.clone();
        changed[index] ^= 1;
        assert!(unwrap(changed, ciphertext.clone()).await.is_err(), "info, byte {index}");
    }
    for index in 0..ciphertext.len() {
        let mut changed = ciphertext.clone();
        changed[index] ^= 1;
        let error = unwrap(info.clone(), changed).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication, "ciphertext, byte {index}");
    }
}

#[test]
fn keys_of_another_curve_or_kind_are_refused() {
    let (small, large) = (pair(EcdhCurve::P256), pair(EcdhCurve::P384));
    let p256 = EcdhCurve::P256;
    assert!(RawEcdhKeyring::ephemeral(p256, &large.public).is_err());
    assert!(RawEcdhKeyring::discovery(p256, &large.private).is_err());
    assert!(RawEcdhKeyring::between(p256, &small.private, &large.public).is_err());
    assert!(RawEcdhKeyring::discovery(p256, &small.public).is_err());
    let kms = kms(p256, &small);
    assert!(KmsEcdhKeyring::discovery(p256, "1234", &small.public, kms.clone()).is_err());
    assert!(KmsEcdhKeyring::discovery(p256, ARN, &large.public, kms).is_err());
}
