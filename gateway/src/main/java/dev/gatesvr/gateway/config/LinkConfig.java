package dev.gatesvr.gateway.config;

import java.util.stream.Stream;

/**
 * Who may speak on the link between the two gateways of a pair. Whoever does gets every session and
 * the keys of resume tokens.
 */
public record LinkConfig(
    @Describe("this node's certificate for the link, PEM; all three files or none") String certFile,
    @Describe("its private key, PEM (PKCS #8)") String keyFile,
    @Describe("who signs the certificates of the two, PEM") String caFile,
    @Describe("true declares that only the two can reach the link, and so leaves it in the clear")
        boolean privateNetwork) {
  /** No certificates, and nothing declared. */
  public static final LinkConfig NONE = new LinkConfig("", "", "", false);

  public LinkConfig {
    if (!certFile.isEmpty() || !keyFile.isEmpty() || !caFile.isEmpty()) {
      required("backup.link.cert_file", certFile);
      required("backup.link.key_file", keyFile);
      required("backup.link.ca_file", caFile);
      if (privateNetwork) {
        throw ConfigException.of(
            "backup.link.private_network",
            true,
            "false, because the three certificate files are set and the link uses TLS");
      }
    }
  }

  /** Whether both prove who they are; false is only accepted on a declared private network. */
  public boolean usesTls() {
    return Stream.of(certFile, keyFile, caFile).noneMatch(String::isEmpty);
  }

  /**
   * What an enabled pair asks for.
   *
   * @throws ConfigException when there is neither TLS nor a declared private network
   */
  void requireTrust() {
    if (!usesTls() && !privateNetwork) {
      throw ConfigException.of(
          "backup.link.private_network",
          false,
          "true, or backup.link.cert_file, key_file and ca_file: session contents and the keys of"
              + " resume tokens cross this link, so that whoever reaches it can read and take over"
              + " every session");
    }
  }

  private static void required(String key, String file) {
    if (file.isEmpty()) {
      throw ConfigException.of(
          key,
          "\"\"",
          "a file: backup.link.cert_file, key_file and ca_file are set together or not at all");
    }
  }
}
