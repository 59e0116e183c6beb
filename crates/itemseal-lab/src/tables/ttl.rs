//! Time to live, in all replicas.
//!
//! Source: [TTL](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html). A delete
//! by TTL is replicated; only in the Region that did it does the stream name
//! `dynamodb.amazonaws.com` as who deleted
//! ([streams and TTL](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html)).

use dynoxide::actions::update_time_to_live::{
    self, UpdateTimeToLiveRequest, UpdateTimeToLiveResponse,
};

use super::database::ready;
use super::error::TableError;
use super::global::Consistency;
use super::{Region, Tables};

impl Region {
    /// [UpdateTimeToLive](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html),
    /// in all Regions that have a replica.
    ///
    /// # Errors
    /// As DynamoDB's, by name and text; `ValidationException` for a global table of strong
    /// consistency.
    pub fn update_time_to_live(
        &self,
        request: UpdateTimeToLiveRequest,
    ) -> Result<UpdateTimeToLiveResponse, TableError> {
        let table = request.table_name.clone();
        let (answer, definition, others) = {
            let database = self.database().lock();
            if let Some(present) = database.table(&table)? {
                if database.group(&table)?.consistency == Consistency::Strong {
                    return Err(super::strong::unsupported("Time To Live"));
                }
                let asked = request.time_to_live_specification.enabled;
                let named = Some(request.time_to_live_specification.attribute_name.as_str());
                // A change of the attribute's name has a text of its own.
                let same = !asked || present.ttl_attribute.as_deref() == named;
                if asked == present.ttl_enabled && same {
                    let is = if asked { "enabled" } else { "disabled" };
                    return Err(TableError::validation(format!("TimeToLive is already {is}")));
                }
            }
            let answer = ready(update_time_to_live::execute(&database.storage, request))?;
            (answer, database.require_table(&table)?, database.replicas(&table)?)
        };
        for other in &others {
            let other = self.tables().database(other)?;
            let attribute = definition.ttl_attribute.as_deref();
            other.lock().storage.update_ttl_config(&table, attribute, definition.ttl_enabled)?;
        }
        self.tables().look_again();
        Ok(answer)
    }
}

impl Tables {
    /// Deletes what is over its time to live, in every Region by that Region's clock, and says how
    /// many items that were. DynamoDB does so within days; the lab when it is told to or, if it
    /// [replicates by itself](Self::replicate_automatically), within a second.
    ///
    /// # Errors
    /// `InternalServerError` if a Region's database fails.
    pub fn sweep_ttl(&self) -> Result<usize, TableError> {
        self.regions().map(|region| self.region(&region)?.expire_items()).sum()
    }
}
