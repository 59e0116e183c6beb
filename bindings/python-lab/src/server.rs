//! A lab and its endpoint, as Python holds them.

use std::net::Ipv4Addr;
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use itemseal_lab::clock::ManualClock;
use itemseal_lab::http::LabServer;
use itemseal_lab::tables::KeyAttribute;
use itemseal_lab::{Lab, Replication, admin};
use pyo3::prelude::*;

use crate::errors::{lab_error, refused};

/// How long keys are `Creating` and `Updating` where that is asked for.
const SLOW: Duration = Duration::from_secs(60);

/// A lab and its endpoint, until it is stopped. The endpoint has threads of its own, which know
/// nothing of Python; so nothing here holds the interpreter while it waits.
#[pyclass(frozen, module = "itemseal_lab._itemseal_lab")]
pub(crate) struct Server {
    endpoint: String,
    /// The process that has the threads. A child that was forked has the memory and no threads: what
    /// it waits for never comes, and a lock that was held then is held for ever.
    process: u32,
    running: Mutex<Option<Running>>,
}

struct Running {
    lab: Lab,
    server: LabServer,
}

#[pymethods]
impl Server {
    /// Starts it on 127.0.0.1; on any free port for 0, and with every Region for none.
    #[new]
    fn new(
        py: Python<'_>,
        regions: Option<Vec<String>>,
        port: u16,
        manual: bool,
        slow_keys: bool,
    ) -> PyResult<Self> {
        py.detach(|| {
            let mut lab = match regions {
                Some(regions) => Lab::builder().regions(regions),
                None => Lab::builder().every_region(),
            };
            if manual {
                lab = lab.clock(ManualClock::default());
            }
            if slow_keys {
                lab = lab.keys_creating_for(SLOW).keys_updating_for(SLOW);
            }
            let replication = if manual { Replication::Manual } else { Replication::Automatic };
            let lab = lab.build().map_err(|error| lab_error(&error))?;
            let server = LabServer::builder(&lab)
                .address((Ipv4Addr::LOCALHOST, port).into())
                .replication(replication)
                .start()
                .map_err(|error| lab_error(&error))?;
            let endpoint = server.endpoint();
            let running = Mutex::new(Some(Running { lab, server }));
            Ok(Self { endpoint, process: process::id(), running })
        })
    }

    /// The endpoint's URL.
    #[getter]
    fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The id of the process that has it.
    #[getter]
    fn process(&self) -> u32 {
        self.process
    }

    /// The Regions that have tables, in order.
    fn regions(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let lab = self.lab()?;
        Ok(py.detach(|| lab.tables().regions().collect()))
    }

    /// A request to the lab's own API: its HTTP status, and its answer in JSON.
    fn call(
        &self,
        py: Python<'_>,
        method: &str,
        path: &str,
        body: &str,
    ) -> PyResult<(u16, String)> {
        let lab = self.lab()?;
        Ok(py.detach(|| {
            let (status, answer) = admin::admin(&lab, method, path, body.as_bytes());
            (status, answer.to_string())
        }))
    }

    /// A multi-Region key in the first Region with a replica in each other one; its ARN there.
    fn create_key(
        &self,
        py: Python<'_>,
        home: &str,
        others: Vec<String>,
        description: &str,
    ) -> PyResult<String> {
        let lab = self.lab()?;
        py.detach(|| {
            let kms = lab.kms();
            let key = kms.create_key(home, true, description).map_err(|error| lab_error(&error))?;
            for region in others {
                let replica = kms.replicate_key(home, &key.key_id, &region, description);
                replica.map_err(|error| lab_error(&error))?;
            }
            Ok(key.arn)
        })
    }

    /// A table in the first Region with a replica in each other one. A key is its name and type.
    fn create_table(
        &self,
        py: Python<'_>,
        name: &str,
        partition_key: (String, String),
        sort_key: Option<(String, String)>,
        home: &str,
        others: Vec<String>,
    ) -> PyResult<()> {
        let lab = self.lab()?;
        let partition_key = key_attribute(partition_key)?;
        let sort_key = sort_key.map(key_attribute).transpose()?;
        py.detach(|| {
            let tables = lab.tables();
            let created = tables.create_table(home, name, partition_key, sort_key);
            created.map_err(|error| lab_error(&error))?;
            for region in others {
                let added = tables.add_replica_from(home, name, &region);
                added.map_err(|error| lab_error(&error))?;
            }
            Ok(())
        })
    }

    /// Ends it, if it runs and is this process's. Calls that are being served get two seconds.
    fn stop(&self, py: Python<'_>) {
        if !self.is_ours() {
            return;
        }
        let running = self.lock().take();
        py.detach(|| {
            let Some(Running { lab, server }) = running else { return };
            match tokio::runtime::Builder::new_current_thread().build() {
                Ok(runtime) => runtime.block_on(server.shutdown()),
                // It ends all the same: only nobody waits for that.
                Err(_) => drop(server),
            }
            drop(lab);
        });
    }
}

impl Server {
    fn is_ours(&self) -> bool {
        process::id() == self.process
    }

    /// The lab, as far as this process has it.
    fn lab(&self) -> PyResult<Lab> {
        if !self.is_ours() {
            return Err(refused(format!(
                "the lab runs in process {}, which this one was forked from: only its endpoint, {}, \
                 can be used here; make a lab in this process to direct one",
                self.process, self.endpoint
            )));
        }
        let lab = self.lock().as_ref().map(|running| running.lab.clone());
        lab.ok_or_else(|| {
            refused(format!("the lab at {} is closed: make another one", self.endpoint))
        })
    }

    /// Held for moments only, and nothing of Python's happens meanwhile.
    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !self.is_ours() {
            // To drop it would wake threads that are another process's.
            let running = self.running.get_mut().unwrap_or_else(PoisonError::into_inner);
            std::mem::forget(running.take());
        }
    }
}

fn key_attribute((name, kind): (String, String)) -> PyResult<KeyAttribute> {
    match kind.as_str() {
        "S" => Ok(KeyAttribute::s(name)),
        "N" => Ok(KeyAttribute::n(name)),
        "B" => Ok(KeyAttribute::b(name)),
        _ => Err(refused(format!(
            "the key attribute {name} cannot be of type {kind:?}: it is \"S\", \"N\" or \"B\""
        ))),
    }
}
