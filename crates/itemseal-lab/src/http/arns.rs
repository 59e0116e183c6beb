//! ARNs, between the engine's constant Region and account and the real ones.
//!
//! The engine knows one Region and one account. Only the places where ARNs belong are rewritten: an
//! item may hold any text, also one that looks like an ARN.

use serde_json::{Map, Value};

use crate::tables::TableError;

/// The Region and the account that the engine writes.
const ENGINE: &str = "dynoxide:000000000000";
/// Members of requests that hold a table's name, or since 2024 its ARN instead.
const TABLE_NAME: &str = "TableName";
/// Members of requests that hold an ARN.
const ARNS: [&str; 3] = ["StreamArn", "ResourceArn", "ExclusiveStartStreamArn"];
/// Operations whose answers tell of tables and streams, and hold no item, no tag and no text of a
/// user's.
const TELLING: [&str; 6] =
    ["CreateTable", "DeleteTable", "DescribeStream", "DescribeTable", "ListStreams", "UpdateTable"];

/// One Region of one account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    pub(super) region: &'p str,
    pub(super) account: &'p str,
}

impl Place<'_> {
    /// Makes a request what the engine understands.
    ///
    /// # Errors
    /// `ValidationException` for something that is no ARN of a table; `ResourceNotFoundException`
    /// for one of another Region; `AccessDeniedException` for one of another account.
    pub(super) fn incoming(self, request: &mut Value) -> Result<(), TableError> {
        let Some(members) = request.as_object_mut() else { return Ok(()) };
        for name in ARNS {
            if let Some(Value::String(arn)) = members.get_mut(name) {
                // What is no ARN at all is for the engine to refuse.
                if let Some(table) = self.resource(arn)? {
                    *arn = format!("arn:aws:dynamodb:{ENGINE}:{table}");
                }
            }
        }
        self.table_name(members)?;
        if let Some(Value::Array(items)) = members.get_mut("TransactItems") {
            for action in items.iter_mut().filter_map(Value::as_object_mut) {
                for request in action.values_mut().filter_map(Value::as_object_mut) {
                    self.table_name(request)?;
                }
            }
        }
        if let Some(Value::Object(tables)) = members.get_mut("RequestItems") {
            for (name, requests) in std::mem::take(tables) {
                tables.insert(self.named(&name)?.unwrap_or(name), requests);
            }
        }
        Ok(())
    }

    fn table_name(self, members: &mut Map<String, Value>) -> Result<(), TableError> {
        if let Some(Value::String(given)) = members.get_mut(TABLE_NAME)
            && let Some(name) = self.named(given)?
        {
            *given = name;
        }
        Ok(())
    }

    /// The table that an ARN in a name's place names; none if it is a name.
    fn named(self, given: &str) -> Result<Option<String>, TableError> {
        let Some(resource) = self.resource(given)? else { return Ok(None) };
        match resource.strip_prefix("table/") {
            Some(name) if !name.contains('/') => Ok(Some(name.to_owned())),
            _ => Err(TableError::validation(format!("Invalid table ARN: {given}"))),
        }
    }

    /// What an ARN names in this Region; none if it is no ARN.
    fn resource(self, given: &str) -> Result<Option<&str>, TableError> {
        let mut fields = given.splitn(6, ':');
        if fields.next() != Some("arn") {
            return Ok(None);
        }
        let (_, service, region) = (fields.next(), fields.next(), fields.next());
        let (Some("dynamodb"), Some(region), Some(account), Some(resource)) =
            (service, region, fields.next(), fields.next())
        else {
            return Err(TableError::validation(format!("Invalid table ARN: {given}")));
        };
        if account != self.account {
            let message = format!(
                "User: arn:aws:iam::{}:root is not authorized to access {given}",
                self.account
            );
            return Err(TableError::new("AccessDeniedException", message));
        }
        if region != self.region {
            let message = format!(
                "Requested resource not found: {given} is in {region}, and this is {}",
                self.region
            );
            return Err(TableError::new("ResourceNotFoundException", message));
        }
        Ok(Some(resource))
    }

    /// Makes an answer what AWS would write.
    pub(super) fn outgoing(self, operation: &str, answer: &mut Value) {
        if TELLING.contains(&operation) {
            self.everywhere(answer);
        } else if operation == "GetRecords"
            && let Some(Value::Array(records)) = answer.get_mut("Records")
        {
            for record in records.iter_mut().filter_map(Value::as_object_mut) {
                record.insert("awsRegion".to_owned(), self.region.into());
                identity(record);
            }
        }
    }

    /// The same for an error, whose text can hold an ARN.
    pub(super) fn outgoing_error(self, body: &mut Value) {
        for name in ["message", "Message"] {
            if let Some(Value::String(text)) = body.get_mut(name) {
                let real = format!("{}:{}", self.region, self.account);
                *text = text.replace(ENGINE, &real);
                let user = format!("arn:aws:iam::{}:root", self.account);
                *text = text.replace("arn:aws:iam::000000000000:root", &user);
            }
        }
    }

    fn everywhere(self, value: &mut Value) {
        match value {
            Value::String(text) => {
                // A replica's ARN has its own Region, and only the engine's account.
                if let Some((start, resource)) = text.split_once(":000000000000:")
                    && let Some(region) = start.strip_prefix("arn:aws:dynamodb:")
                    && region != "dynoxide"
                {
                    *text = format!("arn:aws:dynamodb:{region}:{}:{resource}", self.account);
                    return;
                }
                for service in ["dynamodb", "kms"] {
                    let engine = format!("arn:aws:{service}:{ENGINE}:");
                    if let Some(resource) = text.strip_prefix(&engine) {
                        // The engine takes a key's alias for its id.
                        let resource = resource.replacen("key/alias/", "alias/", 1);
                        *text = format!(
                            "arn:aws:{service}:{}:{}:{resource}",
                            self.region, self.account
                        );
                        return;
                    }
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.everywhere(value)),
            Value::Object(members) => {
                members.values_mut().for_each(|value| self.everywhere(value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Who deleted by time to live, with the members' names of the service's model: the engine writes
/// those of the events that functions get.
fn identity(record: &mut Map<String, Value>) {
    let Some(Value::Object(identity)) = record.get_mut("userIdentity") else { return };
    for (engine, name) in [("type", "Type"), ("principalId", "PrincipalId")] {
        if let Some(value) = identity.remove(engine) {
            identity.insert(name.to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PLACE: Place<'_> = Place { region: "eu-west-1", account: "111122223333" };
    const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/T";

    fn incoming(mut request: Value) -> Result<Value, String> {
        PLACE.incoming(&mut request).map_err(|error| error.code().to_owned())?;
        Ok(request)
    }

    #[test]
    fn a_tables_arn_stands_for_its_name_wherever_a_name_stands() {
        assert_eq!(incoming(json!({"TableName": TABLE})), Ok(json!({"TableName": "T"})));
        assert_eq!(incoming(json!({"TableName": "arnold"})), Ok(json!({"TableName": "arnold"})));
        let request = json!({"TransactItems": [{"Put": {"TableName": TABLE, "Item": {}}}]});
        let wanted = json!({"TransactItems": [{"Put": {"TableName": "T", "Item": {}}}]});
        assert_eq!(incoming(request), Ok(wanted));
        let wanted = json!({"RequestItems": {"T": {}, "U": {}}});
        assert_eq!(incoming(json!({"RequestItems": {TABLE: {}, "U": {}}})), Ok(wanted));
        let stream = format!("{TABLE}/stream/1");
        let wanted = "arn:aws:dynamodb:dynoxide:000000000000:table/T/stream/1";
        assert_eq!(incoming(json!({"StreamArn": stream})), Ok(json!({"StreamArn": wanted})));
        // An item's text is not an ARN's place.
        let item = json!({"Item": {"TableName": {"S": TABLE}}});
        assert_eq!(incoming(item.clone()), Ok(item));
    }

    #[test]
    fn arns_of_elsewhere_are_refused() {
        for (arn, code) in [
            ("arn:aws:dynamodb:eu-west-2:111122223333:table/T", "ResourceNotFoundException"),
            ("arn:aws:dynamodb:eu-west-1:999922223333:table/T", "AccessDeniedException"),
            ("arn:aws:kms:eu-west-1:111122223333:key/k", "ValidationException"),
            ("arn:aws:dynamodb:eu-west-1:111122223333:table/T/index/i", "ValidationException"),
            ("arn:aws", "ValidationException"),
        ] {
            assert_eq!(incoming(json!({"TableName": arn})), Err(code.to_owned()), "{arn}");
        }
    }

    #[test]
    fn answers_name_the_real_region_and_account_but_items_are_left_alone() {
        let engine = "arn:aws:dynamodb:dynoxide:000000000000:table/T";
        let mut answer = json!({"Table": {"TableArn": engine, "Indexes": [{"IndexArn": engine}],
            "SSEDescription": {"KMSMasterKeyArn": "arn:aws:kms:dynoxide:000000000000:key/alias/a"}}});
        PLACE.outgoing("DescribeTable", &mut answer);
        let wanted = json!({"Table": {"TableArn": TABLE, "Indexes": [{"IndexArn": TABLE}],
            "SSEDescription": {"KMSMasterKeyArn": "arn:aws:kms:eu-west-1:111122223333:alias/a"}}});
        assert_eq!(answer, wanted);
        let mut item = json!({"Item": {"a": {"S": engine}}});
        PLACE.outgoing("GetItem", &mut item);
        assert_eq!(item, json!({"Item": {"a": {"S": engine}}}));
        let mut records = json!({"Records": [{"awsRegion": "dynoxide", "dynamodb": {},
            "userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"}}]});
        PLACE.outgoing("GetRecords", &mut records);
        let wanted = json!({"Records": [{"awsRegion": "eu-west-1", "dynamodb": {},
            "userIdentity": {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}}]});
        assert_eq!(records, wanted);
        let mut error = json!({"message": format!("not found: {engine}")});
        PLACE.outgoing_error(&mut error);
        assert_eq!(error, json!({"message": format!("not found: {TABLE}")}));
    }
}
