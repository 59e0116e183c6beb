use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use itemseal::{Error, ErrorKind, Result};

use super::writes::Writes;
use super::{Answer, GlobalTable, capacity};
use crate::rules::{Projection, refuse_legacy};
use crate::sdk_items::dynamodb::{from_sdk, to_sdk};

impl GlobalTable {
    /// [`get_item`](Self::get_item) that does not go back in time: the item that it gives has `version` or a
    /// later one. A Region whose replica is behind is passed by, and so is one in which somebody put
    /// an older item back; the home Region is then read consistently. No item is an answer only of the
    /// home Region, or where writes fail over of every Region.
    ///
    /// # Errors
    /// [`Conflict`](ErrorKind::Conflict), worth trying again, if no Region that answers has it;
    /// [`Misuse`](ErrorKind::Misuse) if the table has no
    /// [version attribute](super::GlobalTableBuilder::version_attribute); and as of `get_item`.
    pub async fn get_item_not_before(
        &self,
        input: GetItemInputBuilder,
        version: u64,
    ) -> Result<Answer<GetItemOutput>> {
        let table = self.table(input.get_table_name().as_deref())?;
        table.version(&Default::default())?;
        refuse_legacy("AttributesToGet", input.get_attributes_to_get().is_some())?;
        let projection = Projection::read(
            input.get_projection_expression().as_deref(),
            input.get_expression_attribute_names().as_ref(),
        )?;
        let whole = input.set_projection_expression(None).set_expression_attribute_names(None);
        let answer = self.get_item(whole.clone()).await?;
        let mut spent = answer.consumed_capacity.clone();
        let old_enough = |item: &_| -> Result<Option<u64>> {
            Ok(table.version(item)?.filter(|found| *found >= version))
        };
        let finish = |mut output: GetItemOutput, region: &str, found| {
            if let Some(projection) = &projection
                && let Some(item) = output.item.take()
            {
                output.item = Some(to_sdk(projection.of(&from_sdk(item)?)));
            }
            Ok(Answer::new(output, region).with_version(found))
        };
        if let Some(found) = answer.item().map(old_enough).transpose()?.flatten() {
            let region = answer.region().to_owned();
            return finish(answer.into_output(), &region, Some(found));
        }
        let strict = whole.consistent_read(true);
        let (mut absent_at, mut asked) = (0, 0);
        let mut last = None;
        for (index, region) in self.inner.regions.names().enumerate() {
            asked += 1;
            let send = |client| strict.clone().send_with(client);
            let (mut output, region) = match self.read_in(region, "GetItem", send).await {
                Ok(answered) => answered,
                Err(error) if error.is_retryable() => {
                    last = Some(error);
                    continue;
                }
                Err(error) => return Err(error),
            };
            capacity::add(&mut spent, output.consumed_capacity.take());
            output.consumed_capacity = spent.clone();
            let Some(stored) = output.item.take() else {
                absent_at += 1;
                if index == 0 && self.inner.writes == Writes::Home {
                    return finish(output, &region, None);
                }
                continue;
            };
            let item = table.open(stored, None).await?;
            if let Some(found) = old_enough(&item)? {
                output.item = Some(item);
                return finish(output, &region, Some(found));
            }
        }
        if absent_at == asked {
            let output = GetItemOutput::builder().set_consumed_capacity(spent).build();
            return finish(output, self.inner.regions.home().0, None);
        }
        let message = format!(
            "no Region that answers has version {version} of the item or a later one: replication is late, or \
             an older item was put back; read it again, later"
        );
        let error = Error::new(ErrorKind::Conflict, message).retryable();
        Err(match last {
            Some(unanswered) => error.with_source(unanswered),
            None => error,
        })
    }
}
