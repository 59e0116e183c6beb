//! What keyrings over asymmetric KMS keys ask.

use std::time::Duration;

use zeroize::Zeroizing;

use super::KmsAccess;
use super::answer::{LONGEST_CIPHERTEXT_BYTES, check_key};
use crate::context::EncryptionContext;
use crate::error::{Error, ErrorKind, Result};
use crate::failover::Route;
use crate::kms::{Decrypted, DeriveSharedSecret, EncryptionAlgorithm, GetPublicKey, KeyArn};

impl KmsAccess {
    /// The public half of an RSA key for encryption, as a DER-encoded X.509 SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if it is not a key's full ARN, or the key is for something
    /// else; and what KMS says.
    pub async fn rsa_public_key(&self, key_arn: &str) -> Result<Vec<u8>> {
        self.public_key(key_arn, "ENCRYPT_DECRYPT").await
    }

    /// The public half of a key for key agreement, as a DER-encoded X.509 SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if it is not a key's full ARN, or the key is for something
    /// else; and what KMS says.
    pub async fn ecdh_public_key(&self, key_arn: &str) -> Result<Vec<u8>> {
        self.public_key(key_arn, "KEY_AGREEMENT").await
    }

    async fn public_key(&self, key_arn: &str, usage: &str) -> Result<Vec<u8>> {
        let key: KeyArn = key_arn.parse()?;
        let region = key.region();
        let ask = async |_: &str, limit| {
            let call = GetPublicKey::new(key_arn).with_grant_tokens(&self.grant_tokens);
            let call = self.kms.get_public_key(region, call);
            self.call(region, "GetPublicKey", limit, call).await
        };
        let answer = Route::new([region.to_owned()]).ask(&mut self.budget(), ask).await?;
        check_key(region, key_arn, &answer.key_id)?;
        if answer.key_usage == usage {
            return Ok(answer.public_key);
        }
        let message = format!("{key} is for {}, and {usage} is needed", answer.key_usage);
        Err(Error::new(ErrorKind::Misuse, message).with_region(region))
    }

    /// Has KMS decrypt with an RSA key. There is no encryption context.
    pub(in crate::keyring) async fn decrypt_rsa_under(
        &self,
        key: &KeyArn,
        algorithm: EncryptionAlgorithm,
        limit: Option<Duration>,
        ciphertext: &[u8],
    ) -> Result<Decrypted> {
        if !(1..=LONGEST_CIPHERTEXT_BYTES).contains(&ciphertext.len()) {
            return Err(Error::authentication());
        }
        self.decrypt_under(key, algorithm, limit, ciphertext, &EncryptionContext::new()).await
    }

    /// The secret that the KMS key shares with a public key, a DER-encoded SubjectPublicKeyInfo.
    pub(in crate::keyring) async fn agree_under(
        &self,
        key: &KeyArn,
        limit: Option<Duration>,
        public_key: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        let (region, asked) = (key.region(), key.to_string());
        let call =
            DeriveSharedSecret::new(&asked, public_key).with_grant_tokens(&self.grant_tokens);
        let call = self.kms.derive_shared_secret(region, call);
        let answer = self.call(region, "DeriveSharedSecret", limit, call).await?;
        check_key(region, &asked, &answer.key_id)?;
        Ok(answer.secret)
    }
}
