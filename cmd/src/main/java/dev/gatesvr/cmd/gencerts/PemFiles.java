package dev.gatesvr.cmd.gencerts;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * Writes PEM files so that a reader sees the old file or the new one, never a half; keys are
 * readable by their owner alone from the first byte on.
 */
final class PemFiles {
  private static final String FOR_EVERYBODY = "rw-r--r--";

  private PemFiles() {}

  /**
   * Writes the key first: a crash between the two leaves a mismatch, which the next run repairs.
   */
  static void write(CertificatePair pair, Path certFile, Path keyFile) throws IOException {
    replace(keyFile, pem("PRIVATE KEY", pair.key().getEncoded()), false);
    StringBuilder chain = new StringBuilder();
    for (var certificate : pair.chain()) {
      try {
        chain.append(pem("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IOException("cannot encode " + certificate.getSubjectX500Principal(), e);
      }
    }
    replace(certFile, chain.toString(), true);
  }

  private static String pem(String type, byte[] der) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, der));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void replace(Path file, String text, boolean forEverybody) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path fresh = Files.createTempFile(directory, "." + file.getFileName(), ".tmp");
    try {
      Files.writeString(fresh, text);
      if (forEverybody && Files.getFileStore(fresh).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(FOR_EVERYBODY));
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
