use std::collections::BTreeMap;

use itemseal::Result;

use crate::description::DESCRIPTION;
use crate::error::misuse;

/// The attribute that holds the signature.
pub(crate) const SIGNATURE: &str = "*amzn-ddb-map-sig*";

/// What the legacy client was told to do with an attribute.
#[allow(clippy::exhaustive_enums, reason = "the legacy format has these three")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LegacyAction {
    /// `ENCRYPT_AND_SIGN`.
    EncryptAndSign,
    /// `SIGN_ONLY`.
    SignOnly,
    /// `DO_NOTHING`: whoever can write the table can change it unnoticed.
    DoNothing,
}

/// What is done with each attribute.
#[derive(Clone, Debug)]
pub(crate) struct Actions {
    default: LegacyAction,
    named: BTreeMap<String, LegacyAction>,
}

impl Actions {
    /// The `keys` of the table that are not named are never encrypted, as DynamoDB must read them.
    pub(crate) fn new<'a>(
        default: LegacyAction,
        given: Vec<(String, LegacyAction)>,
        keys: impl Iterator<Item = &'a str>,
    ) -> Result<Self> {
        let mut named = BTreeMap::new();
        for (name, action) in given {
            let refused = match &*name {
                "" => Some("an attribute's name is empty"),
                SIGNATURE | DESCRIPTION => Some("it belongs to the format; leave it out"),
                _ => None,
            };
            if let Some(why) = refused {
                return Err(misuse(why).with_attribute(name));
            }
            let earlier = named.insert(name.clone(), action);
            if earlier.is_some_and(|earlier| earlier != action) {
                return Err(misuse("it is listed under two actions; keep one").with_attribute(name));
            }
        }
        for key in keys {
            let action = match default {
                LegacyAction::EncryptAndSign => LegacyAction::SignOnly,
                other => other,
            };
            named.entry(key.to_owned()).or_insert(action);
        }
        let signs = |action: &LegacyAction| *action != LegacyAction::DoNothing;
        if !signs(&default) && !named.values().any(signs) {
            return Err(misuse("no attribute is signed, so nothing could be verified"));
        }
        Ok(Self { default, named })
    }

    pub(crate) fn of(&self, name: &str) -> LegacyAction {
        self.named.get(name).copied().unwrap_or(self.default)
    }
}
