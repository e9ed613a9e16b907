package dev.gatesvr.backup.link;

import static dev.gatesvr.backup.link.LinkFixture.frame;
import static dev.gatesvr.backup.link.LinkFixture.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatesvr.backup.link.Recorder.DialFailed;
import dev.gatesvr.backup.link.Recorder.Down;
import dev.gatesvr.backup.link.Recorder.Frame;
import dev.gatesvr.backup.link.Recorder.Up;
import dev.gatesvr.testkit.TcpRelay;
import dev.gatesvr.testkit.TestCertificate;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Certificates on both sides, and everyone without one. */
class TlsTest {
  private static final LinkSecurity CLEAR = LinkSecurity.privateNetwork();

  private final LinkFixture pair = new LinkFixture();
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.gatesvr.backup.link");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final LinkSecurity ofA;
  private final LinkSecurity ofB;
  private final LinkSecurity ofStranger;
  private final Path directory;

  TlsTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    TestCertificate a = certificate("a");
    TestCertificate b = certificate("b");
    TestCertificate stranger = certificate("stranger");
    Path trusted = directory.resolve("ca.crt");
    Files.writeString(trusted, Files.readString(a.certFile()) + Files.readString(b.certFile()));
    ofA = LinkSecurity.mutualTls(a.certFile(), a.keyFile(), trusted);
    ofB = LinkSecurity.mutualTls(b.certFile(), b.keyFile(), trusted);
    ofStranger = LinkSecurity.mutualTls(stranger.certFile(), stranger.keyFile(), trusted);
  }

  private TestCertificate certificate(String name) throws IOException {
    return TestCertificate.in(Files.createDirectory(directory.resolve(name)));
  }

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void close() {
    pair.close();
    logger.detachAppender(lines);
  }

  @Test
  void bothProveWhoTheyAre() throws Exception {
    pair.dial(b(ofB), pair.listen(a(ofA)));
    PairLink atA = pair.a.await(Up.class).link();
    PairLink atB = pair.b.await(Up.class).link();
    pair.loopA.execute(() -> atA.send(frame(1)));
    pair.loopB.execute(() -> atB.send(frame(2)));
    assertThat(pair.b.await(Frame.class).frame()).isEqualTo(frame(1));
    assertThat(pair.a.await(Frame.class).frame()).isEqualTo(frame(2));
    pair.loopA.execute(() -> atA.close("bye"));
    Down down = pair.b.await(Down.class);
    assertThat(down.end()).isEqualTo(LinkEnd.CLOSED);
    assertThat(down.reason()).isEqualTo("bye");
  }

  @Test
  void aCutBelowTlsIsAReset() throws Exception {
    TcpRelay relay = pair.closing(TcpRelay.start(pair.listen(a(ofA))));
    pair.dial(b(ofB), relay.address());
    pair.a.await(Up.class);
    pair.b.await(Up.class);
    relay.cut();
    assertThat(pair.a.await(Down.class).end()).isEqualTo(LinkEnd.RESET);
    assertThat(pair.b.await(Down.class).end()).isEqualTo(LinkEnd.RESET);
    pair.a.await(Up.class);
  }

  @Test
  void aStrangerThatDialsIsRefused() throws Exception {
    fails(ofA, ofStranger, LinkEnd.UNTRUSTED, "certificate");
  }

  @Test
  void aDiallerWithoutACertificateIsRefused() throws Exception {
    SslContext bare =
        SslContextBuilder.forClient()
            .trustManager(directory.resolve("ca.crt").toFile())
            .endpointIdentificationAlgorithm(null)
            .build();
    fails(ofA, new LinkSecurity.MutualTls(bare, bare), LinkEnd.UNTRUSTED, "certificate_required");
  }

  @Test
  void aStrangerThatListensIsRefused() throws Exception {
    fails(ofStranger, ofB, LinkEnd.UNTRUSTED, "PKIX path");
  }

  @Test
  void aDiallerInTheClearIsRefused() throws Exception {
    fails(ofA, CLEAR, LinkEnd.TURNED_AWAY, "this link needs TLS");
    assertThat(lines.list)
        .anyMatch(line -> line.getFormattedMessage().contains("the other does not speak TLS"));
  }

  @Test
  void aListenerInTheClearIsRefused() throws Exception {
    fails(CLEAR, ofB, LinkEnd.UNTRUSTED, "the other does not speak TLS");
    assertThat(lines.list)
        .anyMatch(line -> line.getFormattedMessage().contains("TLS on a link in the clear"));
  }

  private void fails(LinkSecurity ofListener, LinkSecurity ofDialler, LinkEnd end, String reason)
      throws Exception {
    pair.dial(b(ofDialler), pair.listen(a(ofListener)));
    for (int i = 0; i < 5; i++) {
      DialFailed failed = pair.b.await(DialFailed.class);
      assertThat(failed.reason()).contains(reason);
      assertThat(failed.end()).isEqualTo(end);
    }
    assertThat(pair.a.poll()).isNull();
    List<String> messages = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertThat(messages).as("one a second on each side").hasSizeBetween(2, 4);
  }

  @Test
  void filesThatAreNotThereAreNamed() {
    Path none = directory.resolve("none.pem");
    assertThatThrownBy(() -> LinkSecurity.mutualTls(none, none, none))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cert_file: " + none)
        .hasMessageContaining("expected: PEM files");
  }

  private LinkSettings a(LinkSecurity security) {
    return pair.settings(pair.loopA, identity("a"), security);
  }

  private LinkSettings b(LinkSecurity security) {
    return pair.settings(pair.loopB, identity("b"), security);
  }

  @Test
  void aRawConnectionWithoutTlsIsClosed() throws Exception {
    InetSocketAddress address = pair.listen(a(ofA));
    try (RawPeer peer = RawPeer.connect(address)) {
      peer.bytes(new byte[64]);
      assertThat(peer.socket().getInputStream().readAllBytes().length).isBetween(1, 128);
    }
  }
}
