package itemseal.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Items in DynamoDB JSON, there and back. */
final class Items {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Items() {}

  static List<Map<String, AttributeValue>> fromJson(JsonNode items) {
    return list(items, Items::itemFromJson);
  }

  static Map<String, AttributeValue> itemFromJson(JsonNode item) {
    Map<String, AttributeValue> attributes = new HashMap<>();
    item.fields().forEachRemaining(entry -> attributes.put(entry.getKey(), valueFromJson(entry.getValue())));
    return attributes;
  }

  static ArrayNode toJson(List<Map<String, AttributeValue>> items) {
    return array(items, Items::toJson);
  }

  static AttributeValue valueFromJson(JsonNode json) {
    Map.Entry<String, JsonNode> only = json.fields().next();
    JsonNode value = only.getValue();
    AttributeValue.Builder builder = AttributeValue.builder();
    switch (only.getKey()) {
      case "S" -> builder.s(value.textValue());
      case "N" -> builder.n(value.textValue());
      case "B" -> builder.b(bytes(value));
      case "BOOL" -> builder.bool(value.booleanValue());
      case "NULL" -> builder.nul(value.booleanValue());
      case "SS" -> builder.ss(list(value, JsonNode::textValue));
      case "NS" -> builder.ns(list(value, JsonNode::textValue));
      case "BS" -> builder.bs(list(value, Items::bytes));
      case "L" -> builder.l(list(value, Items::valueFromJson));
      case "M" -> builder.m(itemFromJson(value));
      default -> throw new IllegalArgumentException("not a type of DynamoDB: " + only.getKey());
    }
    return builder.build();
  }

  private static ObjectNode toJson(Map<String, AttributeValue> item) {
    ObjectNode json = NODES.objectNode();
    item.forEach((name, value) -> json.set(name, toJson(value)));
    return json;
  }

  private static JsonNode toJson(AttributeValue value) {
    JsonNode json = switch (value.type()) {
      case S -> NODES.textNode(value.s());
      case N -> NODES.textNode(value.n());
      case B -> base64(value.b());
      case BOOL -> NODES.booleanNode(value.bool());
      case NUL -> NODES.booleanNode(value.nul());
      case SS -> array(value.ss(), NODES::textNode);
      case NS -> array(value.ns(), NODES::textNode);
      case BS -> array(value.bs(), Items::base64);
      case L -> array(value.l(), Items::toJson);
      case M -> toJson(value.m());
      case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException("a value of no type");
    };
    String type = value.type() == AttributeValue.Type.NUL ? "NULL" : value.type().name();
    return NODES.objectNode().set(type, json);
  }

  private static <T> List<T> list(JsonNode json, Function<JsonNode, T> read) {
    List<T> list = new ArrayList<>();
    json.forEach(element -> list.add(read.apply(element)));
    return list;
  }

  private static <T> ArrayNode array(List<T> list, Function<T, JsonNode> write) {
    ArrayNode json = NODES.arrayNode();
    list.forEach(element -> json.add(write.apply(element)));
    return json;
  }

  private static SdkBytes bytes(JsonNode json) {
    return SdkBytes.fromByteArray(Base64.getDecoder().decode(json.textValue()));
  }

  private static JsonNode base64(SdkBytes bytes) {
    return NODES.textNode(Base64.getEncoder().encodeToString(bytes.asByteArray()));
  }
}
