use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use itemseal::{Error, ErrorKind, Result};

use super::errors::{Failed, misuse};
use super::keys::key_of;
use super::one_table::Table;
use super::repeat::{MOST_ATTEMPTS, pause};
use super::{Answer, GlobalTable, HEADER};
use crate::sdk_items::dynamodb::Attributes;

impl GlobalTable {
    /// Changes an item, signed and encrypted attributes included: it reads and opens the item, has
    /// `change` make the new one, encrypts that, and writes it if nobody has written the item
    /// meanwhile; else it begins again, up to eight times. All in the home Region.
    ///
    /// `change` gets the item, or none if there is none, and gives the new one, or none to leave things
    /// as they are. It can be called several times. The answer has the item as it is now.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if the key is changed; [`Conflict`](ErrorKind::Conflict) if others
    /// wrote the item every time; `change`'s own; and as of [`get_item`](Self::get_item) and
    /// [`put_item`](Self::put_item).
    pub async fn update_item_with(
        &self,
        table_name: &str,
        key: Attributes,
        mut change: impl FnMut(Option<Attributes>) -> Result<Option<Attributes>>,
    ) -> Result<Answer<Option<Attributes>>> {
        let table = self.table(Some(table_name))?;
        let expected = key_of(table.config(), &key)?;
        let read = GetItemInputBuilder::default().table_name(table_name).set_key(Some(key));
        let read = read.consistent_read(true);
        for attempt in 1..=MOST_ATTEMPTS {
            let sent = self.write("GetItem", |client| read.clone().send_with(client)).await;
            let (output, region) = sent.map_err(Failed::into_error)?;
            let header = output.item.as_ref().and_then(|item| item.get(HEADER)).cloned();
            let present = table.open_some(output.item).await?;
            let Some(mut changed) = change(present.clone())? else {
                return Ok(Answer::new(present, &region));
            };
            if key_of(table.config(), &changed)? != expected {
                return Err(misuse("the key of an item cannot be changed; put a new item"));
            }
            let version = table.raise_from(present.as_ref(), &mut changed)?;
            let sealed = table.seal(changed.clone()).await?;
            let write =
                PutItemInputBuilder::default().table_name(table_name).set_item(Some(sealed));
            let write = only_if_unchanged(write, table, header, present);
            let failed = match self.write("PutItem", |client| write.clone().send_with(client)).await
            {
                Ok((_, region)) => {
                    return Ok(Answer::new(Some(changed), &region).with_version(version));
                }
                Err(failed) => failed,
            };
            let is_conflict = matches!(
                failed.error.as_service_error(),
                Some(
                    PutItemError::ConditionalCheckFailedException(_)
                        | PutItemError::ReplicatedWriteConflictException(_)
                        | PutItemError::TransactionConflictException(_)
                )
            );
            if !is_conflict {
                return Err(failed.into_error());
            }
            if attempt < MOST_ATTEMPTS {
                pause(attempt).await;
            }
        }
        let message = format!(
            "others wrote the item each of {MOST_ATTEMPTS} times that it was read and changed; try again"
        );
        Err(Error::new(ErrorKind::Conflict, message))
    }
}

/// A condition that holds while the item is as it was read.
fn only_if_unchanged(
    write: PutItemInputBuilder,
    table: &Table,
    header: Option<AttributeValue>,
    present: Option<Attributes>,
) -> PutItemInputBuilder {
    let write = write.expression_attribute_names("#header", HEADER);
    match (header, present) {
        // Every encryption makes a new header, so it says which version was read.
        (Some(header), _) => write
            .condition_expression("#header = :header")
            .expression_attribute_values(":header", header),
        (None, None) => write
            .condition_expression("attribute_not_exists(#header) AND attribute_not_exists(#key)")
            .expression_attribute_names("#key", table.config().partition_key()),
        // One of before the table was encrypted has only its attributes to be known by.
        (None, Some(present)) => {
            let mut condition = "attribute_not_exists(#header)".to_owned();
            let mut write = write;
            for (at, (name, value)) in present.into_iter().enumerate() {
                condition.push_str(&format!(" AND #a{at} = :a{at}"));
                write = write
                    .expression_attribute_names(format!("#a{at}"), name)
                    .expression_attribute_values(format!(":a{at}"), value);
            }
            write.condition_expression(condition)
        }
    }
}
