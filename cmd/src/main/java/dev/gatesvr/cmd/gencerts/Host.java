package dev.gatesvr.cmd.gencerts;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * What a certificate is for: a DNS name or an IP address.
 *
 * @param text in the form of {@link java.security.cert.X509Certificate#getSubjectAlternativeNames}
 */
record Host(int kind, String text) {
  private static final Pattern NAME =
      Pattern.compile(
          "(\\*\\.)?([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\\.)*"
              + "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?");
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final int NAME_CHARS_MAX = 253;

  /**
   * Reads a name or an address.
   *
   * @throws IllegalArgumentException when it is neither
   */
  static Host of(String text) {
    if (IPV4.matcher(text).matches() || text.indexOf(':') >= 0) {
      return address(text);
    }
    String ascii = IDN.toASCII(text, IDN.ALLOW_UNASSIGNED);
    if (ascii.length() > NAME_CHARS_MAX || !NAME.matcher(ascii).matches()) {
      throw new IllegalArgumentException(text);
    }
    return new Host(GeneralName.dNSName, ascii);
  }

  /** Only literals come here, so no name is looked up. */
  private static Host address(String literal) {
    try {
      return new Host(GeneralName.iPAddress, InetAddress.getByName(literal).getHostAddress());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(literal, e);
    }
  }

  GeneralName generalName() {
    return new GeneralName(kind, text);
  }
}
