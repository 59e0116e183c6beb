//! What goes over the wire: how often, and answers that the lab does not give.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_types::SdkConfig;
use itemseal_aws::{GlobalTable, Writes};

use crate::bench::{EU, T, US, key};
use crate::regions::{Regions, put};

/// The lab's HTTP client, with some requests answered here.
#[derive(Clone, Debug)]
struct Wire {
    inner: SharedHttpClient,
    script: Arc<Mutex<Script>>,
}

#[derive(Debug, Default)]
struct Script {
    /// Operations and Regions, as they were asked.
    seen: Vec<(String, String)>,
    /// How many requests of which operation are answered with which status and error.
    errors: Vec<(&'static str, u16, &'static str)>,
}

#[derive(Debug)]
struct Line {
    inner: SharedHttpConnector,
    script: Arc<Mutex<Script>>,
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Line { inner, script: Arc::clone(&self.script) })
    }
}

impl HttpConnector for Line {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let scope = request.headers().get("authorization").unwrap_or_default();
        let region = scope.split('/').nth(2).unwrap_or_default().to_owned();
        let mut script = self.script.lock().unwrap();
        let answer = script.errors.iter().position(|(of, ..)| *of == operation);
        let answer = answer.map(|at| script.errors.remove(at));
        script.seen.push((operation, region));
        drop(script);
        let Some((_, status, code)) = answer else { return self.inner.call(request) };
        let body =
            format!("{{\"__type\":\"com.amazonaws.dynamodb.v20120810#{code}\",\"message\":\"\"}}");
        let answer = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
        HttpConnectorFuture::ready(Ok(answer))
    }
}

async fn client(regions: &Regions, writes: Writes) -> (GlobalTable, Arc<Mutex<Script>>) {
    let script = Arc::<Mutex<Script>>::default();
    let wire = Wire { inner: regions.lab.http_client(), script: Arc::clone(&script) };
    let config: SdkConfig = regions.lab.sdk_config(US).into_builder().http_client(wire).build();
    let client = regions.builder().writes(writes).build(&config).await.unwrap();
    client.put_item(put("1")).await.unwrap();
    regions.lab.tables().converge().unwrap();
    script.lock().unwrap().seen.clear();
    (client, script)
}

fn count(script: &Mutex<Script>, operation: &str, region: &str) -> usize {
    let script = script.lock().unwrap();
    script.seen.iter().filter(|(o, r)| o == operation && r == region).count()
}

#[tokio::test(start_paused = true)]
async fn a_region_that_errs_is_asked_once_a_read_and_then_the_next_one() {
    let regions = Regions::new();
    let (client, script) = client(&regions, Writes::Home).await;
    script.lock().unwrap().errors = vec![("GetItem", 500, "InternalServerError")];
    let get = GetItemInputBuilder::default().table_name(T).set_key(Some(key("1")));
    assert_eq!(client.get_item(get).await.unwrap().region(), EU);
    assert_eq!((count(&script, "GetItem", US), count(&script, "GetItem", EU)), (1, 1));
}

/// On a strongly consistent table a write can meet another one in another Region.
#[tokio::test(start_paused = true)]
async fn a_write_that_met_another_one_is_sent_again_and_stays_at_home() {
    for writes in [Writes::Home, Writes::Failover] {
        let regions = Regions::new();
        let (client, script) = client(&regions, writes).await;
        script.lock().unwrap().errors =
            vec![("PutItem", 400, "ReplicatedWriteConflictException"); 4];
        assert_eq!(client.put_item(put("2")).await.unwrap().region(), US, "{writes:?}");
        assert_eq!(count(&script, "PutItem", US), 5, "{writes:?}");
        script.lock().unwrap().errors =
            vec![("PutItem", 400, "ReplicatedWriteConflictException"); 99];
        let error = client.idempotent().put_item(put("2")).await.unwrap_err();
        assert_eq!(error.kind(), itemseal::ErrorKind::Conflict);
        assert_eq!(count(&script, "PutItem", EU), 0);
    }
}
