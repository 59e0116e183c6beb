use std::collections::HashMap;

use super::*;

/// How the refusal of a ciphertext begins whose key this Region has not.
pub(crate) const NO_KEY: &str =
    "The ciphertext refers to a customer master key that does not exist";

fn context(entries: &[(&str, &str)]) -> Option<HashMap<String, String>> {
    Some(entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
}

async fn seal_in(keys: &Keys, id: &str, entries: &[(&str, &str)]) -> Blob {
    let request = keys.us.encrypt().key_id(id).plaintext(Blob::new("secret"));
    let made = request.set_encryption_context(context(entries)).send().await.unwrap();
    made.ciphertext_blob.unwrap()
}

async fn open_in(keys: &Keys, sealed: &Blob, entries: &[(&str, &str)]) -> Result<(), Says> {
    let request = keys.eu.decrypt().ciphertext_blob(sealed.clone());
    let opened = request.set_encryption_context(context(entries)).send().await;
    opened.map(drop).map_err(said)
}

fn invalid_ciphertext<T>() -> Result<T, Says> {
    Err(("InvalidCiphertextException".into(), String::new()))
}

#[tokio::test]
async fn any_related_key_decrypts_and_answers_with_the_local_arn() {
    let keys = keys();
    let id = keys.key(&[EU, AP]).await;
    for writer in [US, EU, AP] {
        let made = keys.at(writer).generate_data_key().key_id(&id).key_spec(DataKeySpec::Aes256);
        let made = made.send().await.unwrap();
        assert_eq!(made.key_id, Some(arn(writer, &id)));
        assert_eq!(made.plaintext.as_ref().unwrap().as_ref().len(), 32);
        for reader in [US, EU, AP] {
            let request = keys.at(reader).decrypt();
            let request = request.ciphertext_blob(made.ciphertext_blob.clone().unwrap());
            let opened = request.send().await.unwrap();
            assert_eq!(opened.key_id, Some(arn(reader, &id)), "{writer} to {reader}");
            assert_eq!(opened.plaintext, made.plaintext);
            assert_eq!(opened.key_material_id, made.key_material_id);
        }
    }
    let current = keys.describe(EU, &id).await.current_key_material_id.unwrap();
    let made = keys.us.generate_data_key().key_id(&id).number_of_bytes(1).send().await.unwrap();
    assert_eq!(made.key_material_id, Some(current));
}

#[tokio::test]
async fn the_key_id_is_optional_and_may_be_given_in_every_form() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let sealed = keys.seal(US, &id).await;
    keys.call(EU, "CreateAlias", &id).await.unwrap();
    let alias_arn = format!("arn:aws:kms:{EU}:{ACCOUNT}:alias/called");
    for named in [None, Some(&*id), Some(&*arn(EU, &id)), Some("alias/called"), Some(&*alias_arn)] {
        let request = keys.eu.decrypt().ciphertext_blob(sealed.clone());
        let opened = request.set_key_id(named.map(str::to_owned)).send().await.unwrap();
        assert_eq!(opened.plaintext, Some(Blob::new("secret")), "{named:?}");
        assert_eq!(opened.key_id, Some(arn(EU, &id)), "{named:?}");
    }
}

#[tokio::test]
async fn without_a_replica_it_opens_in_no_other_region() {
    let keys = keys();
    for id in [keys.key(&[EU]).await, keys.single().await] {
        let sealed = keys.seal(US, &id).await;
        let (code, text) = keys.open(AP, &sealed).await.unwrap_err();
        assert_eq!(code, "AccessDeniedException");
        assert!(text.starts_with(NO_KEY), "{text}");
        for named in [&id, &arn(AP, &id), &arn(US, &id)] {
            let request = keys.ap.decrypt().key_id(named).ciphertext_blob(sealed.clone());
            denied("NotFoundException", request.send().await);
        }
        assert_eq!(keys.open(US, &sealed).await.unwrap(), b"secret");
    }
}

#[tokio::test]
async fn another_keys_ciphertext_is_an_incorrect_key() {
    let keys = keys();
    let (one, other) = (keys.key(&[EU]).await, keys.key(&[EU]).await);
    let sealed = keys.seal(US, &one).await;
    for region in [US, EU] {
        let request = keys.at(region).decrypt().key_id(&other).ciphertext_blob(sealed.clone());
        let text = denied("IncorrectKeyException", request.send().await);
        assert_eq!(
            text,
            "The key ID in the request does not identify a CMK that can perform this operation."
        );
    }
}

#[tokio::test]
async fn a_corrupt_ciphertext_is_invalid() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let sealed = keys.seal(US, &id).await.into_inner();
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert_eq!(keys.open(EU, &Blob::new(changed)).await, invalid_ciphertext(), "byte {at}");
    }
    for kept in [1, sealed.len() / 2, sealed.len() - 1] {
        let cut = Blob::new(&sealed[..kept]);
        assert_eq!(keys.open(EU, &cut).await, invalid_ciphertext(), "{kept} bytes");
        let named = keys.eu.decrypt().key_id(&id).ciphertext_blob(cut).send().await;
        assert_eq!(named.map(drop).map_err(said), invalid_ciphertext(), "{kept} bytes");
    }
    let longer = Blob::new([sealed.as_slice(), b"x"].concat());
    assert_eq!(keys.open(EU, &longer).await, invalid_ciphertext());
    denied("ValidationException", keys.eu.decrypt().ciphertext_blob(Blob::new("")).send().await);
}

#[tokio::test]
async fn the_encryption_context_is_bound() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let right = [("table", "Orders"), ("tenant", "7")];
    let sealed = seal_in(&keys, &id, &right).await;
    for wrong in [
        &[][..],
        &[("table", "Orders")],
        &[("table", "Orders"), ("tenant", "8")],
        &[("table", "Orders"), ("Tenant", "7")],
        &[("table", "Orders"), ("tenant", "7"), ("more", "")],
    ] {
        assert_eq!(open_in(&keys, &sealed, wrong).await, invalid_ciphertext(), "{wrong:?}");
    }
    assert_eq!(open_in(&keys, &sealed, &right).await, Ok(()));
    let sealed = seal_in(&keys, &id, &[("a", "bc")]).await;
    assert_eq!(open_in(&keys, &sealed, &[("ab", "c")]).await, invalid_ciphertext());
}

#[tokio::test]
async fn two_encryptions_of_one_plaintext_differ() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    assert_ne!(keys.seal(US, &id).await, keys.seal(US, &id).await);
    let random = || keys.us.generate_random().number_of_bytes(32).send();
    assert_ne!(random().await.unwrap().plaintext, random().await.unwrap().plaintext);
}

#[tokio::test]
async fn a_data_key_comes_with_or_without_its_plaintext() {
    let keys = keys();
    let id = keys.key(&[EU]).await;
    let request = keys.us.generate_data_key_without_plaintext().key_id(&id);
    let made = request.key_spec(DataKeySpec::Aes128).send().await.unwrap();
    assert_eq!(made.key_id, Some(arn(US, &id)));
    let opened = keys.open(EU, &made.ciphertext_blob.unwrap()).await.unwrap();
    assert_eq!(opened.len(), 16);
    let made = keys.us.generate_data_key().key_id(&id).number_of_bytes(1_024).send().await.unwrap();
    let opened = keys.open(EU, &made.ciphertext_blob.unwrap()).await.unwrap();
    assert_eq!(Some(Blob::new(opened)), made.plaintext);
    for bytes in [0, 1_025] {
        let refused = keys.us.generate_data_key().key_id(&id).number_of_bytes(bytes).send().await;
        denied("ValidationException", refused);
    }
    denied("ValidationException", keys.us.generate_data_key().key_id(&id).send().await);
}

#[tokio::test]
async fn a_plaintext_is_1_to_4096_bytes() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let encrypt =
        |bytes: usize| keys.us.encrypt().key_id(&id).plaintext(Blob::new(vec![7; bytes])).send();
    for bytes in [0, 4_097] {
        denied("ValidationException", encrypt(bytes).await);
    }
    let sealed = encrypt(4_096).await.unwrap().ciphertext_blob.unwrap();
    assert_eq!(keys.open(US, &sealed).await.unwrap(), vec![7; 4_096]);
}

#[tokio::test]
async fn re_encrypt_moves_a_ciphertext_to_another_key() {
    let keys = keys();
    let (from, to) = (keys.key(&[EU]).await, keys.key(&[EU]).await);
    let sealed = seal_in(&keys, &from, &[("a", "1")]).await;
    let request = || keys.eu.re_encrypt().ciphertext_blob(sealed.clone()).destination_key_id(&to);
    let moved = request().source_encryption_context("a", "1").send().await.unwrap();
    assert_eq!(moved.source_key_id, Some(arn(EU, &from)));
    assert_eq!(moved.key_id, Some(arn(EU, &to)));
    assert_eq!(keys.open(US, &moved.ciphertext_blob.unwrap()).await.unwrap(), b"secret");
    denied("InvalidCiphertextException", request().send().await);
    let wrong = request().source_key_id(&to).source_encryption_context("a", "1").send().await;
    denied("IncorrectKeyException", wrong);
}

#[tokio::test]
async fn a_trial_says_whether_it_would_have_worked() {
    let keys = keys();
    let id = keys.key(&[]).await;
    let encrypt = || keys.us.encrypt().key_id(&id).plaintext(Blob::new("x")).dry_run(true).send();
    denied("DryRunOperationException", encrypt().await);
    keys.call(US, "DisableKey", &id).await.unwrap();
    denied("DisabledException", encrypt().await);
}
