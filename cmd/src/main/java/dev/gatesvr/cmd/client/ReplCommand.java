package dev.gatesvr.cmd.client;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line that a person typed. */
sealed interface ReplCommand {
  /** Ask the zone. */
  record Ask(ActionInput input) implements ReplCommand {}

  /** A word that concerns the client itself. */
  record Local(Word word) implements ReplCommand {}

  /** An empty line. */
  record Nothing() implements ReplCommand {}

  /** The words that are not actions. */
  enum Word {
    DISCONNECT,
    RECONNECT,
    STATS,
    HELP,
    QUIT
  }

  /** A quoted part, or one without blanks; what follows the closing quote belongs to it. */
  Pattern TOKEN = Pattern.compile("\\G\\s*((?:\"[^\"]*\"|[^\\s\"])+)");

  Pattern PARAMETER = Pattern.compile("([A-Za-z_][A-Za-z0-9_.-]*)=(.*)", Pattern.DOTALL);

  Set<String> OPERATIONS = Set.of("add", "subtract", "multiply", "divide", "sub", "mul", "div");

  /**
   * Reads {@code action [name=value ...] [data ...]}; {@code calculate add 1 2} is short for its
   * three parameters.
   *
   * @throws IllegalArgumentException for a quote that is not closed
   */
  static ReplCommand parse(String line) {
    List<String> tokens = tokens(line);
    if (tokens.isEmpty()) {
      return new Nothing();
    }
    String first = tokens.getFirst();
    return switch (first) {
      case "disconnect" -> new Local(Word.DISCONNECT);
      case "reconnect" -> new Local(Word.RECONNECT);
      case "stats" -> new Local(Word.STATS);
      case "help", "?" -> new Local(Word.HELP);
      case "quit", "exit" -> new Local(Word.QUIT);
      default -> new Ask(input(first, tokens.subList(1, tokens.size())));
    };
  }

  private static ActionInput input(String action, List<String> rest) {
    if (action.equals("calculate") && rest.size() == 3 && OPERATIONS.contains(rest.getFirst())) {
      Map<String, String> three =
          Map.of("operation", rest.get(0), "a", rest.get(1), "b", rest.get(2));
      return new ActionInput(action, three, ByteString.EMPTY);
    }
    Map<String, String> params = new LinkedHashMap<>();
    int at = 0;
    while (at < rest.size()) {
      Matcher parameter = PARAMETER.matcher(rest.get(at));
      if (!parameter.matches()) {
        break;
      }
      params.put(parameter.group(1), parameter.group(2));
      at++;
    }
    String data = String.join(" ", rest.subList(at, rest.size()));
    return params.isEmpty()
        ? ActionInput.of(action, data)
        : new ActionInput(action, params, ByteString.copyFromUtf8(data));
  }

  private static List<String> tokens(String line) {
    List<String> tokens = new ArrayList<>();
    Matcher token = TOKEN.matcher(line);
    int end = 0;
    while (token.find()) {
      tokens.add(token.group(1).replace("\"", ""));
      end = token.end();
    }
    if (!line.substring(end).isBlank()) {
      throw new IllegalArgumentException(
          line.substring(end).strip() + " (expected: a closing quote)");
    }
    return tokens;
  }
}
