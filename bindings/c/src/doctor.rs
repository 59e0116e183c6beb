//! What is wrong with tables and keys.

use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::aws::{self, itemseal_aws_config};
use crate::buffer::itemseal_buffer;
use crate::config::file::itemseal_config_file;
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Out};
use crate::process::Home;
use crate::status::itemseal_status;
use crate::wait;

/// Looks at every table and key of a file, in every Region that is configured, and says what is wrong and what to do, as JSON:
/// `{"Well", "Text", "Regions": [{"Table", "Region", "Well", "Findings": [{"Says", "Remedy"}]}]}`; a finding without `Remedy` is good, and `Text` is the report for
/// people. It changes nothing, and goes on when a Region does not answer. `aws` may be NULL. On success, whatever was found, `*out` is the
/// caller's, to be freed with `itemseal_buffer_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_doctor(
    file: *const itemseal_config_file,
    aws: *const itemseal_aws_config,
    out: *mut *mut itemseal_buffer,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or handles that are alive, and an `out` that may be written.
        let (file, out) = unsafe { (handle::shared(file)?, Out::new(out, "out")?) };
        // SAFETY: as above.
        let aws = unsafe { aws::given(aws) }?;
        let report =
            wait::at(Home::this_process(), itemseal_aws::doctor::examine(file, &aws.config))?;
        let regions = report.regions().iter().map(|region| {
            let findings = region.findings().iter().map(|finding| match finding.remedy() {
                Some(remedy) => json!({"Says": finding.says(), "Remedy": remedy}),
                None => json!({"Says": finding.says()}),
            });
            let findings: Value = findings.collect();
            let (table, at, well) = (region.table(), region.region(), region.is_well());
            json!({"Table": table, "Region": at, "Well": well, "Findings": findings})
        });
        let regions: Value = regions.collect();
        let told =
            json!({"Well": report.is_well(), "Text": report.to_string(), "Regions": regions});
        out.give(Zeroizing::new(told.to_string().into_bytes()));
        Ok(())
    })
}
