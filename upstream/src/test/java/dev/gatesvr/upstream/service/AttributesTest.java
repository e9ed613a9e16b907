package dev.gatesvr.upstream.service;

import static dev.gatesvr.upstream.service.ServiceRig.LONG;
import static dev.gatesvr.upstream.service.ServiceRig.get;
import static dev.gatesvr.upstream.support.Gateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.proto.SessionAttribute;
import dev.gatesvr.proto.UpstreamResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AttributesTest {
  @Test
  void attributesComeWithTheRequestAndChangesLeaveWithTheReply() throws Exception {
    CompletableFuture<RequestContext> leaked = new CompletableFuture<>();
    try (ServiceRig rig = new ServiceRig()) {
      rig.start(
          rig.builder()
              .on(
                  "change",
                  request -> {
                    leaked.complete(request);
                    request.setAttribute("rank", "silver");
                    request.setAttribute("rank", "gold", Duration.ofMinutes(1));
                    request.setAttribute("team", "red");
                    request.setAttribute("gone", "soon");
                    request.removeAttribute("gone");
                    return Reply.ok(request.attributes().getOrDefault("team", "none"));
                  }));
      UpstreamResponse response =
          get(
              rig.process(
                  request("s", "change", 1).toBuilder().putAttributes("team", "blue").build(),
                  LONG));
      assertThat(response.getMessage()).isEqualTo("blue");
      assertThat(response.getSetAttributesList())
          .containsExactly(
              SessionAttribute.newBuilder()
                  .setName("rank")
                  .setValue("gold")
                  .setTtlMs(60_000)
                  .build(),
              SessionAttribute.newBuilder().setName("team").setValue("red").build());
      assertThat(response.getRemoveAttributesList()).containsExactly("gone");
      assertThatThrownBy(() -> leaked.join().setAttribute("late", ""))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has returned");
    }
  }

  @Test
  void changesAreBounded() {
    AttributeChanges changes = new AttributeChanges();
    for (int n = 0; n < AttributeChanges.CHANGES_MAX; n++) {
      changes.set("name" + n, "", Duration.ZERO);
    }
    changes.remove("name0");
    assertThatThrownBy(() -> changes.remove("one more"))
        .hasMessageContaining("more than 32 attributes");
    assertThatThrownBy(() -> changes.set("", "", Duration.ZERO))
        .hasMessageContaining("attribute name: \"\"");
    assertThatThrownBy(() -> changes.set("a", "ä".repeat(129), Duration.ZERO))
        .hasMessageContaining("258 bytes (expected: <= 256)");
    assertThatThrownBy(() -> changes.remove("a\nb")).hasMessageContaining("no control characters");
    assertThatThrownBy(() -> changes.set("a", "", Duration.ofNanos(5)))
        .hasMessageContaining("ttl: PT0.000000005S");
    UpstreamResponse.Builder response = UpstreamResponse.newBuilder();
    changes.closeInto(response);
    assertThat(response.getSetAttributesCount()).isEqualTo(31);
    assertThat(response.getRemoveAttributesList()).containsExactly("name0");
  }
}
