package itemseal.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * AWS's encrypting client, driven over standard input: a request in JSON on a line, and its answer on a line,
 * until the input ends. {@code {"op": "client", "client": NAME, …}} makes a client (see {@link Clients}); every
 * other request is an operation of a client that was made (see {@link Operations}). The answer is
 * {@code {"items": […]}} or {@code {"error": TEXT}}.
 */
public final class Main {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Operations> clients = new HashMap<>();

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Main main = new Main();
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      answers.println(JSON.writeValueAsString(main.answer(JSON.readTree(line))));
    }
  }

  private ObjectNode answer(JsonNode request) {
    ObjectNode answer = JSON.createObjectNode();
    try {
      answer.set("items", Items.toJson(items(request)));
    } catch (RuntimeException error) {
      answer.put("error", chain(error));
    }
    return answer;
  }

  private List<Map<String, AttributeValue>> items(JsonNode request) {
    String name = request.required("client").textValue();
    if (request.required("op").textValue().equals("client")) {
      clients.put(name, new Operations(Clients.encrypting(request), request));
      return List.of();
    }
    Operations client = clients.get(name);
    if (client == null) {
      throw new IllegalArgumentException("no client was made with the name " + name);
    }
    return client.run(request);
  }

  /** An error and its causes, each with its class. */
  private static String chain(Throwable error) {
    StringBuilder text = new StringBuilder(error.toString());
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      text.append(" <- ").append(cause);
    }
    return text.toString();
  }
}
