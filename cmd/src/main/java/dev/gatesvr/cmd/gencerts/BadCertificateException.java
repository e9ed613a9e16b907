package dev.gatesvr.cmd.gencerts;

/** A certificate or key file that cannot serve; the message says what it is instead. */
public final class BadCertificateException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean inKeyFile;

  private BadCertificateException(boolean inKeyFile, String message) {
    super(message);
    this.inKeyFile = inKeyFile;
  }

  static BadCertificateException inCertificate(String message) {
    return new BadCertificateException(false, message);
  }

  static BadCertificateException inKey(String message) {
    return new BadCertificateException(true, message);
  }

  /** Whether the key file is at fault rather than the certificate file. */
  public boolean isInKeyFile() {
    return inKeyFile;
  }
}
