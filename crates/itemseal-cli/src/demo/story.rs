//! The chapters of the demo. Each step is checked, and the checks are counted.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant};

use itemseal::{AttributeValue, EncryptionContext, ErrorKind, Item, ItemDescription};

use super::world::{OUTSIDE, REGIONS, TABLE, World, key_of, text};
use crate::terminal::Terminal;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

pub(super) struct Story {
    terminal: Terminal,
    world: World,
    orders: Vec<Item>,
    figures: Figures,
    held: usize,
    failed: usize,
}

#[derive(Default)]
struct Figures {
    bytes_before: usize,
    bytes_after: usize,
    encrypting: Duration,
    decrypting: BTreeMap<&'static str, Duration>,
}

impl Story {
    /// Tells the whole story and gives how many checks failed.
    pub(super) async fn tell(terminal: Terminal, orders: Vec<Item>) -> Outcome<usize> {
        let world = World::create()?;
        let mut story =
            Self { terminal, world, orders, figures: Figures::default(), held: 0, failed: 0 };
        story.opening();
        story.write_at_home().await?;
        story.look_at_one().await?;
        story.read_everywhere().await?;
        story.write_in_two_regions_at_once().await?;
        story.cheat().await?;
        story.stay_outside().await?;
        story.ending();
        Ok(story.failed)
    }

    fn check(&mut self, held: bool, what: &str) {
        self.terminal.check(held, what);
        if held { self.held += 1 } else { self.failed += 1 }
    }

    fn opening(&self) {
        let t = &self.terminal;
        t.heading("A table in three Regions, and one key");
        t.line(format!("table  {TABLE} (OrderID, CustomerID) in {}", REGIONS.join(", ")));
        t.line(format!("key    {}", self.world.key_arn));
        t.line(t.dim("       a multi-Region key: the same key in every Region that has a replica"));
        t.line("config OrderStatus is signed; what is not named is encrypted and signed");
    }

    async fn write_at_home(&mut self) -> Outcome {
        let [home, ..] = REGIONS;
        self.terminal
            .heading(&format!("{} orders are encrypted and written in {home}", self.orders.len()));
        let encryptor = self.world.encryptor(home)?;
        let region = self.world.region(home)?;
        let count = self.orders.len();
        for (index, order) in self.orders.iter().enumerate() {
            let order = order.clone();
            self.figures.bytes_before += order.size_bytes();
            let started = Instant::now();
            let stored = encryptor.encrypt_item(order).await?;
            self.figures.encrypting += started.elapsed();
            self.figures.bytes_after += stored.size_bytes();
            region.put(TABLE, stored)?;
            self.terminal.progress("writing", index + 1, count);
        }
        let waiting: u64 = self.world.tables().waiting()?.iter().map(|link| link.changes).sum();
        self.terminal
            .line(format!("{waiting} copies wait for the other Regions; they are delivered now"));
        self.world.tables().converge()?;
        for region in REGIONS {
            let stored = self.world.region(region)?.scan_all(TABLE)?;
            let secrets = ["4111111111111111", "example.com", "SKU-"];
            let leaks =
                stored.iter().filter(|item| secrets.iter().any(|s| item.to_json().contains(s)));
            let leaks = leaks.count();
            self.check(
                stored.len() == count && leaks == 0,
                &format!("{region} has {} items, no card, e-mail or SKU in clear", stored.len()),
            );
        }
        Ok(())
    }

    async fn look_at_one(&mut self) -> Outcome {
        let [home, ..] = REGIONS;
        let Some(order) = self.orders.first().cloned() else { return Ok(()) };
        let stored = self.stored(home, &order)?;
        let t = &self.terminal;
        t.heading(&format!("{} as DynamoDB stores it", text(&order, "OrderID")));
        for (name, value) in &stored {
            t.line(format!("{name:<13} {}", self.shown(name, value)));
        }
        let description = ItemDescription::of(&stored)?;
        t.line(t.dim(&format!(
            "format version {}, suite 0x{:04x}, {} attributes encrypted, {} signed in clear, {} bytes more",
            description.format_version(),
            description.suite().id(),
            description.encrypted_attributes(),
            description.signed_attributes(),
            description.overhead_bytes(),
        )));
        for region in REGIONS.into_iter().skip(1) {
            let stored = self.stored(region, &order)?;
            let opened = self.world.encryptor(region)?.decrypt_item(stored).await?;
            let t = &self.terminal;
            t.heading(&format!("The same item, opened in {region}"));
            for name in ["Name", "Email", "Card", "ShipTo", "Total", "OrderStatus"] {
                let Some(value) = opened.get(name) else { continue };
                t.line(format!("{name:<13} {}", abridged(&plain(value), 80)));
            }
            self.check(opened == order, &format!("equal to what was written in {home}"));
        }
        Ok(())
    }

    async fn read_everywhere(&mut self) -> Outcome {
        self.terminal
            .heading("Every order, opened in every Region with that Region's replica of the key");
        for region in REGIONS {
            let encryptor = self.world.encryptor(region)?;
            let mut equal = 0;
            for (index, order) in self.orders.iter().enumerate() {
                let stored = self.stored(region, order)?;
                let started = Instant::now();
                let opened = encryptor.decrypt_item(stored).await?;
                *self.figures.decrypting.entry(region).or_default() += started.elapsed();
                equal += usize::from(opened == *order);
                self.terminal.progress("opening", index + 1, self.orders.len());
            }
            let all = self.orders.len();
            self.check(equal == all, &format!("{region}: {equal} of {all} are what was written"));
        }
        Ok(())
    }

    async fn write_in_two_regions_at_once(&mut self) -> Outcome {
        let [us, eu, ..] = REGIONS;
        let Some(order) = self.orders.get(1).cloned() else { return Ok(()) };
        self.terminal
            .heading(&format!("{eu} is cut off; both sides change {}", text(&order, "OrderID")));
        self.world.tables().cut(eu)?;
        for (region, status) in [(us, "Packed"), (eu, "Returned")] {
            let changed = order.clone().with("OrderStatus", status);
            let stored = self.world.encryptor(region)?.encrypt_item(changed).await?;
            self.world.region(region)?.put(TABLE, stored)?;
            self.terminal.line(format!("{region} writes OrderStatus {status:?}"));
        }
        let apart = self.world.tables().converge().is_err();
        for link in self.world.tables().waiting()?.into_iter().filter(|link| link.changes > 0) {
            self.terminal
                .line(format!("waiting: {} from {} to {}", link.changes, link.from, link.to));
        }
        self.check(apart, "while it is cut off the Regions cannot agree");
        let statuses = self.statuses(&order).await?;
        let differ = statuses.get(us).map(String::as_str) == Some("Packed")
            && statuses.get(eu).map(String::as_str) == Some("Returned");
        self.check(differ, &format!("each side reads its own write: {}", joined(&statuses)));

        self.terminal.line(format!("{eu} is healed"));
        self.world.tables().heal(eu)?;
        self.world.tables().converge()?;
        let statuses = self.statuses(&order).await?;
        let survived = statuses.values().all(|status| status == "Returned");
        self.check(
            survived,
            &format!("the later write survived, whole and verified: {}", joined(&statuses)),
        );
        Ok(())
    }

    async fn cheat(&mut self) -> Outcome {
        let [home, eu, ..] = REGIONS;
        let (Some(order), Some(other)) =
            (self.orders.first().cloned(), self.orders.get(2).cloned())
        else {
            return Ok(());
        };
        self.terminal
            .heading(&format!("Somebody who can write the table in {home} tries to cheat"));
        let stored = self.stored(home, &order)?;
        let from_other = self.stored(home, &other)?;
        let mut changed_byte = stored.clone();
        if let Some(AttributeValue::B(bytes)) = changed_byte.get_mut("Card")
            && let Some(byte) = bytes.last_mut()
        {
            *byte ^= 1;
        }
        let swapped = match from_other.get("Card") {
            Some(card) => stored.clone().with("Card", card.clone()),
            None => stored.clone(),
        };
        let mut dropped = stored.clone();
        dropped.remove("Card");
        let delivered = stored.clone().with("OrderStatus", "Delivered");
        let attempts = [
            ("one bit of the stored Card flipped", changed_byte),
            ("the Card of another order put in", swapped),
            ("the Card dropped", dropped),
            ("OrderStatus set to Delivered, in clear", delivered),
        ];
        for (what, forged) in attempts {
            self.world.region(home)?.put(TABLE, forged)?;
            self.world.tables().converge()?;
            let forged = self.stored(eu, &order)?;
            let refusal = self.world.encryptor(eu)?.decrypt_item(forged).await.err();
            let kind = refusal.as_ref().map(itemseal::Error::kind);
            self.check(
                kind == Some(ErrorKind::Authentication),
                &format!("{what}: refused in {eu}"),
            );
        }
        self.terminal.line(self.terminal.dim(
            "and all that the error says, each time, is that the item could not be authenticated",
        ));
        self.world.region(home)?.put(TABLE, stored)?;
        self.world.tables().converge()?;
        let back = self.stored(eu, &order)?;
        let opened = self.world.encryptor(eu)?.decrypt_item(back).await?;
        self.check(opened == order, "put back as it was, it opens again");
        Ok(())
    }

    async fn stay_outside(&mut self) -> Outcome {
        self.terminal.heading(&format!("{OUTSIDE} has no replica of the key"));
        let Some(order) = self.orders.first().cloned() else { return Ok(()) };
        let [home, ..] = REGIONS;
        let stored = self.stored(home, &order)?;
        let refusal = self.world.encryptor(OUTSIDE)?.decrypt_item(stored.clone()).await.err();
        let code = refusal.as_ref().and_then(itemseal::Error::code).unwrap_or("nothing").to_owned();
        let denied = refusal.is_some_and(|error| error.kind() == ErrorKind::KeyDenied);
        self.check(denied, &format!("the item does not open there: KMS says {code}"));
        // Without a key id KMS finds the key in the ciphertext, and this Region does not have it.
        let description = ItemDescription::of(&stored)?;
        let wrapped =
            description.edks().first().map(|edk| edk.ciphertext().to_vec()).unwrap_or_default();
        let context = EncryptionContext::new();
        let part = wrapped.get(48..).unwrap_or_default();
        let answer = self.world.kms().decrypt(OUTSIDE, None, part, &context);
        let code = answer.err().map(|error| error.code).unwrap_or_default();
        self.check(
            code == "AccessDeniedException",
            &format!("nor without naming the key: KMS says {code}"),
        );
        Ok(())
    }

    fn ending(&self) {
        let count = self.orders.len().max(1);
        let t = &self.terminal;
        t.heading("What happened");
        let mut rows = vec![vec![
            "Region".to_owned(),
            "items".into(),
            "µs to open".into(),
            "KMS calls".into(),
        ]];
        for region in REGIONS {
            let time = self.figures.decrypting.get(region).copied().unwrap_or_default();
            let calls =
                ["GenerateDataKey", "Decrypt"].map(|name| self.world.kms().calls(region, name));
            rows.push(vec![
                region.to_owned(),
                self.orders.len().to_string(),
                per_item(time, count),
                calls.iter().sum::<u64>().to_string(),
            ]);
        }
        t.table(&rows);
        println!();
        let (before, after) = (self.figures.bytes_before, self.figures.bytes_after);
        t.table(&[
            vec!["bytes".to_owned(), "before".into(), "after".into(), "an item more".into()],
            vec![
                format!("{} orders", self.orders.len()),
                before.to_string(),
                after.to_string(),
                (after.saturating_sub(before) / count).to_string(),
            ],
        ]);
        println!();
        t.line(format!(
            "µs to encrypt an item, with its KMS call: {}",
            per_item(self.figures.encrypting, count)
        ));
        println!();
        let all = self.held + self.failed;
        t.check(self.failed == 0, &format!("{} of {all} checks held", self.held));
    }

    fn stored(&self, region: &str, order: &Item) -> Outcome<Item> {
        let item = self.world.region(region)?.get(TABLE, key_of(order))?;
        item.ok_or_else(|| format!("{} is not in {region}", text(order, "OrderID")).into())
    }

    async fn statuses(&self, order: &Item) -> Outcome<BTreeMap<&'static str, String>> {
        let mut statuses = BTreeMap::new();
        for region in REGIONS {
            let stored = self.stored(region, order)?;
            let opened = self.world.encryptor(region)?.decrypt_item(stored).await?;
            statuses.insert(region, text(&opened, "OrderStatus").to_owned());
        }
        Ok(statuses)
    }

    fn shown(&self, name: &str, value: &AttributeValue) -> String {
        match value {
            AttributeValue::B(bytes) => {
                let start: String =
                    bytes.iter().take(20).map(|byte| format!("{byte:02x}")).collect();
                let what = match name {
                    "aws_dbe_head" => "header",
                    "aws_dbe_foot" => "footer",
                    _ => "encrypted",
                };
                self.terminal.secret(&format!("{what:<9} {:>5} bytes   {start}…", bytes.len()))
            }
            other => format!("{:<24}{}", "in clear, signed", plain(other)),
        }
    }
}

fn per_item(time: Duration, count: usize) -> String {
    (time.as_micros() / count as u128).to_string()
}

fn joined(statuses: &BTreeMap<&str, String>) -> String {
    let pairs: Vec<_> =
        statuses.iter().map(|(region, status)| format!("{region} {status}")).collect();
    pairs.join(", ")
}

/// A value for a reader's eye.
fn plain(value: &AttributeValue) -> String {
    let list = |texts: Vec<String>| texts.join(", ");
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.clone(),
        AttributeValue::B(bytes) => format!("{} bytes", bytes.len()),
        AttributeValue::Bool(value) => value.to_string(),
        AttributeValue::Ss(set) | AttributeValue::Ns(set) => list(set.clone()),
        AttributeValue::L(values) => list(values.iter().map(plain).collect()),
        AttributeValue::M(map) => {
            list(map.iter().map(|(k, v)| format!("{k} {}", plain(v))).collect())
        }
        AttributeValue::Bs(set) => format!("{} byte strings", set.len()),
        AttributeValue::Null => "null".to_owned(),
    }
}

fn abridged(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}
