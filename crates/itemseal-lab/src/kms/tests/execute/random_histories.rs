//! The rule that everything else serves: what was encrypted under a multi-Region key opens in every
//! Region that has the key and can use it, and nowhere else, whatever happened in between.

use super::*;
use crate::entropy::{Entropy, SeededEntropy};
use std::collections::BTreeMap;

const REGIONS: [&str; 5] = [US, EU, AP, "eu-central-1", "sa-east-1"];
const STEPS: usize = 120;

/// What the history expects of one key.
struct Model {
    id: String,
    primary: usize,
    /// Whether enabled, by Region.
    regions: BTreeMap<usize, bool>,
    ciphertexts: Vec<Value>,
    rotations: usize,
}

struct Dice(SeededEntropy);

impl Dice {
    fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes).unwrap();
        u32::from_be_bytes(bytes) as usize % bound
    }
}

/// A key in one Region, and a ciphertext of it.
fn begin(b: &Bench) -> Model {
    let id = replicated(&b.kms, &[]);
    let ciphertexts = vec![ok(&b.kms, US, "Encrypt", plaintext(&id))["CiphertextBlob"].clone()];
    Model { id, primary: 0, regions: BTreeMap::from([(0, true)]), ciphertexts, rotations: 0 }
}

fn plaintext(id: &str) -> Value {
    json!({ "KeyId": id, "Plaintext": b64(id.as_bytes()), "EncryptionContext": { "of": id } })
}

fn step(b: &Bench, dice: &Dice, model: &mut Model) {
    let region = dice.below(REGIONS.len());
    let primary = REGIONS[model.primary];
    let primary_on = model.regions[&model.primary];
    let key = json!({ "KeyId": model.id });
    match dice.below(12) {
        0 => {
            let request = json!({ "KeyId": model.id, "ReplicaRegion": REGIONS[region] });
            let done = b.kms.execute(primary, "ReplicateKey", request).is_ok();
            assert_eq!(done, primary_on && !model.regions.contains_key(&region));
            if done {
                model.regions.insert(region, true);
            }
        }
        1 => {
            let done = b.kms.execute(primary, "RotateKeyOnDemand", key).is_ok();
            assert_eq!(done, primary_on && model.rotations < 25);
            model.rotations += usize::from(done);
        }
        on @ (2 | 3) => {
            let operation = if on == 2 { "EnableKey" } else { "DisableKey" };
            let done = b.kms.execute(REGIONS[region], operation, key).is_ok();
            assert_eq!(done, model.regions.contains_key(&region));
            if done {
                model.regions.insert(region, on == 2);
            }
        }
        4 => {
            let request = json!({ "KeyId": model.id, "PrimaryRegion": REGIONS[region] });
            let done = b.kms.execute(primary, "UpdatePrimaryRegion", request).is_ok();
            let can = region != model.primary && model.regions.get(&region) == Some(&true);
            assert_eq!(done, primary_on && can);
            if done {
                model.primary = region;
            }
        }
        5 if region != model.primary && model.regions.contains_key(&region) => {
            let request = json!({ "KeyId": model.id, "PendingWindowInDays": 7 });
            ok(&b.kms, REGIONS[region], "ScheduleKeyDeletion", request);
            b.clock.advance(7 * DAY);
            model.regions.remove(&region);
        }
        _ => {
            let made = b.kms.execute(REGIONS[region], "Encrypt", plaintext(&model.id));
            assert_eq!(made.is_ok(), model.regions.get(&region) == Some(&true));
            model.ciphertexts.extend(made.ok().map(|made| made["CiphertextBlob"].clone()));
        }
    }
}

fn check(b: &Bench, model: &Model) {
    for (at, region) in REGIONS.iter().enumerate() {
        for blob in &model.ciphertexts {
            let request =
                json!({ "CiphertextBlob": blob, "EncryptionContext": { "of": model.id } });
            let answer = b.kms.execute(region, "Decrypt", request);
            match model.regions.get(&at) {
                Some(true) => {
                    let opened = answer.unwrap();
                    assert_eq!(bytes(&opened["Plaintext"]), model.id.as_bytes());
                    assert_eq!(opened["KeyId"], arn(region, &model.id));
                }
                Some(false) => assert_eq!(answer.unwrap_err().code, "DisabledException"),
                None => assert_eq!(answer.unwrap_err().code, "AccessDeniedException"),
            }
        }
    }
}

#[test]
fn every_ciphertext_opens_where_there_is_a_usable_replica_and_nowhere_else() {
    let mut ciphertexts = 0;
    for seed in 0..20 {
        let b = bench();
        let dice = Dice(SeededEntropy::new(seed));
        let mut models: Vec<Model> = (0..2).map(|_| begin(&b)).collect();
        // One of them also rotates by the clock.
        let rotating = json!({ "KeyId": models[0].id, "RotationPeriodInDays": 90 });
        ok(&b.kms, US, "EnableKeyRotation", rotating);
        for _ in 0..STEPS {
            let which = dice.below(models.len());
            step(&b, &dice, &mut models[which]);
            check(&b, &models[which]);
        }
        ciphertexts += models.iter().map(|model| model.ciphertexts.len()).sum::<usize>();
        for model in &models {
            check(&b, model);
        }
        // Nor does either key open the other's.
        let (one, other) = (&models[0], &models[1]);
        let request = json!({
            "CiphertextBlob": one.ciphertexts[0], "KeyId": other.id,
            "EncryptionContext": { "of": one.id },
        });
        let region = REGIONS[other.primary];
        ok(&b.kms, region, "EnableKey", json!({ "KeyId": other.id }));
        refused(&b.kms, region, "Decrypt", request, "IncorrectKeyException");
    }
    // Histories in which little was encrypted would show little.
    assert!(ciphertexts > 400, "{ciphertexts}");
}
