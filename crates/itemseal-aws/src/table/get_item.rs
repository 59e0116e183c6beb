use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use itemseal::Result;

use super::{Answer, GlobalTable};
use crate::rules::{Projection, refuse_legacy};

impl GlobalTable {
    /// [GetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html):
    /// the item is verified and opened. A projection is made after that: all of the item is read, which
    /// costs the same.
    ///
    /// # Errors
    /// As of [`ItemEncryptor::decrypt_item`](itemseal::ItemEncryptor::decrypt_item), and DynamoDB's.
    pub async fn get_item(&self, input: GetItemInputBuilder) -> Result<Answer<GetItemOutput>> {
        let table = self.table(input.get_table_name().as_deref())?;
        refuse_legacy("AttributesToGet", input.get_attributes_to_get().is_some())?;
        let projection = Projection::read(
            input.get_projection_expression().as_deref(),
            input.get_expression_attribute_names().as_ref(),
        )?;
        let whole = input.set_projection_expression(None).set_expression_attribute_names(None);
        let consistent = whole.get_consistent_read() == &Some(true);
        let send = |client| whole.clone().send_with(client);
        let (mut output, region) = self.read("GetItem", consistent, send).await?;
        if let Some(item) = output.item.take() {
            output.item = Some(table.open(item, projection.as_ref()).await?);
        }
        Ok(Answer::new(output, &region))
    }
}
