//! Requests about one table, for either client.

use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use itemseal_oracle::world::Outcome;

use crate::stage::{Attributes, Both, key, order, s};

/// Where AWS's client fails when it cannot verify what DynamoDB answered.
const UNVERIFIED: &str = "ModifyBeforeAttemptCompletion";

impl Both {
    pub fn put(&self, id: &str) -> PutItemInputBuilder {
        PutItemInputBuilder::default().table_name(&self.name).set_item(Some(order(id)))
    }

    pub fn get(&self, id: &str) -> GetItemInputBuilder {
        let get = GetItemInputBuilder::default().table_name(&self.name);
        get.set_key(Some(key(id))).consistent_read(true)
    }

    pub fn update(&self, id: &str, expression: &str) -> UpdateItemInputBuilder {
        let update = UpdateItemInputBuilder::default().table_name(&self.name);
        update.set_key(Some(key(id))).update_expression(expression)
    }

    /// The shipped orders, in an index.
    pub fn shipped(&self, index: &str) -> QueryInputBuilder {
        QueryInputBuilder::default()
            .table_name(&self.name)
            .index_name(index)
            .key_condition_expression("OrderStatus = :s")
            .expression_attribute_values(":s", s("Shipped"))
    }

    /// Encrypted orders.
    pub async fn fill(&self, ids: &[&str]) -> Outcome {
        for id in ids {
            self.ours.put_item(self.put(id)).await?;
        }
        Ok(())
    }

    /// What DynamoDB stores.
    pub async fn stored(&self, id: &str) -> Outcome<Option<Attributes>> {
        Ok(self.get(id).send_with(&self.raw).await?.item)
    }

    /// Stores this as it is.
    pub async fn store(&self, item: Attributes) -> Outcome {
        self.raw.put_item().table_name(&self.name).set_item(Some(item)).send().await?;
        Ok(())
    }
}

/// Whether AWS's client could not verify what it got.
pub fn unverified<E: std::error::Error>(result: Result<impl Sized, E>) -> bool {
    says(&result, &[UNVERIFIED])
}

/// Whether there was an error, and its text has one of these.
pub fn says<E: std::error::Error>(result: &Result<impl Sized, E>, words: &[&str]) -> bool {
    let Err(error) = result else { return false };
    let text = DisplayErrorContext(error).to_string();
    words.iter().any(|words| text.contains(words))
}

/// Whether the error's messages, its sources' included, have one of these. (The SDK's errors also carry the
/// raw answer, which programs rarely print.)
pub fn tells<E: std::error::Error>(result: &Result<impl Sized, E>, words: &[&str]) -> bool {
    let mut next: Option<&dyn std::error::Error> = result.as_ref().err().map(|error| error as _);
    while let Some(error) = next {
        let text = error.to_string();
        if words.iter().any(|words| text.contains(words)) {
            return true;
        }
        next = error.source();
    }
    false
}
