package dev.gatesvr.gateway.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatesvr.gateway.admin.http.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * JSON as these pages write it: snake_case keys in the order of the record's components, constants
 * in lower case.
 */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .build();

  /** RFC 3339 with exactly three decimals, so that the texts sort as the times do. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Json() {}

  static Reply reply(int status, Object value) {
    try {
      return Reply.text(status, Reply.JSON, MAPPER.writeValueAsString(value) + "\n");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonGenerator generator(ByteArrayOutputStream out) throws IOException {
    return MAPPER.createGenerator(out);
  }

  static String time(long unixMillis) {
    return TIME.format(Instant.ofEpochMilli(unixMillis));
  }

  /** A constant as these pages write it. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Three decimals are more than any of these numbers is worth. */
  static double rounded(double value) {
    return Math.round(value * 1e3) / 1e3;
  }
}
