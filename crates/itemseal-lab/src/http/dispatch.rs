//! From a request to the operation that it names, and back.

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::Value;

use super::arns::Place;
use super::errors::Refusal;
use super::scope::Authorization;
use super::target::{Service, Target};
use super::{answer, shards};
use crate::Lab;
use crate::faults::{self, Verdict};
use crate::tables::is_region_name;

/// Operations on one item: in memory, a few tens of microseconds.
const QUICK: [&str; 4] = ["DeleteItem", "GetItem", "PutItem", "UpdateItem"];

/// Answers one request as AWS would. Everything that speaks HTTP to the lab comes through here: the
/// server's connections, and clients in this process.
///
/// What may take long, or would have to wait, is done on a thread that may block, if there is a tokio
/// runtime to give one. The rest is done here: to hand it over would cost as much again.
pub async fn handle(lab: &Lab, request: Request<Bytes>) -> Response<Bytes> {
    answer_on(tokio::runtime::Handle::try_current().ok(), lab, request).await
}

/// As [`handle`], and always in the task of the caller: the same calls then have the same order in
/// every run.
#[cfg(feature = "aws-sdk")]
pub(crate) async fn handle_here(lab: &Lab, request: Request<Bytes>) -> Response<Bytes> {
    answer_on(None, lab, request).await
}

async fn answer_on(
    threads: Option<tokio::runtime::Handle>,
    lab: &Lab,
    request: Request<Bytes>,
) -> Response<Bytes> {
    if request.uri().path().starts_with(crate::admin::PREFIX) {
        let lab = lab.clone();
        return on(threads, move || admin(&lab, &request))
            .await
            .unwrap_or_else(|error| answer::plain(500, "text/plain", error.into_bytes()));
    }
    match *request.method() {
        Method::POST => {}
        Method::GET if request.uri().path() == "/" => {
            return answer::plain(200, "text/plain", b"healthy: itemseal-lab".to_vec());
        }
        _ => {
            let body = b"<UnknownOperationException/>\n".to_vec();
            return answer::plain(404, "application/xml", body);
        }
    }
    let call = match Call::read(&request) {
        Ok(call) => call,
        Err((service, refusal)) => return answer::of(service, Err(refusal), lab.entropy()),
    };
    if let Some(answer) = before(lab, &call).await {
        return answer;
    }
    let service = call.service;
    let threads = threads.filter(|_| !call.is_quick(lab));
    let result = {
        let lab = lab.clone();
        on(threads, move || call.run(&lab)).await
    };
    let result = result.unwrap_or_else(|error| Err(Refusal::internal(&error)));
    answer::of(service, result, lab.entropy())
}

/// Runs this on a thread that may block, or here if there are none.
async fn on<T: Send + 'static>(
    threads: Option<tokio::runtime::Handle>,
    run: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    match threads {
        Some(threads) => threads.spawn_blocking(run).await.map_err(|error| error.to_string()),
        None => Ok(run()),
    }
}

/// The lab's own interface.
fn admin(lab: &Lab, request: &Request<Bytes>) -> Response<Bytes> {
    let path = request.uri().path();
    let (status, body) = crate::admin::admin(lab, request.method().as_str(), path, request.body());
    answer::plain(status, "application/json", body.to_string().into_bytes())
}

/// What the lab's faults make of a request before its operation is done; none if it goes on.
async fn before(lab: &Lab, call: &Call) -> Option<Response<Bytes>> {
    let service = match call.service {
        Service::Kms => faults::Service::Kms,
        Service::DynamoDb => faults::Service::DynamoDb,
    };
    match lab.faults().before(service, &call.region, &call.operation) {
        Verdict::Proceed => None,
        Verdict::Hang => std::future::pending().await,
        Verdict::Refuse => {
            // Whoever holds the connection closes it.
            let mut unanswered = Response::new(Bytes::new());
            unanswered.extensions_mut().insert(faults::Unanswered);
            Some(unanswered)
        }
        Verdict::Answer { status, code, message } => {
            let refusal = Refusal::with_status(status, &code, &message);
            Some(answer::of(call.service, Err(refusal), lab.entropy()))
        }
    }
}

/// A request that is well formed.
#[derive(Debug)]
struct Call {
    service: Service,
    region: String,
    operation: String,
    body: Value,
}

impl Call {
    /// In the order in which AWS looks: target, credentials, body.
    fn read(request: &Request<Bytes>) -> Result<Self, (Service, Refusal)> {
        // A request that names no service is answered as DynamoDB answers.
        let target =
            Target::read(request.headers()).map_err(|refusal| (Service::DynamoDb, refusal))?;
        let Target { service, operation } = target;
        let refused = |refusal| (service, refusal);
        let scope = Authorization::read(request.headers()).map_err(refused)?;
        if scope.service != service.signing_name() {
            let message = format!(
                "Credential should be scoped to correct service: '{}'.",
                service.signing_name()
            );
            return Err(refused(Refusal::service("InvalidSignatureException", &message)));
        }
        if !is_region_name(scope.region) {
            let message =
                format!("Credential should be scoped to a valid region, not {:?}.", scope.region);
            return Err(refused(Refusal::service("InvalidSignatureException", &message)));
        }
        let body = serde_json::from_slice::<Value>(request.body())
            .ok()
            .filter(Value::is_object)
            .ok_or_else(|| refused(Refusal::not_json()))?;
        let (region, operation) = (scope.region.to_owned(), operation.to_owned());
        Ok(Self { service, region, operation, body })
    }

    /// Whether this takes microseconds, and has nobody to wait for.
    fn is_quick(&self, lab: &Lab) -> bool {
        let region = || lab.tables().region(&self.region).is_ok_and(|region| region.is_quick());
        self.service == Service::Kms || (self.is_of_one_item() && region())
    }

    fn is_of_one_item(&self) -> bool {
        QUICK.contains(&self.operation.as_str())
    }

    fn run(self, lab: &Lab) -> Result<Value, Refusal> {
        let quick = self.is_of_one_item();
        let Self { service, region, operation, mut body } = self;
        if service == Service::Kms {
            return Ok(lab.kms().execute(&region, &operation, body)?);
        }
        let place = Place { region: &region, account: lab.account() };
        place.incoming(&mut body)?;
        shards::incoming(&mut body);
        let done = lab.tables().open_region(&region).and_then(|region| {
            let _slow = (!quick).then(|| region.slow());
            region.execute(&operation, body)
        });
        match done {
            Ok(mut answer) => {
                place.outgoing(&operation, &mut answer);
                shards::outgoing(&operation, &mut answer);
                Ok(answer)
            }
            Err(error) => {
                let mut refusal = Refusal::from(error);
                place.outgoing_error(&mut refusal.body);
                Err(refusal)
            }
        }
    }
}
