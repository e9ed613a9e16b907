package dev.gatesvr.cmd.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.gatesvr.cmd.config.ConfigNode.Section;
import dev.gatesvr.gateway.config.ConfigException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * One reading of a YAML text into settings, each with its line. Reads the parser's events rather
 * than a tree: that gives line numbers and duplicates, and an alias is refused and never expanded.
 */
final class YamlSettings {
  private final String file;
  private final ConfigSchema schema;
  private final YAMLParser parser;
  private final List<Setting> settings = new ArrayList<>();
  private final Map<String, Integer> lineOf = new HashMap<>();

  private YamlSettings(String file, ConfigSchema schema, YAMLParser parser) {
    this.file = file;
    this.schema = schema;
    this.parser = parser;
  }

  /**
   * Reads the text.
   *
   * @param file its name for messages
   * @throws ConfigException for the first mistake
   */
  static List<Setting> read(String file, String text, ConfigSchema schema) {
    try (YAMLParser parser = new YAMLFactory().createParser(text)) {
      YamlSettings reading = new YamlSettings(file, schema, parser);
      reading.document();
      return reading.settings;
    } catch (JsonProcessingException e) {
      throw notYaml(file, e);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + oneLine(e.toString()));
    }
  }

  private static ConfigException notYaml(String file, JsonProcessingException e) {
    int line = e.getLocation() == null ? 1 : Math.max(e.getLocation().getLineNr(), 1);
    String problem = e.getOriginalMessage();
    if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
      line = marked.getProblemMark().getLine() + 1;
      problem = marked.getProblem();
    }
    return new ConfigException(file + ":" + line + ": not YAML: " + oneLine(problem));
  }

  private void document() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      return;
    }
    if (first != JsonToken.START_OBJECT) {
      throw mistake("the file is " + what(first), "sections, such as \"server:\"");
    }
    section("");
    if (parser.nextToken() != null) {
      throw mistake("a second document", "one");
    }
  }

  private void section(String parent) throws IOException {
    for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
      String path = (parent.isEmpty() ? "" : parent + '.') + parser.currentName();
      int line = line();
      Integer before = lineOf.putIfAbsent(path, line);
      if (before != null) {
        throw mistake(
            Values.shown(path) + " again", "each key once; it is already on line " + before);
      }
      value(path, line, next());
    }
  }

  private void value(String path, int line, JsonToken token) throws IOException {
    if (isAnchored()) {
      throw mistake(path + ": an anchor or alias", "the value itself");
    }
    Section section = schema.findSection(path);
    if (section != null) {
      nested(section, token);
    } else if (!schema.keys().containsKey(path)) {
      throw unknown(path, line, token);
    } else if (token == JsonToken.START_ARRAY && Values.isList(schema.key(path).type())) {
      settings.add(new Setting(path, list(path), file + ":" + line));
    } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
      settings.add(new Setting(path, parser.getText(), file + ":" + line));
    } else {
      throw mistake(path + ": " + what(token), "a value such as " + schema.key(path).defaultText());
    }
  }

  /** The elements of a list with commas between, which no element holds. */
  private String list(String path) throws IOException {
    StringJoiner elements = new StringJoiner(",");
    for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
      if (!token.isScalarValue() || token == JsonToken.VALUE_NULL || isAnchored()) {
        String found = token.isScalarValue() ? "nothing, an anchor or an alias" : what(token);
        throw mistake(path + ": " + found + " in the list", "values");
      }
      if (parser.getText().indexOf(',') >= 0) {
        throw mistake(path + ": a comma in an element", "values without commas");
      }
      elements.add(parser.getText());
    }
    return elements.toString();
  }

  private boolean isAnchored() throws IOException {
    return parser.isCurrentAlias() || parser.getObjectId() != null;
  }

  private void nested(Section section, JsonToken token) throws IOException {
    if (token == JsonToken.START_OBJECT) {
      section(section.path());
    } else if (token != JsonToken.VALUE_NULL) {
      String keys =
          section.children().stream().map(ConfigNode::name).collect(Collectors.joining(", "));
      throw mistake(section.path() + ": " + what(token), "a section with the keys " + keys);
    }
  }

  private ConfigException unknown(String path, int line, JsonToken token) throws IOException {
    String value = "";
    if (token.isScalarValue()) {
      value = ": " + (token == JsonToken.VALUE_NULL ? what(token) : shown(path));
    }
    return new ConfigException(
        file
            + ":"
            + line
            + ": "
            + path.replaceAll("\\p{Cntrl}", " ")
            + value
            + " (expected: a known key; the nearest is "
            + schema.nearest(path)
            + ")");
  }

  private String shown(String path) throws IOException {
    return Values.shown(path, parser.getText());
  }

  private JsonToken next() throws IOException {
    @Nullable JsonToken token = parser.nextToken();
    if (token == null) {
      throw mistake("the file ends", "the rest of a section");
    }
    return token;
  }

  private String what(JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> "a section";
      case START_ARRAY -> "a list";
      case VALUE_NULL -> "nothing";
      default -> Values.shown(parser.getText());
    };
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  private ConfigException mistake(String found, String expected) {
    return new ConfigException(
        file + ":" + Math.max(line(), 1) + ": " + found + " (expected: " + expected + ")");
  }

  private static String oneLine(String message) {
    String line = message.replaceAll("\\s+", " ").strip();
    return line.length() <= 300 ? line : line.substring(0, 300) + " ...";
  }
}
