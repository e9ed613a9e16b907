package dev.gatesvr.chaos;

/** Why a round cannot go on, in one line. */
final class ChaosException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChaosException(String message) {
    super(message);
  }
}
