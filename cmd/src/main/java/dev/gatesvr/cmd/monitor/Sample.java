package dev.gatesvr.cmd.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the gateway said of itself at one moment, by page. */
record Sample(
    JsonNode ready, JsonNode pair, JsonNode stats, JsonNode connections, JsonNode performance) {
  ObjectNode json() {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.set("ready", ready);
    all.set("pair", pair);
    all.set("stats", stats);
    all.set("connections", connections);
    all.set("performance", performance);
    return all;
  }
}
