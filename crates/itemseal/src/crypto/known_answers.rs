//! Wycheproof's vectors, and round trips, against our own functions: both back ends.
//!
//! The counts are asserted: reading no vectors is a failure.

use super::SIGNATURE_LEN_BYTES;
use wycheproof::{TestResult, aead, ecdsa, hkdf, mac};

macro_rules! known_answers {
    ($backend:ident) => {
        mod $backend {
            use super::super::$backend as backend;
            use super::*;

            #[test]
            fn aes_gcm() {
                let mut counted = 0;
                for group in aead::TestSet::load(aead::TestName::AesGcm).unwrap().test_groups {
                    // The format has 96-bit nonces and 128-bit tags.
                    if group.nonce_size != 96 || group.tag_size != 128 {
                        continue;
                    }
                    for test in group.tests {
                        let nonce = test.nonce[..].try_into().unwrap();
                        let mut opened = [&test.ct[..], &test.tag[..]].concat();
                        let length =
                            backend::aes_gcm_open(&test.key, nonce, &test.aad, &mut opened);
                        assert_eq!(
                            length.is_ok(),
                            test.result == TestResult::Valid,
                            "{}",
                            test.tc_id
                        );
                        if let Ok(length) = length {
                            assert_eq!(opened[..length], test.pt[..], "{}", test.tc_id);
                            let mut sealed = test.pt.to_vec();
                            let tag =
                                backend::aes_gcm_seal(&test.key, nonce, &test.aad, &mut sealed)
                                    .unwrap();
                            assert_eq!((&sealed[..], &tag[..]), (&test.ct[..], &test.tag[..]));
                        }
                        counted += 1;
                    }
                }
                assert_eq!(counted, GCM_TESTS);
            }

            #[test]
            fn hkdf_sha512() {
                let mut counted = 0;
                for group in hkdf::TestSet::load(hkdf::TestName::HkdfSha512).unwrap().test_groups {
                    for test in group.tests {
                        let mut okm = vec![0; test.size];
                        // The information in two parts, as the format gives it.
                        let (first, second) = test.info.split_at(test.info.len() / 2);
                        let expanded = backend::Hkdf::extract(&test.salt, &test.ikm)
                            .expand_into(&[first, second], &mut okm);
                        assert_eq!(
                            expanded.is_ok(),
                            test.result == TestResult::Valid,
                            "{}",
                            test.tc_id
                        );
                        if expanded.is_ok() {
                            assert_eq!(okm, test.okm[..], "{}", test.tc_id);
                        }
                        counted += 1;
                    }
                }
                assert_eq!(counted, 83);
            }

            #[test]
            fn hmacs() {
                fn run(name: mac::TestName, hmac: impl Fn(&[u8], &[&[u8]]) -> Vec<u8>) {
                    let mut counted = 0;
                    for group in mac::TestSet::load(name).unwrap().test_groups {
                        for test in group.tests {
                            let (first, second) = test.msg.split_at(test.msg.len() / 2);
                            let tag = hmac(&test.key, &[first, second]);
                            let matches = tag[..group.tag_size / 8] == test.tag[..];
                            assert_eq!(matches, test.result == TestResult::Valid, "{}", test.tc_id);
                            counted += 1;
                        }
                    }
                    assert_eq!(counted, 174);
                }
                run(mac::TestName::HmacSha256, |k, d| backend::hmac_sha256(k, d).unwrap().to_vec());
                run(mac::TestName::HmacSha384, |k, d| backend::hmac_sha384(k, d).unwrap().to_vec());
                run(mac::TestName::HmacSha512, |k, d| backend::hmac_sha512(k, d).unwrap().to_vec());
            }

            #[test]
            fn ecdsa_p384() {
                let mut counted = 0;
                let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp384r1Sha384).unwrap();
                for group in set.test_groups {
                    let compressed = compress(&group.key.key);
                    for test in group.tests {
                        for key in [&group.key.key[..], &compressed] {
                            let verified = backend::verify(key, &test.msg, &test.sig).is_ok();
                            assert_eq!(
                                verified,
                                test.result == TestResult::Valid,
                                "{}",
                                test.tc_id
                            );
                        }
                        counted += 1;
                    }
                }
                assert_eq!(counted, 504);
            }

            #[test]
            fn signatures_have_the_format_s_length_and_verify() {
                // About one signature in 128 has a short r and must be made again.
                for n in 0..300u32 {
                    let key = backend::SigningKey::generate().unwrap();
                    let message = n.to_be_bytes();
                    let signature = key.sign(&message).unwrap();
                    assert_eq!(signature.len(), SIGNATURE_LEN_BYTES);
                    let public = key.public_key();
                    assert_eq!(public.len(), 49);
                    backend::verify(&public, &message, &signature).unwrap();
                    assert!(backend::verify(&public, b"other", &signature).is_err());
                }
            }

            /// NIST SP 800-38A, F.5.5: CTR-AES256.Encrypt, as a keystream.
            #[test]
            fn aes_ctr() {
                let key = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
                let counter = hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
                let plain = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
                let cipher =
                    hex("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5");
                let mut stream = [1; 32];
                let key = key[..].try_into().unwrap();
                let counter = counter[..].try_into().unwrap();
                backend::aes_256_ctr_keystream(key, counter, &mut stream).unwrap();
                let expected: Vec<u8> = plain.iter().zip(&cipher).map(|(a, b)| a ^ b).collect();
                assert_eq!(stream[..], expected);
            }

            /// FIPS 180-4's example "abc".
            #[test]
            fn sha_384() {
                let mut hash = backend::Sha384::new();
                hash.update(b"a");
                hash.update(b"bc");
                let expected = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed\
                                8086072ba1e7cc2358baeca134c825a7";
                assert_eq!(hash.finish()[..], hex(expected));
            }

            #[test]
            fn random_bytes_differ() {
                let (mut a, mut b) = ([0; 32], [0; 32]);
                backend::random(&mut a).unwrap();
                backend::random(&mut b).unwrap();
                assert!(a != b && a != [0; 32]);
            }
        }
    };
}

#[cfg(feature = "aws-lc")]
known_answers!(aws_lc);
#[cfg(feature = "rustcrypto")]
known_answers!(rustcrypto);

/// AES-128, -192 and -256 with a 96-bit nonce and a 128-bit tag.
const GCM_TESTS: usize = 67 + 64 + 66;

fn hex(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

/// SEC 1 point compression of `04 ‖ x ‖ y`.
fn compress(point: &[u8]) -> Vec<u8> {
    [&[2 + (point[96] & 1)][..], &point[1..49]].concat()
}
