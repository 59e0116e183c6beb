//! Items that wait for their keys: tasks of the runtime wait, one thread turns the items from and into Python's.

use std::sync::Arc;
use std::sync::mpsc::{self, Sender};

use itemseal::{Item, Result};
use pyo3::prelude::*;
use pyo3::types::PyList;
use tokio::task::JoinSet;

use super::places::{self, Places};
use crate::convert::{Layer, Names};
use crate::encryptor::{Encryptor, Way};
use crate::errors::raise;
use crate::runtime::{ended_early, runtime};

/// How many items may wait for their keys at the same time.
const MOST: usize = 16;

pub(super) fn run<'py>(
    encryptor: &Arc<Encryptor>,
    way: Way,
    layer: Layer,
    items: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyList>> {
    let py = items.py();
    let runtime = runtime().map_err(|error| raise(py, &error))?;
    let (sender, mut answers) = mpsc::channel();
    // Dropped with this call, however it ends: so are the tasks.
    let mut tasks = JoinSet::new();
    let (mut places, mut names) = (Places::default(), Names::kept());
    let mut given = Some(items.try_iter()?);
    while given.is_some() || places.left() > 0 {
        if let Some(items) = &mut given
            && places.left() < MOST
        {
            let Some(item) = items.next() else {
                given = None;
                continue;
            };
            let (item, encryptor) = (layer.read(&item?)?, Arc::clone(encryptor));
            let mut reply = Reply { at: places.begin(), to: Some(sender.clone()) };
            let work = async move { reply.send(encryptor.one(way, item).await) };
            tasks.spawn_on(work, runtime.handle());
        } else if let Some((at, item)) = places::next(py, &mut answers)? {
            let item = item.map_err(|error| raise(py, &error))?;
            places.put(at, vec![layer.write_with(py, item, &mut names)?.unbind()]);
            while tasks.try_join_next().is_some() {}
        }
    }
    places.into_list(py)
}

/// Answers for an item, whatever becomes of its task: somebody waits for it.
struct Reply {
    at: usize,
    to: Option<Sender<(usize, Result<Item>)>>,
}

impl Reply {
    fn send(&mut self, answer: Result<Item>) {
        if let Some(to) = self.to.take() {
            // Whoever waited may have gone.
            let _ = to.send((self.at, answer));
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.send(Err(ended_early()));
    }
}
