package dev.gatesvr.cmd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ActionInputTest {
  @Test
  void readsTheParametersOfCalculateFromJson() {
    ActionInput input =
        ActionInput.of("calculate", "{\"operation\":\"divide\",\"a\":1.50,\"b\":\"3\"}");
    assertThat(input.params())
        .containsEntry("operation", "divide")
        .containsEntry("b", "3")
        .containsKey("a");
    assertThat(Double.parseDouble(input.params().get("a"))).isEqualTo(1.5);
    assertThat(input.data().isEmpty()).isTrue();
  }

  @Test
  void sendsEveryOtherActionsDataAsItIs() {
    assertThat(ActionInput.of("echo", "{\"a\":1}").data().toStringUtf8()).isEqualTo("{\"a\":1}");
    assertThat(ActionInput.of("echo", "{\"a\":1}").params()).isEmpty();
  }

  @Test
  void saysWhatItExpectedWhenTheJsonIsBroken() {
    assertThatThrownBy(() -> ActionInput.of("calculate", "{\"operation\":"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: {\"operation\":\"add\"");
  }
}
