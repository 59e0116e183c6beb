//! Keys wrapped with RSA by AWS-LC's own safe functions; Java's OAEP with SHA-256 is in `tests/vectors.rs`.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    KeyPair, KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey,
    Pkcs1PublicEncryptingKey, PrivateDecryptingKey,
};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA384};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use itemseal::{ErrorKind, Item};

use super::round_trips::now;
use super::writer::{CONTENT, Writer, verification};
use crate::{LegacyMaterials, UnwrappingKey, VerificationKey};

const OAEP_SHA1: &str = "RSA/ECB/OAEPWithSHA-1AndMGF1Padding";
const OAEP_SHA256: &str = "RSA/ECB/OAEPWithSHA-256AndMGF1Padding";
const PKCS1: &str = "RSA/ECB/PKCS1Padding";

#[test]
fn paddings_by_their_names() {
    let private = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
    let pkcs8: Pkcs8V1Der<'static> = private.as_der().unwrap();
    let oaep = OaepPublicEncryptingKey::new(private.public_key()).unwrap();
    let mut out = vec![0; 256];
    let sha1 = oaep.encrypt(&OAEP_SHA1_MGF1SHA1, &CONTENT, &mut out, None).unwrap().to_vec();
    let sha256 = oaep.encrypt(&OAEP_SHA256_MGF1SHA256, &CONTENT, &mut out, None).unwrap().to_vec();
    let pkcs1 = Pkcs1PublicEncryptingKey::new(private.public_key()).unwrap();
    let pkcs1 = pkcs1.encrypt(&CONTENT, &mut out).unwrap().to_vec();

    let item = Item::new().with("pk", "key").with("a", "text");
    let open = |name: &str, wrapped: &[u8], allowed: bool| {
        let key = UnwrappingKey::rsa(pkcs8.as_ref()).unwrap();
        let key = if allowed { key.allow_pkcs1() } else { key };
        let writer = Writer::wrapped()
            .described("amzn-ddb-wrap-alg", name)
            .described("amzn-ddb-env-key", STANDARD.encode(wrapped));
        let reader = writer.reader(LegacyMaterials::wrapped(key, verification()));
        now(reader.decrypt_item(writer.write(&item))).map_err(|error| error.kind())
    };
    assert_eq!(open(OAEP_SHA1, &sha1, false).unwrap(), item);
    assert_eq!(open(PKCS1, &pkcs1, true).unwrap(), item);
    assert_eq!(open("RSA", &pkcs1, true).unwrap(), item);
    // Old items of the Java client do not name it.
    let unnamed = |allowed| {
        let key = UnwrappingKey::rsa(pkcs8.as_ref()).unwrap();
        let key = if allowed { key.allow_pkcs1() } else { key };
        let mut writer = Writer::wrapped().described("amzn-ddb-env-key", STANDARD.encode(&pkcs1));
        writer.description.retain(|(name, _)| *name != "amzn-ddb-wrap-alg");
        let reader = writer.reader(LegacyMaterials::wrapped(key, verification()));
        now(reader.decrypt_item(writer.write(&item))).map_err(|error| error.kind())
    };
    assert_eq!(unnamed(true).unwrap(), item);
    assert_eq!(unnamed(false), Err(ErrorKind::Malformed));
    // PKCS #1 only where it was allowed, and never what was padded otherwise.
    assert_eq!(open(PKCS1, &pkcs1, false), Err(ErrorKind::Malformed));
    assert_eq!(open("AESWrap", &sha1, true), Err(ErrorKind::Malformed));
    for (name, wrapped) in
        [(OAEP_SHA256, &sha256), (OAEP_SHA256, &sha1), (OAEP_SHA1, &pkcs1), (PKCS1, &sha1)]
    {
        assert_eq!(open(name, wrapped, true), Err(ErrorKind::Authentication), "{name}");
    }
    assert_eq!(open(OAEP_SHA1, sha1.get(1..).unwrap(), true), Err(ErrorKind::Authentication));
}

#[test]
fn threads_share_one_key() {
    let private = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
    let pkcs8: Pkcs8V1Der<'static> = private.as_der().unwrap();
    let oaep = OaepPublicEncryptingKey::new(private.public_key()).unwrap();
    let mut wrapped = vec![0; 256];
    oaep.encrypt(&OAEP_SHA1_MGF1SHA1, &CONTENT, &mut wrapped, None).unwrap();
    let writer = Writer::wrapped()
        .described("amzn-ddb-wrap-alg", OAEP_SHA1)
        .described("amzn-ddb-env-key", STANDARD.encode(wrapped));
    let item = Item::new().with("pk", "key").with("a", "text");
    let stored = writer.write(&item);
    let key = UnwrappingKey::rsa(pkcs8.as_ref()).unwrap();
    let reader = writer.reader(LegacyMaterials::wrapped(key, verification()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(now(reader.decrypt_item(stored.clone())).unwrap(), item);
                }
            });
        }
    });
}

#[test]
fn keys_that_are_not_rsa_or_have_bytes_after_them() {
    let private = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
    let pkcs8: Pkcs8V1Der<'static> = private.as_der().unwrap();
    let longer = [pkcs8.as_ref(), b"\0"].concat();
    assert!(UnwrappingKey::rsa(&longer).is_err());
    let cut = pkcs8.as_ref().get(..600).unwrap();
    assert!(UnwrappingKey::rsa(cut).is_err());
    let ec = aws_lc_rs::signature::EcdsaKeyPair::generate_pkcs8(
        &aws_lc_rs::signature::ECDSA_P256_SHA256_ASN1_SIGNING,
        &SystemRandom::new(),
    );
    assert!(UnwrappingKey::rsa(ec.unwrap().as_ref()).is_err());
}

#[test]
fn a_signature_is_of_the_key_s_algorithm_and_no_other() {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let public: PublicKeyX509Der<'static> = pair.public_key().as_der().unwrap();
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA384, &SystemRandom::new(), b"text", &mut signature).unwrap();
    let key = |name: &str| VerificationKey::new(name, public.as_ref()).unwrap();
    assert!(key("SHA384withRSA").verify(b"text", &signature).is_ok());
    assert!(key("SHA384withRSA").verify(b"texT", &signature).is_err());
    assert!(key("SHA256withRSA").verify(b"text", &signature).is_err());
    assert!(key("SHA512withRSA").verify(b"text", &signature).is_err());
    // The private key has the public one in it.
    let private: Pkcs8V1Der<'static> = pair.as_der().unwrap();
    let key = VerificationKey::new("SHA384withRSA", private.as_ref()).unwrap();
    assert!(key.verify(b"text", &signature).is_ok());
    assert!(key.verify(b"texT", &signature).is_err());
}
