//! `TransactWriteItems` and `TransactGetItems`.

use aws_sdk_dynamodb::operation::transact_get_items::builders::TransactGetItemsInputBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::types::{
    self, ReturnConsumedCapacity, ReturnItemCollectionMetrics, ReturnValuesOnConditionCheckFailure,
    TransactGetItem, TransactWriteItem,
};
use itemseal::{Item, Result};

use super::super::json::Attributes;
use super::{Names, Word, missing, request, sdk, word};

/// A part of a transaction that has a condition. The SDK's types share no trait.
macro_rules! part {
    ($name:ident { $($field:ident: $type:ty => $set:ident($value:expr)),+ $(,)? }) => {
        request!(
            $name {
                table_name: Option<String>,
                $($field: $type,)+
                condition_expression: Option<String>,
                expression_attribute_names: Option<Names>,
                expression_attribute_values: Option<Item>,
                return_values_on_condition_check_failure: Option<Word<ReturnValuesOnConditionCheckFailure>>,
            } => Result<types::$name>,
            |of| {
                let part = types::$name::builder().set_table_name(of.table_name);
                $(let part = part.$set($value(of.$field));)+
                part.set_condition_expression(of.condition_expression)
                    .set_expression_attribute_names(of.expression_attribute_names)
                    .set_expression_attribute_values(sdk(of.expression_attribute_values))
                    .set_return_values_on_condition_check_failure(word(
                        of.return_values_on_condition_check_failure,
                    ))
                    .build()
                    .map_err(missing)
            }
        );
    };
}

fn needed(item: Item) -> Option<Attributes> {
    sdk(Some(item))
}

part!(Put { item: Item => set_item(needed) });
part!(Update {
    key: Item => set_key(needed),
    update_expression: Option<String> => set_update_expression(std::convert::identity),
});
part!(Delete { key: Item => set_key(needed) });
part!(ConditionCheck { key: Item => set_key(needed) });

request!(
    WritePart {
        put: Option<Put>,
        update: Option<Update>,
        delete: Option<Delete>,
        condition_check: Option<ConditionCheck>,
    } => Result<TransactWriteItem>,
    |of| Ok(TransactWriteItem::builder()
        .set_put(of.put.map(Put::input).transpose()?)
        .set_update(of.update.map(Update::input).transpose()?)
        .set_delete(of.delete.map(Delete::input).transpose()?)
        .set_condition_check(of.condition_check.map(ConditionCheck::input).transpose()?)
        .build())
);

request!(
    TransactWriteItems {
        transact_items: Vec<WritePart>,
        client_request_token: Option<String>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
        return_item_collection_metrics: Option<Word<ReturnItemCollectionMetrics>>,
    } => Result<TransactWriteItemsInputBuilder>,
    |of| {
        let parts = of.transact_items.into_iter().map(WritePart::input);
        Ok(TransactWriteItemsInputBuilder::default()
            .set_transact_items(Some(parts.collect::<Result<_>>()?))
            .set_client_request_token(of.client_request_token)
            .set_return_consumed_capacity(word(of.return_consumed_capacity))
            .set_return_item_collection_metrics(word(of.return_item_collection_metrics)))
    }
);

request!(
    Get {
        table_name: Option<String>,
        key: Item,
        projection_expression: Option<String>,
        expression_attribute_names: Option<Names>,
    } => Result<types::Get>,
    |of| types::Get::builder()
        .set_table_name(of.table_name)
        .set_key(sdk(Some(of.key)))
        .set_projection_expression(of.projection_expression)
        .set_expression_attribute_names(of.expression_attribute_names)
        .build()
        .map_err(missing)
);

request!(
    GetPart { get: Get } => Result<TransactGetItem>,
    |of| Ok(TransactGetItem::builder().get(of.get.input()?).build())
);

request!(
    TransactGetItems {
        transact_items: Vec<GetPart>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
    } => Result<TransactGetItemsInputBuilder>,
    |of| {
        let parts = of.transact_items.into_iter().map(GetPart::input);
        Ok(TransactGetItemsInputBuilder::default()
            .set_transact_items(Some(parts.collect::<Result<_>>()?))
            .set_return_consumed_capacity(word(of.return_consumed_capacity)))
    }
);
