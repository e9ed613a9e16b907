package dev.gatesvr.cmd.gatesvr;

import dev.gatesvr.backup.link.LinkSecurity;
import dev.gatesvr.gateway.config.BackupConfig;
import dev.gatesvr.gateway.config.ConfigException;
import dev.gatesvr.gateway.config.LinkConfig;
import java.io.IOException;
import java.nio.file.Path;

/** The certificates of a pair's link, read as the link reads them. */
final class LinkCertificates {
  private LinkCertificates() {}

  /**
   * Reads them where a pair with certificates is configured.
   *
   * @throws ConfigException when one cannot be used
   */
  static void check(BackupConfig backup) {
    LinkConfig link = backup.link();
    if (!backup.enabled() || !link.usesTls()) {
      return;
    }
    try {
      LinkSecurity.mutualTls(
          Path.of(link.certFile()), Path.of(link.keyFile()), Path.of(link.caFile()));
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
      throw ConfigException.of("backup.link.cert_file", link.certFile(), why);
    }
  }
}
