package dev.gatesvr.cmd.config;

import dev.gatesvr.gateway.config.ConfigException;
import dev.gatesvr.gateway.config.GatewayConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the gateway's configuration: defaults &lt; file &lt; environment &lt; flags. */
public final class ConfigLoader {
  /** Far above any real configuration; a wrong path such as a log file fails at once. */
  private static final int FILE_BYTES_MAX = 1 << 20;

  private ConfigLoader() {}

  /**
   * A configuration and where each of its values came from.
   *
   * @param settings the last word on each key that was set, by path
   */
  public record Loaded(GatewayConfig config, Map<String, Setting> settings) {
    /** The same mistake with the origin of its value in front. */
    public ConfigException located(ConfigException mistake) {
      return new RecordBuilder(settings).located(mistake);
    }
  }

  /**
   * Loads the configuration.
   *
   * @param file none runs on embedded defaults
   * @param environment all variables; those without our prefix are not looked at
   * @throws ConfigException with one line for the first mistake
   */
  public static Loaded load(
      @Nullable Path file, Map<String, String> environment, List<Setting> flags) {
    ConfigSchema schema = ConfigSchema.gateway();
    Map<String, Setting> settings = new LinkedHashMap<>();
    if (file != null) {
      putAll(settings, YamlSettings.read(file.toString(), text(file), schema));
    }
    putAll(settings, Environment.read(environment, schema));
    putAll(settings, flags);
    RecordBuilder builder = new RecordBuilder(Map.copyOf(settings));
    return new Loaded((GatewayConfig) builder.build(schema.root()), builder.settings());
  }

  private static void putAll(Map<String, Setting> settings, List<Setting> layer) {
    layer.forEach(setting -> settings.put(setting.path(), setting));
  }

  private static String text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
      if (bytes.length > FILE_BYTES_MAX) {
        throw unreadable(file, "larger than 1 MiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw unreadable(file, "no such file");
    } catch (AccessDeniedException e) {
      throw unreadable(file, "no permission to read it");
    } catch (CharacterCodingException e) {
      throw unreadable(file, "not UTF-8 text");
    } catch (IOException e) {
      throw unreadable(
          file, Files.isDirectory(file) ? "a directory" : String.valueOf(e.getMessage()));
    }
  }

  private static ConfigException unreadable(Path file, String why) {
    return new ConfigException(
        "config file " + file + ": " + why + " (expected: a readable YAML file)");
  }
}
