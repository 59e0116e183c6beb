use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsOutput;
use aws_sdk_dynamodb::operation::transact_get_items::builders::TransactGetItemsInputBuilder;
use itemseal::Result;

use super::{Answer, GlobalTable};
use crate::rules::Projection;

impl GlobalTable {
    /// [TransactGetItems](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html):
    /// every item is verified and opened, and one that does not open fails all. A table that is not
    /// encrypted may take part.
    ///
    /// # Errors
    /// As of [`get_item`](Self::get_item).
    pub async fn transact_get_items(
        &self,
        input: TransactGetItemsInputBuilder,
    ) -> Result<Answer<TransactGetItemsOutput>> {
        let mut gets = input.get_transact_items().clone().unwrap_or_default();
        let mut plans = Vec::with_capacity(gets.len());
        for item in &mut gets {
            let Some(get) = &mut item.get else {
                plans.push((None, None));
                continue;
            };
            let table = self.table_or_plaintext(&get.table_name)?;
            let mut projection = None;
            if table.is_some() {
                let names = get.expression_attribute_names.take();
                let expression = get.projection_expression.take();
                projection = Projection::read(expression.as_deref(), names.as_ref())?;
            }
            plans.push((table, projection));
        }
        let input = input.set_transact_items(Some(gets));
        // A transaction sees what was written before it, in its Region.
        let send = |client| input.clone().send_with(client);
        let (mut output, region) = self.read("TransactGetItems", true, send).await?;
        for (response, (table, projection)) in output.responses.iter_mut().flatten().zip(plans) {
            if let Some(table) = table
                && let Some(item) = response.item.take()
            {
                response.item = Some(table.open(item, projection.as_ref()).await?);
            }
        }
        Ok(Answer::new(output, &region))
    }
}
