//! The lab's endpoint without a socket: the seam to the lab's HTTP answers.
//!
//! It answers the lab's own API only; `http::handle`, which answers AWS's services too, takes its
//! place. Its answers carry [`Unanswered`] where the connection is to be closed.

use bytes::Bytes;
use http::{Request, Response};

use crate::Lab;
use crate::admin::admin;
use crate::faults::{Service, Unanswered, Verdict};

pub(super) async fn handle(lab: &Lab, request: Request<Bytes>) -> Response<Bytes> {
    let uri = request.uri();
    let region = request.headers().get("x-lab-region").and_then(|value| value.to_str().ok());
    match lab.faults().before(Service::All, region.unwrap_or_default(), "") {
        Verdict::Proceed => {}
        Verdict::Hang => std::future::pending().await,
        _ => {
            let mut response = Response::new(Bytes::new());
            response.extensions_mut().insert(Unanswered);
            return response;
        }
    }
    let (status, body) = admin(lab, request.method().as_str(), uri.path(), request.body());
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response
}
