package itemseal.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** DynamoDB's operations on one table. Each takes and gives items; writes of one item give what was there. */
final class Operations {
  private final DynamoDbClient client;
  private final String table;
  private final String partitionKey;

  Operations(DynamoDbClient client, JsonNode request) {
    this.client = client;
    this.table = request.required("table").textValue();
    this.partitionKey = request.required("partition_key").textValue();
  }

  List<Map<String, AttributeValue>> run(JsonNode request) {
    List<Map<String, AttributeValue>> items = Items.fromJson(request.path("items"));
    return switch (request.required("op").textValue()) {
      case "put" -> put(items.get(0));
      case "get" -> get(items.get(0));
      case "delete" -> delete(items.get(0));
      case "add" -> add(items.get(0), request.required("attribute").textValue());
      case "batch_write" -> batchWrite(items);
      case "batch_get" -> batchGet(items);
      case "transact_write" -> transactWrite(items);
      case "transact_get" -> transactGet(items);
      case "query" -> query(items.get(0));
      case "scan" -> scan();
      default -> throw new IllegalArgumentException("no such operation: " + request.get("op"));
    };
  }

  private List<Map<String, AttributeValue>> put(Map<String, AttributeValue> item) {
    return one(client.putItem(put -> put.tableName(table).item(item).returnValues(ReturnValue.ALL_OLD))
        .attributes());
  }

  private List<Map<String, AttributeValue>> get(Map<String, AttributeValue> key) {
    return one(client.getItem(get -> get.tableName(table).key(key).consistentRead(true)).item());
  }

  private List<Map<String, AttributeValue>> delete(Map<String, AttributeValue> key) {
    return one(client.deleteItem(delete -> delete.tableName(table).key(key).returnValues(ReturnValue.ALL_OLD))
        .attributes());
  }

  /** Adds one to an attribute that is not signed, and gives the whole item. */
  private List<Map<String, AttributeValue>> add(Map<String, AttributeValue> key, String attribute) {
    return one(client.updateItem(update -> update
        .tableName(table)
        .key(key)
        .updateExpression("ADD #a :one")
        .expressionAttributeNames(Map.of("#a", attribute))
        .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1")))
        .returnValues(ReturnValue.ALL_NEW)).attributes());
  }

  private List<Map<String, AttributeValue>> batchWrite(List<Map<String, AttributeValue>> items) {
    List<WriteRequest> writes = new ArrayList<>();
    items.forEach(item -> writes.add(WriteRequest.builder().putRequest(put -> put.item(item)).build()));
    BatchWriteItemResponse response = client.batchWriteItem(write -> write.requestItems(Map.of(table, writes)));
    return nothingLeft(response.unprocessedItems(), List.of());
  }

  private List<Map<String, AttributeValue>> batchGet(List<Map<String, AttributeValue>> keys) {
    KeysAndAttributes reads = KeysAndAttributes.builder().keys(keys).consistentRead(true).build();
    BatchGetItemResponse response = client.batchGetItem(get -> get.requestItems(Map.of(table, reads)));
    return nothingLeft(response.unprocessedKeys(), response.responses().get(table));
  }

  private List<Map<String, AttributeValue>> transactWrite(List<Map<String, AttributeValue>> items) {
    List<TransactWriteItem> writes = new ArrayList<>();
    items.forEach(item ->
        writes.add(TransactWriteItem.builder().put(put -> put.tableName(table).item(item)).build()));
    client.transactWriteItems(write -> write.transactItems(writes));
    return List.of();
  }

  private List<Map<String, AttributeValue>> transactGet(List<Map<String, AttributeValue>> keys) {
    List<TransactGetItem> reads = new ArrayList<>();
    keys.forEach(key ->
        reads.add(TransactGetItem.builder().get(get -> get.tableName(table).key(key)).build()));
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    for (ItemResponse response : client.transactGetItems(get -> get.transactItems(reads)).responses()) {
      items.addAll(one(response.item()));
    }
    return items;
  }

  /** All items with the key's partition key, page by page. */
  private List<Map<String, AttributeValue>> query(Map<String, AttributeValue> key) {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    Map<String, AttributeValue> values = Map.of(":p", key.get(partitionKey));
    Map<String, AttributeValue> from = null;
    do {
      Map<String, AttributeValue> start = from;
      QueryResponse page = client.query(query -> query
          .tableName(table)
          .keyConditionExpression("#p = :p")
          .expressionAttributeNames(Map.of("#p", partitionKey))
          .expressionAttributeValues(values)
          .exclusiveStartKey(start));
      items.addAll(page.items());
      from = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null;
    } while (from != null);
    return items;
  }

  /** All items, in pages of at most 25. */
  private List<Map<String, AttributeValue>> scan() {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    Map<String, AttributeValue> from = null;
    do {
      Map<String, AttributeValue> start = from;
      ScanResponse page = client.scan(scan -> scan.tableName(table).limit(25).exclusiveStartKey(start));
      items.addAll(page.items());
      from = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null;
    } while (from != null);
    return items;
  }

  /** The SDK gives an empty map for an item that is not there. */
  private static List<Map<String, AttributeValue>> one(Map<String, AttributeValue> item) {
    return item.isEmpty() ? List.of() : List.of(item);
  }

  private static List<Map<String, AttributeValue>> nothingLeft(
      Map<String, ?> left, List<Map<String, AttributeValue>> items) {
    if (!left.isEmpty()) {
      throw new IllegalStateException("a part of the batch was left undone: " + left.keySet());
    }
    return items;
  }
}
