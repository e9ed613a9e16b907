package dev.gatesvr.cmd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplCommandTest {
  private static ActionInput asked(String line) {
    return ((ReplCommand.Ask) ReplCommand.parse(line)).input();
  }

  private static ActionInput input(String action, Map<String, String> params, String data) {
    return new ActionInput(action, params, ByteString.copyFromUtf8(data));
  }

  @ParameterizedTest
  @CsvSource({
    "disconnect, DISCONNECT",
    "reconnect, RECONNECT",
    "' stats ', STATS",
    "help, HELP",
    "?, HELP",
    "quit, QUIT",
    "exit, QUIT"
  })
  void knowsItsOwnWords(String line, ReplCommand.Word word) {
    assertThat(ReplCommand.parse(line)).isEqualTo(new ReplCommand.Local(word));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "\t"})
  void doesNothingForAnEmptyLine(String line) {
    assertThat(ReplCommand.parse(line)).isEqualTo(new ReplCommand.Nothing());
  }

  @Test
  void takesAnyOtherWordAsAnAction() {
    assertThat(asked("hello")).isEqualTo(input("hello", Map.of(), ""));
    assertThat(asked("echo what is said")).isEqualTo(input("echo", Map.of(), "what is said"));
  }

  @Test
  void readsParametersBeforeTheData() {
    assertThat(asked("move x=1 y=-2 fast now"))
        .isEqualTo(input("move", Map.of("x", "1", "y", "-2"), "fast now"));
    assertThat(asked("echo 1+1=2")).isEqualTo(input("echo", Map.of(), "1+1=2"));
    assertThat(asked("say text=a=b")).isEqualTo(input("say", Map.of("text", "a=b"), ""));
  }

  @Test
  void keepsBlanksInsideQuotes() {
    assertThat(asked("echo \"two  blanks\"")).isEqualTo(input("echo", Map.of(), "two  blanks"));
    assertThat(asked("say text=\"a b\" c")).isEqualTo(input("say", Map.of("text", "a b"), "c"));
  }

  @Test
  void knowsAShortFormAndJsonForCalculate() {
    ActionInput expected = input("calculate", Map.of("operation", "add", "a", "1", "b", "2"), "");
    assertThat(asked("calculate add 1 2")).isEqualTo(expected);
    assertThat(asked("calculate operation=add a=1 b=2")).isEqualTo(expected);
  }

  @Test
  void refusesAQuoteThatIsNotClosed() {
    assertThatThrownBy(() -> ReplCommand.parse("echo \"open"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("closing quote");
  }
}
