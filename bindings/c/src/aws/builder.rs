//! How AWS is reached, said step by step.

use std::ffi::c_char;
use std::time::Duration;

use aws_config::{BehaviorVersion, ConfigLoader, Region};
use aws_credential_types::Credentials;
use aws_smithy_types::timeout::TimeoutConfig;
use itemseal::{Error, ErrorKind};

use super::{Aws, itemseal_aws_config};
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::{Outcome, guard};
use crate::handle::{self, Handle, Out};
use crate::process::{Home, Homed};
use crate::status::itemseal_status;
use crate::wait;

/// Builds an `itemseal_aws_config`. One thread at a time. What is not said is as in AWS's standard credential chain and environment.
pub struct itemseal_aws_builder {
    _opaque: [u8; 0],
}

impl Handle for itemseal_aws_builder {
    type Inner = Said;
    const NAME: &'static str = "itemseal_aws_builder";
    const TAG: u64 = u64::from_le_bytes(*b"isawsbld");
}

#[derive(Default)]
pub(crate) struct Said {
    region: Option<String>,
    profile: Option<String>,
    endpoint_url: Option<String>,
    insecure: Vec<String>,
    /// The SDK keeps secrets where it does not print them, and does not wipe them.
    credentials: Option<Credentials>,
    connect: Option<Duration>,
    request: Option<Duration>,
}

impl Said {
    fn loader(&self) -> ConfigLoader {
        let mut loader = aws_config::defaults(BehaviorVersion::latest());
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(profile) = &self.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(url) = &self.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        if let Some(credentials) = &self.credentials {
            loader = loader.credentials_provider(credentials.clone());
        }
        if self.connect.is_some() || self.request.is_some() {
            let mut timeouts = TimeoutConfig::builder();
            timeouts.set_connect_timeout(self.connect);
            timeouts.set_operation_attempt_timeout(self.request);
            loader = loader.timeout_config(timeouts.build());
        }
        loader
    }
}

/// Changes a builder by one text.
///
/// # Safety
/// `builder` is NULL or a builder that nobody else uses, and `length` bytes can be read from `value`.
unsafe fn change(
    builder: *mut itemseal_aws_builder,
    value: *const c_char,
    length: usize,
    name: &'static str,
    by: impl FnOnce(&mut Said, String),
) -> Outcome {
    // SAFETY: as this function's.
    let (said, value) =
        unsafe { (handle::exclusive(builder)?, arguments::text(value, length, name)?) };
    if value.is_empty() {
        return Err(Error::new(ErrorKind::Misuse, format!("{name} is empty")).into());
    }
    by(said, value.to_owned());
    Ok(())
}

/// Starts with nothing said. On success `*out` is the caller's, to be freed with `itemseal_aws_builder_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_aws_builder_new(
    out: *mut *mut itemseal_aws_builder,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        unsafe { Out::new(out, "out") }?.give(Said::default());
        Ok(())
    })
}

/// The AWS Region of tables and key stores for which no other is given. KMS keys have theirs in their ARNs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_aws_builder_region(
    builder: *mut itemseal_aws_builder,
    region: *const c_char,
    region_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires a builder that nobody else uses, and that the text can be read.
    guard(error, || unsafe {
        change(builder, region, region_length, "region", |said, region| said.region = Some(region))
    })
}

/// The profile of AWS's configuration files.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_aws_builder_profile(
    builder: *mut itemseal_aws_builder,
    name: *const c_char,
    name_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires a builder that nobody else uses, and that the text can be read.
    guard(error, || unsafe {
        change(builder, name, name_length, "name", |said, name| said.profile = Some(name))
    })
}

/// The URL of every service in every Region, such as the lab's. Plain HTTP is refused unless it goes to this machine, or is allowed with
/// `itemseal_aws_builder_allow_insecure_endpoint`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_aws_builder_endpoint_url(
    builder: *mut itemseal_aws_builder,
    url: *const c_char,
    url_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires a builder that nobody else uses, and that the text can be read.
    guard(error, || unsafe {
        change(builder, url, url_length, "url", |said, url| said.endpoint_url = Some(url))
    })
}

/// Allows plain HTTP for KMS to one host and port, as `http://host:port`. Whoever is on the way to that host can read every data key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_aws_builder_allow_insecure_endpoint(
    builder: *mut itemseal_aws_builder,
    url: *const c_char,
    url_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires a builder that nobody else uses, and that the text can be read.
    guard(error, || unsafe {
        change(builder, url, url_length, "url", |said, url| said.insecure.push(url))
    })
}

/// Credentials that never change, in place of the standard chain. `session_token` may be NULL. They are copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_aws_builder_credentials(
    builder: *mut itemseal_aws_builder,
    access_key_id: *const c_char,
    access_key_id_length: usize,
    secret_access_key: *const c_char,
    secret_access_key_length: usize,
    session_token: *const c_char,
    session_token_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a builder that nobody else uses.
        let said = unsafe { handle::exclusive(builder) }?;
        // SAFETY: the header requires that as many bytes can be read as is said.
        let (id, secret, token) = unsafe {
            (
                arguments::text(access_key_id, access_key_id_length, "access_key_id")?,
                arguments::text(secret_access_key, secret_access_key_length, "secret_access_key")?,
                arguments::optional_text(session_token, session_token_length, "session_token")?,
            )
        };
        if id.is_empty() || secret.is_empty() {
            let says = "access_key_id or secret_access_key is empty";
            return Err(Error::new(ErrorKind::Misuse, says).into());
        }
        said.credentials = Some(Credentials::new(
            id,
            secret,
            token.map(str::to_owned),
            None,
            "itemseal_aws_builder",
        ));
        Ok(())
    })
}

/// The most time in milliseconds to connect, and for one request in one Region; 0 leaves either as AWS has it. How long a whole call may
/// take over all its Regions is said to keyrings (`itemseal_kms_options`) and tables.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_aws_builder_timeouts(
    builder: *mut itemseal_aws_builder,
    connect_ms: u32,
    request_ms: u32,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a builder that nobody else uses.
        let said = unsafe { handle::exclusive(builder) }?;
        said.connect = arguments::milliseconds(connect_ms);
        said.request = arguments::milliseconds(request_ms);
        Ok(())
    })
}

/// Reads AWS's environment and configuration files for what was not said; the builder stays as it is. Nothing is asked of AWS yet. On
/// success `*out` is the caller's, to be freed with `itemseal_aws_config_free`; `ITEMSEAL_STATUS_REFUSED` for an endpoint without HTTPS on another
/// machine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_aws_builder_build(
    builder: *const itemseal_aws_builder,
    out: *mut *mut itemseal_aws_config,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a builder that is alive, and an `out` that may be written.
        let (said, out) = unsafe { (handle::shared(builder)?, Out::new(out, "out")?) };
        let loader = said.loader();
        let config = wait::at(Home::this_process(), async { Ok(loader.load().await) })?;
        out.give(Homed::here(Aws::new(config, &said.insecure)?));
        Ok(())
    })
}

/// Frees a builder. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_aws_builder_free(builder: *mut itemseal_aws_builder) {
    // SAFETY: the header requires NULL or a builder that nobody uses any more.
    unsafe { handle::free(builder, |_| {}) }
}
