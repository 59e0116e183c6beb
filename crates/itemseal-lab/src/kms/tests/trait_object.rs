use itemseal::kms::{Decrypt, GenerateDataKey, Kms};

use super::*;

#[tokio::test]
async fn a_keyring_sees_the_same_kms() {
    let b = bench();
    let key = mrk(&b, &[EU]);
    let kms: Arc<dyn Kms> = Arc::new(b.kms.clone());
    let context = context(&[("table", "Orders")]);
    let request = GenerateDataKey::new(&key.arn, 32, &context);
    let made = kms.generate_data_key(US, request).await.unwrap();
    assert_eq!((made.key_id.as_str(), made.plaintext.len()), (key.arn.as_str(), 32));
    let local = arn(EU, &key.key_id);
    let request = Decrypt::new(Some(&local), &made.ciphertext, &context);
    let opened = kms.decrypt(EU, request).await.unwrap();
    assert_eq!((opened.key_id, opened.plaintext), (local, made.plaintext));
    let refused = kms.decrypt(AP, Decrypt::new(None, &made.ciphertext, &context)).await;
    assert_eq!(code(refused), "AccessDeniedException");
    assert_eq!((b.kms.calls(US, "GenerateDataKey"), b.kms.calls(EU, "Decrypt")), (1, 1));
}
