package dev.gatesvr.cmd.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.config.GatewayConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigPrinterTest {
  private static final Path ROOT = Path.of("..");
  private final ConfigSchema schema = ConfigSchema.gateway();

  @Test
  void printedDefaultsReadBackAsTheDefaults(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("printed.yaml"), ConfigPrinter.yaml(schema));
    var loaded = ConfigLoader.load(file, Map.of(), List.of());
    assertThat(loaded.config()).isEqualTo(GatewayConfig.defaults());
    assertThat(loaded.settings().keySet()).isEqualTo(schema.keys().keySet());
  }

  @Test
  void everyKeyAndSectionIsDescribed() {
    assertDescribed(schema.root());
  }

  private static void assertDescribed(ConfigNode.Section section) {
    for (ConfigNode child : section.children()) {
      assertThat(child.description()).as("@Describe of %s", child.path()).isNotBlank();
      if (child instanceof ConfigNode.Section nested) {
        assertDescribed(nested);
      }
    }
  }

  @Test
  void theSampleFileOfTheRepositoryIsValid() {
    var loaded = ConfigLoader.load(ROOT.resolve("test-config.yaml"), Map.of(), List.of());
    assertThat(loaded.settings()).containsKeys("server.quic_addr", "overload_protection.max_qps");
  }

  @Test
  void theDocumentedTableIsTheOneThatIsPrinted() throws IOException {
    assertThat(Files.readString(ROOT.resolve("docs/configuration.md")))
        .as("docs/configuration.md is out of date: run `make config-table`")
        .contains(ConfigPrinter.markdown(schema));
  }
}
