package dev.gatesvr.backup.link;

import static dev.gatesvr.backup.link.LinkIdentity.NAME_CHARS_MAX;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** What failures of sockets and handshakes mean, and how they are said. Pure. */
final class Failures {
  private Failures() {}

  /** What an exception of the pipeline says about the link. */
  static LinkEnd endOf(Throwable thrown) {
    Throwable cause = inner(thrown);
    return switch (cause) {
      case SSLException e -> LinkEnd.UNTRUSTED;
      case DecoderException e -> LinkEnd.PROTOCOL;
      case IOException e -> isReset(e) ? LinkEnd.RESET : LinkEnd.TIMEOUT;
      default -> LinkEnd.LOCAL;
    };
  }

  /** Why, for a person. */
  static String reasonOf(Throwable thrown) {
    Throwable cause = inner(thrown);
    if (cause instanceof NotSslRecordException) {
      return "the other does not speak TLS (expected: backup.link the same on both nodes)";
    }
    String message = cause.getMessage();
    return printable(message == null ? cause.getClass().getSimpleName() : message);
  }

  /** What a failed connect says about the address. */
  static LinkEnd endOfConnect(Throwable cause) {
    return text(cause).contains("connection refused") ? LinkEnd.REFUSED : LinkEnd.UNREACHABLE;
  }

  /** The kernel of a dead process, or of one that closed, answers with these; others are silent. */
  private static boolean isReset(IOException cause) {
    String text = text(cause);
    return text.contains("connection reset") || text.contains("broken pipe");
  }

  private static String text(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? "" : message.toLowerCase(Locale.ROOT);
  }

  private static Throwable inner(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause != null && thrown.getClass() == DecoderException.class ? cause : thrown;
  }

  /** What the other said, without control characters and of a length for one line. */
  static String printable(String text) {
    String cut = text.length() > NAME_CHARS_MAX ? text.substring(0, NAME_CHARS_MAX) : text;
    return cut.codePoints()
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** An address for a log line. */
  static String printable(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }
}
