package dev.gatesvr.gateway.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** Tokens made elsewhere; {@code vectors.py} beside them says how. Good until 13:00. */
public final class Vectors {
  private static final String FILE = "/dev/gatesvr/gateway/auth/vectors.properties";

  private Vectors() {}

  public static String get(String name) {
    Properties vectors = new Properties();
    try (InputStream in = Vectors.class.getResourceAsStream(FILE)) {
      vectors.load(Objects.requireNonNull(in, FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Objects.requireNonNull(vectors.getProperty(name), name);
  }
}
