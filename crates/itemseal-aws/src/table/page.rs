//! A page of a query or a scan.

use aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity, Select};
use itemseal::Result;

use super::bad_item::BadItem;
use super::one_table::Table;
use super::{GlobalTable, capacity};
use crate::rules::{
    Kind, Names, Projection, check_condition, partial_index, refuse_legacy, still_used,
};
use crate::sdk_items::dynamodb::Attributes;

/// What a query and a scan have in common.
pub(super) struct Request {
    pub(super) table: Option<String>,
    pub(super) index: Option<String>,
    pub(super) key_condition: Option<String>,
    pub(super) filter: Option<String>,
    pub(super) projection: Option<String>,
    pub(super) names: Option<Names>,
    pub(super) select: Option<Select>,
    pub(super) report_capacity: Option<ReturnConsumedCapacity>,
    /// Legacy parameters, and whether they are given.
    pub(super) legacy: Vec<(&'static str, bool)>,
}

/// How a page is asked for, and opened.
pub(super) struct Plan<'t> {
    table: &'t Table,
    projection: Option<Projection>,
    /// The index has parts of the items only: they are read again from the table.
    complete: bool,
    report_capacity: Option<ReturnConsumedCapacity>,
    /// What is sent instead.
    pub(super) names: Option<Names>,
    pub(super) select: Option<Select>,
}

impl GlobalTable {
    pub(super) fn plan(&self, request: Request) -> Result<Plan<'_>> {
        let table = self.table(request.table.as_deref())?;
        for (name, is_given) in &request.legacy {
            refuse_legacy(name, *is_given)?;
        }
        let names = request.names.as_ref();
        let expressions = [
            (Kind::KeyCondition, request.key_condition.as_deref()),
            (Kind::Filter, request.filter.as_deref()),
        ];
        for (kind, expression) in expressions {
            check_condition(table.config(), kind, expression, names)?;
        }
        let projection = Projection::read(request.projection.as_deref(), names)?;
        // A count has no items.
        let counts = request.select == Some(Select::Count);
        let whole = match &request.index {
            Some(index) => table.shape.is_whole(index)?,
            None => true,
        };
        if !whole && !counts && !self.inner.complete_index_reads {
            let index = request.index.as_deref().unwrap_or_default();
            return Err(partial_index(
                index,
                "let complete_index_reads read them from the table, ",
            ));
        }
        let used = [request.key_condition.as_deref(), request.filter.as_deref()];
        let names = still_used(request.names, &used);
        // All of an item is read: it takes all to verify it.
        let select = request.select.filter(|select| {
            !matches!(select, Select::SpecificAttributes | Select::AllProjectedAttributes)
        });
        let complete = !whole && !counts;
        let report_capacity = request.report_capacity;
        Ok(Plan { table, projection, complete, report_capacity, names, select })
    }

    /// The items of a page, opened, and those that do not open; what completing it cost is added to `capacity`.
    pub(super) async fn open_page(
        &self,
        plan: &Plan<'_>,
        region: &str,
        items: Option<Vec<Attributes>>,
        capacity: &mut Option<ConsumedCapacity>,
    ) -> Result<(Option<Vec<Attributes>>, Vec<BadItem>)> {
        let Some(mut items) = items else { return Ok((None, Vec::new())) };
        if plan.complete {
            let report = plan.report_capacity.clone();
            let (whole, cost) = self.whole_items(plan.table, region, report, items).await?;
            items = whole;
            for more in cost {
                capacity::add(capacity, Some(more));
            }
        }
        let report = self.mode.report_bad_items;
        let opened = plan.table.open_all(items, plan.projection.as_ref(), report).await?;
        Ok((Some(opened.0), opened.1))
    }
}
