package dev.gatesvr.cmd.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is asked for.
 *
 * @param action its name
 * @param params its parameters
 * @param data its body
 */
record ActionInput(String action, Map<String, String> params, ByteString data) {
  private static final String CALCULATE = "calculate";

  ActionInput {
    params = Map.copyOf(params);
  }

  /**
   * As {@code -data} writes it: the body as text; for {@code calculate} a JSON object of its
   * parameters.
   *
   * @throws IllegalArgumentException when that JSON cannot be read
   */
  static ActionInput of(String action, String data) {
    if (action.equals(CALCULATE) && data.stripLeading().startsWith("{")) {
      return new ActionInput(action, parameters(data), ByteString.EMPTY);
    }
    return new ActionInput(action, Map.of(), ByteString.copyFromUtf8(data));
  }

  private static Map<String, String> parameters(String json) {
    Map<String, String> params = new LinkedHashMap<>();
    try {
      JsonNode object = new ObjectMapper().readTree(json);
      object.properties().forEach(field -> params.put(field.getKey(), field.getValue().asText()));
      return params;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "data: " + json + " (expected: {\"operation\":\"add\",\"a\":1,\"b\":2})", e);
    }
  }
}
