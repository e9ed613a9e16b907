/**
 * Certificates: {@code gencerts} makes a development CA and a server certificate, and {@link
 * dev.gatesvr.cmd.gencerts.CertificatePair} reads and judges any pair of PEM files.
 *
 * <p>The only package that uses BouncyCastle. The CA is kept when it is still good, so that clients
 * which were given it need no new one; a file that this program did not make is never replaced
 * without {@code --force}.
 */
@NullMarked
package dev.gatesvr.cmd.gencerts;

import org.jspecify.annotations.NullMarked;
