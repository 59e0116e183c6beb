//! DynamoDB Streams: the images of GetRecords.
//!
//! An answer does not say which table its records are of, so that is remembered with each shard iterator.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use itemseal_aws::rules::table_in_arn;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::answer::{Answer, written};
use super::list;
use super::request::{as_dict, dict, given, text};
use super::tables::{Table, Tables};
use super::work::{Before, Job, Work};
use crate::convert::item_from_dynamodb;
use crate::errors::refused;

/// How many iterators are remembered; each ends after 15 minutes.
/// Source: [GetShardIterator](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html).
const MOST: usize = 10_000;

/// The tables of shard iterators; none if they are not encrypted.
type Iterator = (String, Option<Arc<Table>>);

/// Iterators of which the table is known.
#[derive(Default)]
pub(super) struct Iterators(Mutex<VecDeque<Iterator>>);

impl Iterators {
    fn add(&self, iterator: String, table: Option<Arc<Table>>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() == MOST {
            all.pop_front();
        }
        all.push_back((iterator, table));
    }

    /// An iterator may be used again.
    fn of(&self, iterator: &str) -> Option<Option<Arc<Table>>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().rev().find(|(known, _)| known == iterator).map(|(_, table)| table.clone())
    }
}

pub(super) fn plan(
    tables: &Tables,
    iterators: &Arc<Iterators>,
    operation: &str,
    params: &Bound<'_, PyDict>,
) -> PyResult<Option<Before>> {
    let table = match operation {
        "DescribeStream" | "ListStreams" => return Ok(None),
        "GetShardIterator" => match text(params, "StreamArn")? {
            Some(stream) => tables.named(&stream).cloned(),
            None => return Ok(None),
        },
        "GetRecords" => {
            let Some(iterator) = text(params, "ShardIterator")? else { return Ok(None) };
            let known = iterators.of(&iterator);
            // Iterators begin with the stream's ARN, which is not promised.
            let told = || table_in_arn(&iterator).map(|name| tables.named(name).cloned());
            known.or_else(told).ok_or_else(|| {
                let message = "it cannot be told which table's records these are; get the shard iterator with the \
                               same client";
                refused(params.py(), message)
            })?
        }
        _ => {
            let message = format!(
                "this version of itemseal does not know the operation {operation} of DynamoDB Streams; use a client \
                 without itemseal for it, or look for a newer version"
            );
            return Err(refused(params.py(), &message));
        }
    };
    let answer = Box::new(Records { table, iterators: Arc::clone(iterators) });
    Ok(Some(Before { work: Work::none(), answer: Some(answer) }))
}

struct Records {
    table: Option<Arc<Table>>,
    iterators: Arc<Iterators>,
}

impl Answer for Records {
    fn opened(self: Box<Self>, parsed: &Bound<'_, PyDict>) -> PyResult<Work> {
        for name in ["ShardIterator", "NextShardIterator"] {
            if let Some(next) = text(parsed, name)? {
                self.iterators.add(next, self.table.clone());
            }
        }
        let Some(table) = &self.table else { return Ok(Work::none()) };
        let Some(records) = given(parsed, "Records")? else { return Ok(Work::none()) };
        let (mut jobs, mut places) = (Vec::new(), Vec::new());
        for record in list(&records, "Records")? {
            let record = as_dict(record, "a record")?;
            let Some(change) = dict(&record, "dynamodb")? else { continue };
            let keys = given(&change, "Keys")?;
            let keys = keys.map(|keys| item_from_dynamodb(&keys)).transpose()?;
            for image in ["NewImage", "OldImage"] {
                let Some(stored) = given(&change, image)? else { continue };
                jobs.push(Job::image(table, item_from_dynamodb(&stored)?, keys.clone()));
                places.push((change.clone().unbind(), image));
            }
        }
        Ok(Work::new(jobs, |py, done| {
            for ((change, image), done) in places.into_iter().zip(done) {
                change.bind(py).set_item(image, written(py, done)?)?;
            }
            Ok(())
        }))
    }
}
