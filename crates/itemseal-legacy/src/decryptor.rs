use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use itemseal::{AttributeValue, EncryptionContext, Error, ErrorKind, Item, Result};

use crate::actions::{Actions, LegacyAction, SIGNATURE};
use crate::canonical::{Dialect, string_to_sign};
use crate::description::{DESCRIPTION, Description};
use crate::error::{authentication, malformed, misuse};
use crate::keys::ContentKey;
use crate::materials::{Content, Found, LegacyMaterials};

/// What an item may have: DynamoDB's limit is 400 KiB, and how it counts numbers is not documented.
const MOST_BYTES: usize = 1024 * 1024;

/// Whether a legacy client wrote the item, by its two attributes. That it is genuine only
/// [`decrypt_item`](LegacyDecryptor::decrypt_item) says, and an item from which both were taken is like one
/// that never had them.
pub fn is_legacy(item: &Item) -> bool {
    item.contains(SIGNATURE) || item.contains(DESCRIPTION)
}

/// Reads items that the legacy DynamoDB Encryption Client wrote: verifies, then decrypts.
///
/// One serves any number of tasks; it holds no state but its keys.
#[derive(Debug)]
pub struct LegacyDecryptor {
    table: Option<String>,
    partition_key: Option<String>,
    sort_key: Option<String>,
    actions: Actions,
    materials: LegacyMaterials,
}

impl LegacyDecryptor {
    /// Starts with the table's name and keys as the legacy client had them in its encryption context;
    /// `None` for what it had not.
    pub fn builder(
        table: Option<&str>,
        partition_key: Option<&str>,
        sort_key: Option<&str>,
    ) -> LegacyDecryptorBuilder {
        LegacyDecryptorBuilder {
            table: table.map(str::to_owned),
            partition_key: partition_key.map(str::to_owned),
            sort_key: sort_key.map(str::to_owned),
            default: LegacyAction::EncryptAndSign,
            named: Vec::new(),
        }
    }

    /// Verifies and decrypts an item. The result is without the legacy client's two attributes.
    /// Numbers are as they were written: where the Python client rounded them, their digits are gone.
    ///
    /// # Errors
    /// [`NotEncrypted`](ErrorKind::NotEncrypted) if the item has neither of the two attributes;
    /// [`Authentication`](ErrorKind::Authentication) if it was changed, or anything about it is not what it
    /// was written with; [`Malformed`](ErrorKind::Malformed) or [`TooLarge`](ErrorKind::TooLarge) if it
    /// cannot be an item of a legacy client; the errors of KMS.
    pub async fn decrypt_item(&self, mut item: Item) -> Result<Item> {
        if item.size_bytes() > MOST_BYTES {
            return Err(Error::new(ErrorKind::TooLarge, "no DynamoDB item has over 1 MiB"));
        }
        if !is_legacy(&item) {
            return Err(Error::new(
                ErrorKind::NotEncrypted,
                "no legacy client wrote this item: it has neither signature nor material description",
            ));
        }
        let signature = match item.remove(SIGNATURE) {
            Some(AttributeValue::B(signature)) => signature,
            Some(_) => return Err(malformed("it is not binary").with_attribute(SIGNATURE)),
            None => return Err(authentication()),
        };
        let description = Description::parse(item.remove(DESCRIPTION).as_ref())?;
        let found = self.materials.find(&description, || self.kms_context(&item)).await?;
        self.verify(&item, &found, &signature)?;
        // From here on everything but the description is known to be genuine.
        self.decrypt(item, &found, &description)
    }

    /// The signature is over one of two strings, as the clients of two languages make them.
    fn verify(&self, item: &Item, found: &Found<'_>, signature: &[u8]) -> Result<()> {
        let string = |dialect| string_to_sign(item, self.table.as_deref(), &self.actions, dialect);
        let python = string(Dialect::Python)?;
        found.verification().verify(&python, signature).or_else(|refused| {
            let java = string(Dialect::Java)?;
            if java == python {
                return Err(refused);
            }
            found.verification().verify(&java, signature)
        })
    }

    fn decrypt(&self, item: Item, found: &Found<'_>, description: &Description) -> Result<Item> {
        let encrypted = |name: &str| self.actions.of(name) == LegacyAction::EncryptAndSign;
        if !item.iter().any(|(name, _)| encrypted(name)) {
            return Ok(item);
        }
        description.check_mode()?;
        let unwrapped;
        let key: &ContentKey = match found {
            Found::Derived(_, key) => key,
            Found::Given(_, Some(Content::Key(key))) => key,
            Found::Given(_, Some(Content::Wrapped(unwrapping))) => {
                let bytes = unwrapping.unwrap(description)?;
                unwrapped = ContentKey::new(bytes.expose()).ok_or_else(authentication)?;
                &unwrapped
            }
            Found::Given(_, None) => {
                return Err(misuse("the item has encrypted attributes; give the content key too"));
            }
        };
        let open = |name: &str, value: AttributeValue| match value {
            AttributeValue::B(bytes) => crate::value::parse(&key.decrypt(&bytes)?)
                .map_err(|error: Error| error.with_attribute(name)),
            _ => Err(malformed("it is not encrypted").with_attribute(name)),
        };
        item.into_iter()
            .map(|(name, value)| {
                let value = if encrypted(&name) { open(&name, value)? } else { value };
                Ok((name, value))
            })
            .collect()
    }

    /// What the Direct KMS Provider binds a data key to, besides the names of two algorithms.
    fn kms_context(&self, item: &Item) -> Result<EncryptionContext> {
        let mut context = EncryptionContext::new();
        for name in [&self.partition_key, &self.sort_key].into_iter().flatten() {
            let text = match item.get(name) {
                None => continue,
                Some(AttributeValue::S(text) | AttributeValue::N(text)) => text.clone(),
                Some(AttributeValue::B(bytes)) => STANDARD.encode(bytes),
                Some(_) => {
                    return Err(malformed("a key is a string, a number or binary")
                        .with_attribute(name.as_str()));
                }
            };
            context.insert(name, text);
        }
        if let Some(table) = &self.table {
            context.insert("*aws-kms-table*", table);
        }
        Ok(context)
    }
}

/// Builds a [`LegacyDecryptor`]. What is done with each attribute must be what the legacy client did.
#[derive(Clone, Debug)]
pub struct LegacyDecryptorBuilder {
    table: Option<String>,
    partition_key: Option<String>,
    sort_key: Option<String>,
    default: LegacyAction,
    named: Vec<(String, LegacyAction)>,
}

impl LegacyDecryptorBuilder {
    /// What was done with attributes that are not named; [`EncryptAndSign`](LegacyAction::EncryptAndSign)
    /// unless set, but for the table's keys, which are then signed only.
    #[must_use]
    pub fn default_action(mut self, action: LegacyAction) -> Self {
        self.default = action;
        self
    }

    /// What was done with one attribute.
    #[must_use]
    pub fn action(mut self, name: impl Into<String>, action: LegacyAction) -> Self {
        self.named.push((name.into(), action));
        self
    }

    /// Attributes that were encrypted and signed, also where they are the table's keys in the context:
    /// the legacy client's functions on single items encrypt those too.
    #[must_use]
    pub fn encrypt<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        names.into_iter().fold(self, |all, name| all.action(name, LegacyAction::EncryptAndSign))
    }

    /// Attributes that were signed only.
    #[must_use]
    pub fn sign_only<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        names.into_iter().fold(self, |all, name| all.action(name, LegacyAction::SignOnly))
    }

    /// Attributes that were neither encrypted nor signed, such as `aws:rep:updatetime` of the older
    /// global tables.
    #[must_use]
    pub fn do_nothing<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        names.into_iter().fold(self, |all, name| all.action(name, LegacyAction::DoNothing))
    }

    /// Checks the configuration.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse), with the attribute's name, if a name is empty, belongs to the format
    /// or is listed under two actions, or if nothing is signed.
    pub fn build(self, materials: impl Into<LegacyMaterials>) -> Result<LegacyDecryptor> {
        let Self { table, partition_key, sort_key, default, named } = self;
        if [&table, &partition_key, &sort_key].into_iter().any(|name| name.as_deref() == Some("")) {
            return Err(misuse("the table's or a key's name is empty; give None if there is none"));
        }
        let keys = [&partition_key, &sort_key].into_iter().flatten().map(String::as_str);
        let actions = Actions::new(default, named, keys)?;
        let materials = materials.into();
        Ok(LegacyDecryptor { table, partition_key, sort_key, actions, materials })
    }
}
