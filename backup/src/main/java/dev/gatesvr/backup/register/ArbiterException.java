package dev.gatesvr.backup.register;

/**
 * The register did not answer in time, or not enough of it; what was asked for may still happen.
 */
public final class ArbiterException extends Exception {
  private static final long serialVersionUID = 1L;

  public ArbiterException(String message) {
    super(message);
  }

  public ArbiterException(String message, Throwable cause) {
    super(message, cause);
  }
}
