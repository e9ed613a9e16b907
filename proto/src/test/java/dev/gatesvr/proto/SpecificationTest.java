package dev.gatesvr.proto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The tables of {@code proto/README.md} and the numbers of this module are the same. */
class SpecificationTest {
  /** Surefire runs in the module's directory. */
  private static final Path SPECIFICATION = Path.of("README.md");

  private static final int COLUMNS_OF_A_CLOSE_CODE = 4;
  private static final int COLUMNS_OF_AN_ERROR_CODE = 3;

  @Test
  void everyCloseCodeStandsInTheTableWithItsMeaning() throws IOException {
    List<List<String>> expected = new ArrayList<>();
    for (CloseCode code : CloseCode.values()) {
      expected.add(
          List.of(
              Integer.toString(code.wireCode()),
              code.name(),
              code.reconnect() ? "reconnect" : "terminal",
              code.meaning()));
    }
    assertThat(rowsUnder("## Close codes", COLUMNS_OF_A_CLOSE_CODE)).isEqualTo(expected);
  }

  @Test
  void everyErrorCodeStandsInTheTable() throws IOException, IllegalAccessException {
    Map<String, String> expected = new TreeMap<>();
    for (Field field : ErrorCode.class.getDeclaredFields()) {
      if (Modifier.isPublic(field.getModifiers())) {
        expected.put(Integer.toString(field.getInt(null)), field.getName());
      }
    }
    Map<String, String> found = new TreeMap<>();
    for (List<String> row : rowsUnder("## Error codes", COLUMNS_OF_AN_ERROR_CODE)) {
      assertThat(found.put(row.get(0), row.get(1))).as("second row of %s", row.get(0)).isNull();
    }
    assertThat(found).isEqualTo(expected).isNotEmpty();
  }

  @Test
  void everyLimitIsSaid() throws IOException {
    assertThat(Files.readString(SPECIFICATION))
        .contains(
            "1,048,576",
            "ALPN `" + Limits.ALPN + "`",
            "1 to " + Limits.OPENID_BYTES_MAX + " UTF-8 bytes",
            "8,192",
            Limits.FIRST_MESSAGE_TIMEOUT_MILLIS / 1_000 + " s");
    assertThat(Limits.FRAME_BYTES_MAX).isEqualTo(1_048_576);
    assertThat(Limits.AUTH_TOKEN_BYTES_MAX).isEqualTo(8_192);
    assertThat(Limits.FRAME_HEADER_BYTES).isEqualTo(4);
  }

  /** The first table under a heading: its cells without code marks, header lines left out. */
  private static List<List<String>> rowsUnder(String heading, int columns) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(SPECIFICATION)) {
      if (line.startsWith("## ")) {
        inside = line.equals(heading);
      } else if (inside && line.startsWith("| ") && Character.isDigit(line.charAt(2))) {
        List<String> cells = cells(line);
        assertThat(cells).as(line).hasSize(columns);
        rows.add(cells);
      }
    }
    return rows;
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    String inner = line.substring(1, line.lastIndexOf('|'));
    for (int from = 0; from <= inner.length(); ) {
      int bar = inner.indexOf('|', from);
      int to = bar < 0 ? inner.length() : bar;
      cells.add(inner.substring(from, to).replace("`", "").strip());
      from = to + 1;
    }
    return cells;
  }
}
