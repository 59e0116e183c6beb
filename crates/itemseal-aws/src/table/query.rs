use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use itemseal::Result;

use super::page::Request;
use super::{Answer, GlobalTable};

impl GlobalTable {
    /// [Query](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html), one
    /// page: its items are verified and opened. A projection is made after that.
    ///
    /// # Errors
    /// [`Refused`](itemseal::ErrorKind::Refused) for an expression on an encrypted attribute, and for an
    /// index that has parts of the items only, unless they are to be
    /// [completed](super::GlobalTableBuilder::complete_index_reads); and as of
    /// [`get_item`](Self::get_item): one item that does not open fails the page,
    /// unless it is to be [reported](Self::reporting_bad_items).
    pub async fn query(&self, input: QueryInputBuilder) -> Result<Answer<QueryOutput>> {
        let plan = self.plan(Request {
            table: input.get_table_name().clone(),
            index: input.get_index_name().clone(),
            key_condition: input.get_key_condition_expression().clone(),
            filter: input.get_filter_expression().clone(),
            projection: input.get_projection_expression().clone(),
            names: input.get_expression_attribute_names().clone(),
            select: input.get_select().clone(),
            report_capacity: input.get_return_consumed_capacity().clone(),
            legacy: vec![
                ("AttributesToGet", input.get_attributes_to_get().is_some()),
                ("KeyConditions", input.get_key_conditions().is_some()),
                ("QueryFilter", input.get_query_filter().is_some()),
                ("ConditionalOperator", input.get_conditional_operator().is_some()),
            ],
        })?;
        let input = input
            .set_projection_expression(None)
            .set_expression_attribute_names(plan.names.clone())
            .set_select(plan.select.clone());
        let consistent = input.get_consistent_read() == &Some(true);
        let send = |client| input.clone().send_with(client);
        let (mut output, region) = self.read("Query", consistent, send).await?;
        let items = output.items.take();
        let capacity = &mut output.consumed_capacity;
        let (items, bad_items) = self.open_page(&plan, &region, items, capacity).await?;
        output.items = items;
        Ok(Answer::new(output, &region).with_bad_items(bad_items))
    }
}
