//! Loops of one operation through the AWS SDKs for Rust, against any endpoint: what a bench times.
//!
//! ```text
//! cargo run --release --example sdk_loops -- ENDPOINT OPERATION TASKS CALLS
//! ```
//! `OPERATION` is GenerateDataKey, Decrypt, PutItem, GetItem, or PutStream: puts on a table with a
//! stream, whose rate is printed for each fifth of the calls. Prints calls per second.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use aws_sdk_dynamodb::types as ddb;

const REGION: &str = "us-east-1";

// One thread: the machine's other cores are the server's.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, operation, tasks, calls] = &arguments[..] else {
        eprintln!("usage: sdk_loops ENDPOINT OPERATION TASKS CALLS");
        std::process::exit(2);
    };
    let (tasks, calls): (usize, usize) =
        (tasks.parse().expect("a number"), calls.parse().expect("a number"));
    let bench = Bench::new(endpoint).await;
    if operation == "PutStream" {
        for _ in 0..5 {
            print!("{:.0} ", bench.rate("PutStream", tasks, calls / 5).await);
        }
        println!();
        return;
    }
    if operation == "GetItem" {
        bench.rate("PutItem", 1, 2).await;
    }
    // The first calls open connections and warm caches up.
    bench.rate(operation, tasks, (calls / 10).max(tasks)).await;
    println!("{:.0}", bench.rate(operation, tasks, calls).await);
}

#[derive(Clone)]
struct Bench {
    kms: aws_sdk_kms::Client,
    dynamodb: aws_sdk_dynamodb::Client,
    key_id: String,
    ciphertext: Vec<u8>,
    written: Arc<AtomicUsize>,
}

impl Bench {
    async fn new(endpoint: &str) -> Self {
        let credentials = aws_sdk_kms::config::Credentials::new("lab", "lab", None, None, "lab");
        let http = aws_smithy_http_client::Builder::new().build_http();
        let config = aws_sdk_kms::Config::builder()
            .behavior_version(aws_sdk_kms::config::BehaviorVersion::latest())
            .region(aws_sdk_kms::config::Region::new(REGION))
            .endpoint_url(endpoint)
            .credentials_provider(credentials.clone())
            .http_client(http.clone())
            .build();
        let kms = aws_sdk_kms::Client::from_conf(config);
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .region(aws_sdk_dynamodb::config::Region::new(REGION))
            .endpoint_url(endpoint)
            .credentials_provider(credentials)
            .http_client(http)
            .build();
        let dynamodb = aws_sdk_dynamodb::Client::from_conf(config);
        let written = Arc::default();
        let mut bench =
            Self { kms, dynamodb, key_id: String::new(), ciphertext: Vec::new(), written };
        bench.create_key().await;
        bench.create_table("Bench", false).await;
        bench.create_table("BenchStream", true).await;
        bench
    }

    /// A server without KMS can still be asked for items.
    async fn create_key(&mut self) {
        let Ok(created) = self.kms.create_key().send().await else { return };
        self.key_id = created.key_metadata.expect("metadata").key_id;
        let made = self.kms.generate_data_key().key_id(&self.key_id).number_of_bytes(32);
        let made = made.send().await.expect("a data key");
        self.ciphertext = made.ciphertext_blob.expect("a ciphertext").into_inner();
    }

    /// And one without DynamoDB for keys.
    async fn create_table(&self, name: &str, stream: bool) {
        let attribute = ddb::AttributeDefinition::builder().attribute_name("pk");
        let attribute = attribute.attribute_type(ddb::ScalarAttributeType::S).build().unwrap();
        let key = ddb::KeySchemaElement::builder().attribute_name("pk");
        let key = key.key_type(ddb::KeyType::Hash).build().unwrap();
        let specification = ddb::StreamSpecification::builder().stream_enabled(stream);
        let specification = specification
            .set_stream_view_type(stream.then_some(ddb::StreamViewType::NewAndOldImages))
            .build()
            .unwrap();
        let create = self.dynamodb.create_table().table_name(name);
        let create = create.attribute_definitions(attribute).key_schema(key);
        let create = create.billing_mode(ddb::BillingMode::PayPerRequest);
        let create = create.set_stream_specification(stream.then_some(specification));
        if create.send().await.is_err() {
            return;
        }
        // Some servers create a table in the background.
        for _ in 0..10_000 {
            let described = self.dynamodb.describe_table().table_name(name).send().await;
            let status = described.ok().and_then(|answer| answer.table?.table_status);
            if status == Some(ddb::TableStatus::Active) {
                return;
            }
        }
    }

    /// Calls per second of `calls` calls by `tasks` tasks.
    async fn rate(&self, operation: &str, tasks: usize, calls: usize) -> f64 {
        let started = Instant::now();
        let workers: Vec<_> = (0..tasks)
            .map(|_| {
                let (bench, operation) = (self.clone(), operation.to_owned());
                tokio::spawn(async move {
                    for _ in 0..calls / tasks {
                        bench.call(&operation).await;
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await.expect("every call succeeds");
        }
        (calls / tasks * tasks) as f64 / started.elapsed().as_secs_f64()
    }

    async fn call(&self, operation: &str) {
        match operation {
            "GenerateDataKey" => {
                let call = self.kms.generate_data_key().key_id(&self.key_id).number_of_bytes(32);
                call.send().await.expect("a data key");
            }
            "Decrypt" => {
                let blob = aws_sdk_kms::primitives::Blob::new(self.ciphertext.clone());
                self.kms.decrypt().ciphertext_blob(blob).send().await.expect("a plaintext");
            }
            "PutItem" => self.put("Bench").await,
            "PutStream" => self.put("BenchStream").await,
            "GetItem" => {
                let key = ddb::AttributeValue::S(format!("{}-1", std::process::id()));
                let call = self.dynamodb.get_item().table_name("Bench").key("pk", key);
                call.send().await.expect("an item");
            }
            other => eprintln!("no loop for {other}"),
        }
    }

    /// An item of 1 KB under a key of its own: to put the same again would change nothing.
    async fn put(&self, table: &str) {
        let n = self.written.fetch_add(1, Ordering::Relaxed);
        let item = HashMap::from([
            ("pk".to_owned(), ddb::AttributeValue::S(format!("{}-{n}", std::process::id()))),
            ("text".to_owned(), ddb::AttributeValue::S("x".repeat(1000))),
        ]);
        let call = self.dynamodb.put_item().table_name(table).set_item(Some(item));
        call.send().await.expect("a write");
    }
}
