//! Which endpoints may be spoken to without TLS: whoever sees a call to KMS sees the data key.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use aws_sdk_kms::config::ConfigBag;
use aws_sdk_kms::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;
use http::Uri;
use itemseal::{Error, ErrorKind, Result};

/// Endpoints over TLS, plain HTTP to this machine, and plain HTTP to hosts allowed by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endpoints {
    allowed: BTreeSet<(String, u16)>,
}

impl Endpoints {
    /// Allows plain HTTP to the host and port of `url`.
    pub(crate) fn allow(&mut self, url: &str) -> Result<()> {
        let uri: Uri = url.parse().map_err(|_| not_a_url(url))?;
        let place = place(&uri).filter(|_| uri.scheme_str() == Some("http"));
        self.allowed.insert(place.ok_or_else(|| not_a_url(url))?);
        Ok(())
    }

    /// What the configuration names must be fit to be used, also by way of the environment.
    pub(crate) fn check_config(&self, config: &SdkConfig) -> Result<()> {
        let key = ServiceConfigKey::builder()
            .service_id("KMS")
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build();
        let service = config.service_config().zip(key.ok());
        let of_service = service.and_then(|(service, key)| service.load_config(key));
        for url in [config.endpoint_url(), of_service.as_deref()].into_iter().flatten() {
            self.check(url)?;
        }
        Ok(())
    }

    pub(crate) fn check(&self, url: &str) -> Result<()> {
        let uri: Option<Uri> = url.parse().ok();
        let place = uri.as_ref().and_then(place);
        let fit = match (uri.as_ref().and_then(Uri::scheme_str), place) {
            (Some("https"), Some(_)) => true,
            (Some("http"), Some(place)) => is_loopback(&place.0) || self.allowed.contains(&place),
            _ => false,
        };
        if fit { Ok(()) } else { Err(Insecure::of(uri.as_ref()).into()) }
    }
}

/// Host and port.
fn place(uri: &Uri) -> Option<(String, u16)> {
    let host = uri.host()?.to_ascii_lowercase();
    Some((host, uri.port_u16().unwrap_or(80))).filter(|(host, _)| !host.is_empty())
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        // RFC 6761, section 6.3: names that resolve to this machine.
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

fn not_a_url(url: &str) -> Error {
    let message = format!("{url:?} is not a plain HTTP endpoint, like \"http://kms.test:8000\"");
    Error::new(ErrorKind::Misuse, message)
}

/// A request that would have gone to an unfit endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Insecure {
    endpoint: String,
}

impl Insecure {
    /// Scheme, host and port only: a URL can hold a password.
    fn of(uri: Option<&Uri>) -> Self {
        let part = |uri: &Uri| {
            let (host, port) = place(uri)?;
            Some(format!("{}://{host}:{port}", uri.scheme_str()?))
        };
        let endpoint = uri.and_then(part).unwrap_or_else(|| "(not a URL)".to_owned());
        Self { endpoint }
    }
}

impl fmt::Display for Insecure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the KMS endpoint {0} is not HTTPS, and data keys would pass in the clear; use HTTPS, or \
             AwsKms::builder(…).allow_insecure_endpoint({0:?}) if it is meant. Look at the \
             configuration and at AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_KMS",
            self.endpoint
        )
    }
}

impl std::error::Error for Insecure {}

impl From<Insecure> for Error {
    fn from(insecure: Insecure) -> Self {
        Self::new(ErrorKind::Refused, insecure.to_string())
    }
}

/// Looks at each request just before it is sent: the SDK resolves endpoints as late as that, from
/// a client's own configuration or a resolver.
#[derive(Debug)]
pub(crate) struct Guard(pub(crate) Endpoints);

impl Intercept for Guard {
    fn name(&self) -> &'static str {
        "itemseal-endpoints"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let url = context.request().uri();
        self.0.check(url).map_err(|_| Insecure::of(url.parse().ok().as_ref()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(url: &str) -> bool {
        Endpoints::default().check(url).is_ok()
    }

    #[test]
    fn https_anywhere_and_plain_http_to_this_machine() {
        for url in [
            "https://kms.eu-west-1.amazonaws.com",
            "HTTPS://kms.eu-west-1.amazonaws.com/",
            "http://127.0.0.1:4566",
            "http://127.8.9.1",
            "http://[::1]:80/",
            "http://localhost:4566",
            "http://LOCALHOST",
            "http://kms.localhost:1",
        ] {
            assert!(passes(url), "{url}");
        }
    }

    #[test]
    fn plain_http_to_anybody_else_is_refused_however_it_is_spelled() {
        for url in [
            "http://kms.eu-west-1.amazonaws.com",
            "HTTP://example.com",
            "http://127.0.0.1@example.com/",
            "http://localhost:80@example.com/",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://notlocalhost",
            "http://10.0.0.1",
            "http://169.254.169.254",
            "http://0.0.0.0",
            "http://2130706433",
            "http://[::]",
            "http://[::ffff:10.0.0.1]",
            "ftp://localhost",
            "//localhost",
            "localhost",
            "",
        ] {
            assert!(!passes(url), "{url}");
        }
    }

    #[test]
    fn a_host_is_allowed_with_its_port_and_no_other() {
        let mut endpoints = Endpoints::default();
        endpoints.allow("http://KMS.test:8000").unwrap();
        endpoints.allow("http://plain.test").unwrap();
        for (url, allowed) in [
            ("http://kms.test:8000/path", true),
            ("http://plain.test:80", true),
            ("http://kms.test", false),
            ("http://kms.test:8001", false),
            ("http://a.kms.test:8000", false),
        ] {
            assert_eq!(endpoints.check(url).is_ok(), allowed, "{url}");
        }
        for url in ["", "kms.test", "https://kms.test", "http://"] {
            assert!(Endpoints::default().allow(url).is_err(), "{url}");
        }
    }

    #[test]
    fn the_error_says_which_endpoint_and_what_to_do_and_no_password() {
        let error = Endpoints::default().check("http://me:secret@example.com/x?y").unwrap_err();
        let text = error.to_string();
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert!(text.contains("http://example.com:80") && text.contains("AWS_ENDPOINT_URL"));
        assert!(!text.contains("secret"), "{text}");
    }
}
