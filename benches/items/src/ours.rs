//! itemseal, as an application calls it.

use std::future::Future;
use std::hint::black_box;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use itemseal::{Error, Item, ItemEncryptor, RawAesKeyring, Result};

use crate::case::{Case, Direction};
use crate::items;

/// The keyring of every contender: raw AES-256, so that nothing is waited for.
///
/// # Errors
/// None: the key is constant.
pub fn keyring() -> Result<RawAesKeyring> {
    RawAesKeyring::new("bench", "key-1", [7; 32])
}

/// What a future gives that waits for nothing.
///
/// # Errors
/// Its own, and one if it waits after all.
pub fn now<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => Err(Error::new(itemseal::ErrorKind::Misuse, "a raw keyring waits")),
    }
}

/// An encryptor and what goes in.
#[derive(Debug)]
pub struct Ours {
    encryptor: ItemEncryptor,
    given: Item,
    direction: Direction,
}

impl Ours {
    /// The contender for a row.
    ///
    /// # Errors
    /// If the item cannot be encrypted.
    pub fn new(case: &Case) -> Result<Self> {
        let encryptor = ItemEncryptor::new(items::table(case.suite)?, keyring()?);
        let plain = case.item.clone();
        let stored = now(encryptor.encrypt_item(plain.clone()))?;
        if now(encryptor.decrypt_item(stored.clone()))? != plain {
            return Err(Error::new(itemseal::ErrorKind::Misuse, "the item does not come back"));
        }
        let direction = case.direction;
        let given = if direction == Direction::Encrypt { plain } else { stored };
        Ok(Self { encryptor, given, direction })
    }

    /// What goes in, to be made outside of what is timed.
    pub fn given(&self) -> Item {
        self.given.clone()
    }

    /// One item, there or back.
    ///
    /// # Errors
    /// If it is refused.
    pub fn one(&self, item: Item) -> Result<Item> {
        match self.direction {
            Direction::Encrypt => now(self.encryptor.encrypt_item(item)),
            Direction::Decrypt => now(self.encryptor.decrypt_item(item)),
        }
    }

    /// The time of `count` items. Their copies are made before and dropped after it.
    ///
    /// # Errors
    /// If one is refused.
    pub fn time(&self, count: u32) -> Result<Duration> {
        let given: Vec<Item> = (0..count).map(|_| self.given()).collect();
        let mut done = Vec::with_capacity(given.len());
        let begun = Instant::now();
        for item in given {
            done.push(self.one(black_box(item))?);
        }
        let time = begun.elapsed();
        drop(black_box(done));
        Ok(time)
    }
}
