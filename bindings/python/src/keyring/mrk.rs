//! Multi-Region keys.

use std::sync::Arc;
use std::time::Duration;

use itemseal::failover::RegionOrder;
use itemseal::{Result, keyring};
use pyo3::prelude::*;

use super::{Keyring, Recipe, checked};
use crate::access::Access;
use crate::errors::named;
use crate::seconds::some_seconds;
use crate::services::Services;

struct Mrk {
    key_arn: String,
    regions: Vec<String>,
    most_per_region: Option<Duration>,
    order: RegionOrder,
    access: Access,
}

impl Recipe for Mrk {
    fn build(&self, services: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>> {
        let builder = keyring::MrkKeyring::builder(&self.key_arn).regions(&self.regions);
        let builder = match self.most_per_region {
            Some(most) => builder.most_per_region(most),
            None => builder,
        };
        Ok(Arc::new(builder.order(self.order).build(self.access.over(services)?)?))
    }

    fn waits(&self) -> bool {
        true
    }
}

/// Wraps data keys under one multi-Region key, through the first of its Regions that answers.
///
/// key_arn is the full ARN of any of its replicas; regions are those with a replica, home first, and without them the
/// one of the ARN. A Region that is unreachable, throttled or broken passes the call on to the next one; one that
/// denies ends it. deadline is the most time for one item over all Regions, 5 seconds unless given; most_per_region
/// the most that one Region may take while others are left, 0.8 seconds unless given: both as seconds or a timedelta.
/// order is "as-given", or "nearest": the Region whose answers come soonest.
///
/// What cannot be right is a MisuseError at once. Items are written and read with errors of KeyDeniedError,
/// KeyUnavailableError (worth trying again) and ServiceError, which name the Region.
#[pyclass(frozen, extends = Keyring, module = "itemseal")]
pub(crate) struct MrkKeyring {
    key_arn: String,
    regions: Vec<String>,
}

#[pymethods]
impl MrkKeyring {
    #[new]
    #[pyo3(signature = (key_arn, regions=Vec::new(), *, deadline=None, most_per_region=None,
        order="as-given", grant_tokens=Vec::new()))]
    #[allow(clippy::too_many_arguments, reason = "Python's keyword arguments")]
    fn new(
        py: Python<'_>,
        key_arn: String,
        regions: Vec<String>,
        deadline: Option<&Bound<'_, PyAny>>,
        most_per_region: Option<&Bound<'_, PyAny>>,
        order: &str,
        grant_tokens: Vec<String>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let order = match order {
            "as-given" => RegionOrder::AsGiven,
            "nearest" => RegionOrder::Nearest,
            _ => {
                let message = "order: say \"as-given\" or \"nearest\"";
                return Err(named(py, "MisuseError", message, None));
            }
        };
        let most_per_region = some_seconds("most_per_region", most_per_region)?;
        let access = Access::new(deadline, grant_tokens)?;
        let this = Self { key_arn: key_arn.clone(), regions: regions.clone() };
        let recipe = Mrk { key_arn, regions, most_per_region, order, access };
        Ok(checked(py, recipe)?.add_subclass(this))
    }

    fn __repr__(&self) -> String {
        format!("MrkKeyring({:?}, regions={:?})", self.key_arn, self.regions)
    }
}

struct MrkMulti {
    key_arns: Vec<String>,
    access: Access,
}

impl Recipe for MrkMulti {
    fn build(&self, services: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>> {
        Ok(Arc::new(keyring::MrkMultiKeyring::new(&self.key_arns, self.access.over(services)?)?))
    }

    fn waits(&self) -> bool {
        true
    }
}

/// Wraps data keys under several keys, each in the Region of its ARN; reads what a replica of one of them wrapped.
///
/// To survive the loss of a Region use MrkKeyring with several Regions. key_arns are full ARNs, at least one, and no
/// two of the same multi-Region key. The deadline is divided among the keys; it and grant_tokens are as for MrkKeyring.
#[pyclass(frozen, extends = Keyring, module = "itemseal")]
pub(crate) struct MrkMultiKeyring {
    key_arns: Vec<String>,
}

#[pymethods]
impl MrkMultiKeyring {
    #[new]
    #[pyo3(signature = (key_arns, *, deadline=None, grant_tokens=Vec::new()))]
    fn new(
        py: Python<'_>,
        key_arns: Vec<String>,
        deadline: Option<&Bound<'_, PyAny>>,
        grant_tokens: Vec<String>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let access = Access::new(deadline, grant_tokens)?;
        let recipe = MrkMulti { key_arns: key_arns.clone(), access };
        Ok(checked(py, recipe)?.add_subclass(Self { key_arns }))
    }

    fn __repr__(&self) -> String {
        format!("MrkMultiKeyring({:?})", self.key_arns)
    }
}
