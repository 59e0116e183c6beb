//! Shard ids of the length that AWS's have.
//!
//! Source: [ShardId](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Shard.html),
//! 28 to 65 characters: clients refuse others. The engine makes them of the table's name, which can be
//! shorter and longer. A stream has one shard.

use serde_json::Value;

/// Members of requests and answers that hold a shard's id.
const NAMES: [&str; 4] =
    ["ShardId", "ExclusiveStartShardId", "LastEvaluatedShardId", "ParentShardId"];

/// The one shard of a table's stream, as AWS would name it.
fn public(table: &str) -> String {
    format!("shardId-{:020}-{:08x}", 1, crc32fast::hash(table.as_bytes()))
}

fn engine(table: &str) -> String {
    format!("shardId-00000001-{table}")
}

/// The table of a stream's ARN.
fn table_of(arn: &Value) -> Option<String> {
    let (_, rest) = arn.as_str()?.split_once(":table/")?;
    rest.split('/').next().map(str::to_owned)
}

/// Makes a request what the engine understands.
pub(super) fn incoming(request: &mut Value) {
    let Some(table) = request.get("StreamArn").and_then(table_of) else { return };
    rename(request, &public(&table), &engine(&table));
}

/// Makes an answer what AWS would write.
pub(super) fn outgoing(operation: &str, answer: &mut Value) {
    if operation != "DescribeStream" {
        return;
    }
    let Some(stream) = answer.get_mut("StreamDescription") else { return };
    let Some(table) = stream.get("StreamArn").and_then(table_of) else { return };
    let (from, to) = (engine(&table), public(&table));
    rename(stream, &from, &to);
    if let Some(Value::Array(shards)) = stream.get_mut("Shards") {
        shards.iter_mut().for_each(|shard| rename(shard, &from, &to));
    }
}

fn rename(holder: &mut Value, from: &str, to: &str) {
    for name in NAMES {
        if let Some(Value::String(id)) = holder.get_mut(name)
            && id == from
        {
            to.clone_into(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ARN: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/abc/stream/1";

    #[test]
    fn ids_have_aws_length_and_come_back() {
        let mut answer = json!({"StreamDescription": {
            "StreamArn": ARN, "Shards": [{"ShardId": "shardId-00000001-abc"}]}});
        outgoing("DescribeStream", &mut answer);
        let id = answer["StreamDescription"]["Shards"][0]["ShardId"].as_str().unwrap().to_owned();
        assert_eq!(id.len(), 37);
        assert_eq!(public(&"x".repeat(255)).len(), 37);
        let mut request = json!({"StreamArn": ARN, "ShardId": id});
        incoming(&mut request);
        assert_eq!(request["ShardId"], "shardId-00000001-abc");
        let mut other = json!({"StreamArn": ARN, "ShardId": "shardId-x"});
        incoming(&mut other);
        assert_eq!(other["ShardId"], "shardId-x", "which the engine does not find");
    }
}
