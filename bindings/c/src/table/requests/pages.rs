//! `Query` and `Scan`.

use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, Select};
use itemseal::Item;

use super::{Names, Word, request, sdk, word};

request!(
    Query {
        table_name: Option<String>,
        index_name: Option<String>,
        key_condition_expression: Option<String>,
        filter_expression: Option<String>,
        projection_expression: Option<String>,
        expression_attribute_names: Option<Names>,
        expression_attribute_values: Option<Item>,
        select: Option<Word<Select>>,
        limit: Option<i32>,
        consistent_read: Option<bool>,
        scan_index_forward: Option<bool>,
        exclusive_start_key: Option<Item>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
    } => QueryInputBuilder,
    |of| QueryInputBuilder::default()
        .set_table_name(of.table_name)
        .set_index_name(of.index_name)
        .set_key_condition_expression(of.key_condition_expression)
        .set_filter_expression(of.filter_expression)
        .set_projection_expression(of.projection_expression)
        .set_expression_attribute_names(of.expression_attribute_names)
        .set_expression_attribute_values(sdk(of.expression_attribute_values))
        .set_select(word(of.select))
        .set_limit(of.limit)
        .set_consistent_read(of.consistent_read)
        .set_scan_index_forward(of.scan_index_forward)
        .set_exclusive_start_key(sdk(of.exclusive_start_key))
        .set_return_consumed_capacity(word(of.return_consumed_capacity))
);

request!(
    Scan {
        table_name: Option<String>,
        index_name: Option<String>,
        filter_expression: Option<String>,
        projection_expression: Option<String>,
        expression_attribute_names: Option<Names>,
        expression_attribute_values: Option<Item>,
        select: Option<Word<Select>>,
        limit: Option<i32>,
        consistent_read: Option<bool>,
        segment: Option<i32>,
        total_segments: Option<i32>,
        exclusive_start_key: Option<Item>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
    } => ScanInputBuilder,
    |of| ScanInputBuilder::default()
        .set_table_name(of.table_name)
        .set_index_name(of.index_name)
        .set_filter_expression(of.filter_expression)
        .set_projection_expression(of.projection_expression)
        .set_expression_attribute_names(of.expression_attribute_names)
        .set_expression_attribute_values(sdk(of.expression_attribute_values))
        .set_select(word(of.select))
        .set_limit(of.limit)
        .set_consistent_read(of.consistent_read)
        .set_segment(of.segment)
        .set_total_segments(of.total_segments)
        .set_exclusive_start_key(sdk(of.exclusive_start_key))
        .set_return_consumed_capacity(word(of.return_consumed_capacity))
);
