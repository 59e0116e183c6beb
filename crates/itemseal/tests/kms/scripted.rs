//! A KMS that does what a test says, on tokio's clock, which the tests pause.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use itemseal::kms::{
    Decrypt, Decrypted, GenerateDataKey, GeneratedDataKey, Kms, KmsError, KmsFuture,
};
use itemseal::timer::{Sleep, Timer};
use itemseal::{Item, ItemEncryptor, Keyring, TableConfig};
use tokio::time::Instant;
use zeroize::Zeroizing;

/// What a Region's KMS does when it is asked.
#[derive(Clone, Debug)]
pub(crate) enum Behaviour {
    Works,
    /// Works after this many milliseconds.
    Slow(u64),
    /// Never answers.
    Hangs,
    /// Fails with this code; an empty one is no answer.
    Fails(&'static str),
    /// Answers in another key's name.
    Impostor(&'static str),
    /// Answers with a plaintext of this many bytes.
    Length(usize),
    /// Answers with a ciphertext of this many bytes.
    Ciphertext(usize),
    /// Answers with a plaintext that does not belong to the ciphertext.
    WrongPlaintext,
}

/// "Wraps" by reversing, which is enough to see what a keyring makes of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScriptedKms {
    regions: Arc<Mutex<BTreeMap<&'static str, Behaviour>>>,
    calls: Arc<Mutex<Vec<String>>>,
    tokens: Arc<Mutex<Vec<String>>>,
    timer: Option<TokioTimer>,
}

impl ScriptedKms {
    pub(crate) fn new(regions: impl IntoIterator<Item = (&'static str, Behaviour)>) -> Self {
        let regions = Arc::new(Mutex::new(regions.into_iter().collect()));
        Self { regions, ..Self::default() }
    }

    /// With tokio's clock, so that keyrings have deadlines.
    pub(crate) fn timed(regions: impl IntoIterator<Item = (&'static str, Behaviour)>) -> Self {
        Self { timer: Some(TokioTimer(Instant::now())), ..Self::new(regions) }
    }

    pub(crate) fn set(&self, region: &'static str, behaviour: Behaviour) {
        self.regions.lock().unwrap().insert(region, behaviour);
    }

    /// The calls since the last time, as `operation Region`.
    pub(crate) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    /// The grant tokens of the last call.
    pub(crate) fn tokens(&self) -> Vec<String> {
        self.tokens.lock().unwrap().clone()
    }

    async fn behave(
        &self,
        region: &str,
        operation: &str,
        tokens: &[String],
    ) -> Result<Behaviour, KmsError> {
        self.calls.lock().unwrap().push(format!("{operation} {region}"));
        *self.tokens.lock().unwrap() = tokens.to_vec();
        let behaviour = self.regions.lock().unwrap().get(region).cloned();
        match behaviour {
            Some(Behaviour::Fails(code)) => Err(KmsError::new(code, "scripted")),
            Some(Behaviour::Hangs) => std::future::pending().await,
            Some(Behaviour::Slow(ms)) => {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                Ok(Behaviour::Works)
            }
            Some(behaviour) => Ok(behaviour),
            None => Err(KmsError::unreachable("no such host")),
        }
    }

    fn answer(
        behaviour: &Behaviour,
        key_id: &str,
        plaintext: Vec<u8>,
    ) -> (String, Zeroizing<Vec<u8>>) {
        let key_id = if let Behaviour::Impostor(other) = behaviour { other } else { key_id };
        let plaintext = match behaviour {
            Behaviour::Length(length) => vec![1; *length],
            Behaviour::WrongPlaintext => vec![9; plaintext.len()],
            _ => plaintext,
        };
        (key_id.to_owned(), Zeroizing::new(plaintext))
    }
}

impl Kms for ScriptedKms {
    fn generate_data_key<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        Box::pin(async move {
            let behaviour = self.behave(region, "GenerateDataKey", request.grant_tokens).await?;
            assert_eq!(request.context.get("aws-crypto-table-name"), Some("Orders"));
            assert!(request.key_id.contains(&format!(":{region}:")), "the Region's own key");
            let plaintext: Vec<u8> = (0..request.number_of_bytes as u8).collect();
            let ciphertext = match behaviour {
                Behaviour::Ciphertext(length) => vec![1; length],
                _ => plaintext.iter().rev().copied().collect(),
            };
            let (key_id, plaintext) = Self::answer(&behaviour, request.key_id, plaintext);
            Ok(GeneratedDataKey::new(key_id, plaintext, ciphertext))
        })
    }

    fn decrypt<'a>(&'a self, region: &'a str, request: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        Box::pin(async move {
            let behaviour = self.behave(region, "Decrypt", request.grant_tokens).await?;
            let plaintext = request.ciphertext.iter().rev().copied().collect();
            let key_id = request.key_id.expect("always given");
            assert!(key_id.contains(&format!(":{region}:")), "the Region's own key");
            let (key_id, plaintext) = Self::answer(&behaviour, key_id, plaintext);
            Ok(Decrypted::new(key_id, plaintext))
        })
    }

    fn timer(&self) -> Option<Arc<dyn Timer>> {
        Some(Arc::new(self.timer.clone()?))
    }
}

/// Tokio's clock.
#[derive(Clone, Debug)]
pub(crate) struct TokioTimer(pub(crate) Instant);

impl Timer for TokioTimer {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}

pub(crate) fn with(keyring: impl Keyring + 'static) -> ItemEncryptor {
    let table = TableConfig::builder("Orders").partition_key("OrderID").build().unwrap();
    ItemEncryptor::new(table, keyring)
}

pub(crate) fn order() -> Item {
    Item::new().with("OrderID", "1").with("Card", "4111")
}
