//! Tables.

use std::ffi::c_char;

use ::itemseal_lab::tables::{KeyAttribute, TableError};
use itemseal::{Error, ErrorKind};

use crate::arguments;
use crate::error::itemseal_lab_error;
use crate::guard::{Failure, Outcome, guard};
use crate::handle;
use crate::keys::home;
use crate::lab::itemseal_lab;
use crate::status::itemseal_lab_status;
use crate::text::{itemseal_lab_text, texts};

/// The type of a key attribute.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_lab_key_type {
    /// Text: S.
    String = 1,
    /// A number: N.
    Number = 2,
    /// Bytes: B.
    Binary = 3,
}

fn attribute(name: &str, kind: u32) -> Outcome<KeyAttribute> {
    const STRING: u32 = itemseal_lab_key_type::String as u32;
    const NUMBER: u32 = itemseal_lab_key_type::Number as u32;
    const BINARY: u32 = itemseal_lab_key_type::Binary as u32;
    match kind {
        STRING => Ok(KeyAttribute::s(name)),
        NUMBER => Ok(KeyAttribute::n(name)),
        BINARY => Ok(KeyAttribute::b(name)),
        _ => {
            let message =
                format!("the type of the key {name:?}: {kind} is no itemseal_lab_key_type");
            Err(Failure::argument(message))
        }
    }
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn refused(error: TableError) -> Failure {
    Error::new(ErrorKind::Service, error.to_string()).with_code(error.code()).into()
}

/// Makes a table in the first of `count` Regions, with a replica in each other one. `sort_key` is NULL if it has none; the types are of
/// `itemseal_lab_key_type`. All can be used at once. For indexes, streams and the like use an AWS SDK with the endpoint.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_create_table(
    lab: *const itemseal_lab,
    name: *const c_char,
    name_length: usize,
    partition_key: *const c_char,
    partition_key_length: usize,
    partition_key_type: u32,
    sort_key: *const c_char,
    sort_key_length: usize,
    sort_key_type: u32,
    regions: *const itemseal_lab_text,
    count: usize,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, and that as much can be read as is said.
        let (lab, name, partition_key, sort_key, regions) = unsafe {
            (
                handle::shared(lab)?,
                arguments::text(name, name_length, "name")?,
                arguments::text(partition_key, partition_key_length, "partition_key")?,
                arguments::optional_text(sort_key, sort_key_length, "sort_key")?,
                texts(regions, count, "regions")?,
            )
        };
        let (home, others) = home(lab, &regions)?;
        let partition_key = attribute(partition_key, partition_key_type)?;
        let sort_key = sort_key.map(|name| attribute(name, sort_key_type)).transpose()?;
        let tables = lab.lab()?.tables();
        tables.create_table(home, name, partition_key, sort_key).map_err(refused)?;
        for region in others {
            tables.add_replica_from(home, name, region).map_err(refused)?;
        }
        Ok(())
    })
}
