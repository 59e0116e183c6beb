//! A KMS that is slow for 256 operations at once, on one thread.

use std::sync::Arc;
use std::time::Duration;

use itemseal::keyring::KmsAccess;
use itemseal::kms::{Decrypt, Decrypted, GenerateDataKey, GeneratedDataKey, Kms, KmsFuture};
use itemseal::timer::Timer;
use itemseal_aws::AwsKms;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::world::{HOME, World, get, order, put};

const AT_ONCE: usize = 256;
/// What it takes at most; it is over long before, or never.
const DEADLINE: Duration = Duration::from_secs(60);

/// No call is answered before all of them have been made.
#[derive(Clone, Debug)]
struct SlowKms {
    kms: AwsKms,
    all: Arc<Barrier>,
}

impl Kms for SlowKms {
    fn generate_data_key<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        Box::pin(async move {
            self.all.wait().await;
            self.kms.generate_data_key(region, request).await
        })
    }

    fn decrypt<'a>(&'a self, region: &'a str, request: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        Box::pin(async move {
            self.all.wait().await;
            self.kms.decrypt(region, request).await
        })
    }

    fn timer(&self) -> Option<Arc<dyn Timer>> {
        self.kms.timer()
    }
}

/// If a lock were held while KMS is awaited, or the thread blocked, not all calls would be made. That
/// the tasks can be spawned says it of the standard library's locks: their guards cannot be sent.
#[tokio::test(flavor = "current_thread")]
async fn operations_wait_for_a_slow_kms_together_and_not_for_each_other() {
    let world = World::new();
    let kms = SlowKms { kms: world.kms(), all: Arc::new(Barrier::new(AT_ONCE)) };
    let kms = KmsAccess::new(kms).deadline(DEADLINE);
    let client = world.client(&[HOME], kms, |builder| builder.deadline(DEADLINE)).await;
    let mut writes = JoinSet::new();
    for number in 0..AT_ONCE {
        let client = client.clone();
        writes.spawn(async move { client.put_item(put("c", number)).await.map(drop) });
    }
    for written in timeout(DEADLINE, writes.join_all()).await.expect("all at once, or never") {
        written.unwrap();
    }
    let mut reads = JoinSet::new();
    for number in 0..AT_ONCE {
        let client = client.clone();
        reads.spawn(async move {
            let answer = client.get_item(get("c", number)).await.unwrap();
            assert_eq!(answer.item(), Some(&order("c", number)));
        });
    }
    timeout(DEADLINE, reads.join_all()).await.expect("all at once, or never");
    assert_eq!(world.kms_calls(HOME), 2 * AT_ONCE as u64);
}
