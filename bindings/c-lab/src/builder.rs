//! What a lab is to be, step by step.

use std::ffi::c_char;
use std::net::Ipv4Addr;
use std::time::Duration;

use ::itemseal_lab::clock::ManualClock;
use ::itemseal_lab::http::LabServer;
use ::itemseal_lab::{Lab, Replication};

use crate::arguments;
use crate::error::itemseal_lab_error;
use crate::guard::{Outcome, guard};
use crate::handle::{self, Handle, Out};
use crate::lab::{Running, itemseal_lab};
use crate::status::itemseal_lab_status;

/// Says what a lab is to be. One thread at a time.
pub struct itemseal_lab_builder {
    _opaque: [u8; 0],
}

impl Handle for itemseal_lab_builder {
    type Inner = Wanted;
    const NAME: &'static str = "itemseal_lab_builder";
    const TAG: u64 = u64::from_le_bytes(*b"islbuild");
}

/// What was said.
#[derive(Default)]
pub(crate) struct Wanted {
    regions: Vec<String>,
    every_region: bool,
    port: u16,
    manual: bool,
    seed: Option<u64>,
    directory: Option<String>,
    credentials: Option<(String, String)>,
    creating: Duration,
    updating: Duration,
}

impl Wanted {
    fn start(&self) -> Outcome<Running> {
        let mut lab = Lab::builder().regions(self.regions.iter().cloned());
        if self.every_region {
            lab = lab.every_region();
        }
        if self.manual {
            lab = lab.clock(ManualClock::default());
        }
        if let Some(seed) = self.seed {
            lab = lab.seed(seed);
        }
        if let Some(directory) = &self.directory {
            lab = lab.dir(directory);
        }
        let lab = lab.keys_creating_for(self.creating).keys_updating_for(self.updating).build()?;
        let replication = if self.manual { Replication::Manual } else { Replication::Automatic };
        let mut server = LabServer::builder(&lab)
            .address((Ipv4Addr::LOCALHOST, self.port).into())
            .replication(replication);
        if let Some((id, secret)) = &self.credentials {
            server = server.credentials(id, secret);
        }
        Ok(Running::new(lab, server.start()?, self.every_region))
    }
}

/// Starts to say what a lab is to be: in memory, on any free port, on the machine's clock. It needs Regions. On success `*out` is the
/// caller's, to be freed with `itemseal_lab_builder_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_builder_new(
    out: *mut *mut itemseal_lab_builder,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        unsafe { Out::new(out, "out") }?.give(Wanted::default());
        Ok(())
    })
}

/// Adds a Region that has tables. (KMS has every Region.)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_builder_region(
    builder: *mut itemseal_lab_builder,
    region: *const c_char,
    region_length: usize,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires a builder that nobody else uses, and that the name can be read.
        let (wanted, region) = unsafe {
            (handle::exclusive(builder)?, arguments::text(region, region_length, "region")?)
        };
        wanted.regions.push(region.to_owned());
        Ok(())
    })
}

/// Lets every Region have tables, as soon as it is asked for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_builder_every_region(
    builder: *mut itemseal_lab_builder,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires a builder that nobody else uses.
        unsafe { handle::exclusive(builder) }?.every_region = true;
        Ok(())
    })
}

/// The port on 127.0.0.1; any free one for 0, and unless set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_builder_port(
    builder: *mut itemseal_lab_builder,
    port: u16,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires a builder that nobody else uses.
        unsafe { handle::exclusive(builder) }?.port = port;
        Ok(())
    })
}

/// Has the clock and replication stand still until `itemseal_lab_advance`, `itemseal_lab_deliver` and `itemseal_lab_converge`; the
/// clock then starts at 2026-01-01.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_builder_manual(
    builder: *mut itemseal_lab_builder,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires a builder that nobody else uses.
        unsafe { handle::exclusive(builder) }?.manual = true;
        Ok(())
    })
}

/// Makes key material, ids, nonces and what faults draw the same in every run.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_builder_seed(
    builder: *mut itemseal_lab_builder,
    seed: u64,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires a builder that nobody else uses.
        unsafe { handle::exclusive(builder) }?.seed = Some(seed);
        Ok(())
    })
}

/// Keeps tables and keys in a directory, and starts with those that are there. Key material is in it in clear.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_builder_directory(
    builder: *mut itemseal_lab_builder,
    path: *const c_char,
    path_length: usize,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires a builder that nobody else uses, and that the path can be read.
        let (wanted, path) =
            unsafe { (handle::exclusive(builder)?, arguments::text(path, path_length, "path")?) };
        wanted.directory = Some(path.to_owned());
        Ok(())
    })
}

/// Refuses requests that are not signed with this access key; unless set, no signature is checked.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_builder_credentials(
    builder: *mut itemseal_lab_builder,
    access_key_id: *const c_char,
    access_key_id_length: usize,
    secret_access_key: *const c_char,
    secret_access_key_length: usize,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires a builder that nobody else uses, and that both texts can be read.
        let (wanted, id, secret) = unsafe {
            let secret = (secret_access_key, secret_access_key_length);
            (
                handle::exclusive(builder)?,
                arguments::text(access_key_id, access_key_id_length, "access_key_id")?,
                arguments::text(secret.0, secret.1, "secret_access_key")?,
            )
        };
        wanted.credentials = Some((id.to_owned(), secret.to_owned()));
        Ok(())
    })
}

/// How long a new replica key is `Creating`, and a change of the primary key has keys `Updating`, in milliseconds; no time unless set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_builder_slow_keys(
    builder: *mut itemseal_lab_builder,
    creating_ms: u64,
    updating_ms: u64,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires a builder that nobody else uses.
        let wanted = unsafe { handle::exclusive(builder) }?;
        wanted.creating = Duration::from_millis(creating_ms);
        wanted.updating = Duration::from_millis(updating_ms);
        Ok(())
    })
}

/// Starts a lab; the builder stays as it is, and another lab can be started from it. On success `*out` is the caller's, to be freed with
/// `itemseal_lab_free`. `ITEMSEAL_LAB_STATUS_MISUSE` without Regions, if the port is taken, or if another lab has the directory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_start(
    builder: *const itemseal_lab_builder,
    out: *mut *mut itemseal_lab,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a builder that is alive, and an `out` that may be written.
        let (wanted, out) = unsafe { (handle::shared(builder)?, Out::new(out, "out")?) };
        out.give(wanted.start()?);
        Ok(())
    })
}

/// Frees a builder. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_builder_free(builder: *mut itemseal_lab_builder) {
    // SAFETY: the header requires NULL or a builder that nobody uses any more.
    unsafe { handle::free(builder, |_| {}) }
}
