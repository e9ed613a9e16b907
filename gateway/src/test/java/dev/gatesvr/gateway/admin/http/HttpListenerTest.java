package dev.gatesvr.gateway.admin.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The wire itself, through plain sockets. */
@Timeout(20)
class HttpListenerTest {
  private static final HttpLimits LIMITS =
      new HttpLimits(
          4,
          Duration.ofMillis(600),
          Duration.ofMillis(1_500),
          Duration.ofMillis(1_500),
          1_024,
          2_048,
          512);

  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger piecesMade = new AtomicInteger();
  private HttpListener listener;

  @BeforeEach
  void start() throws IOException {
    Page count =
        request ->
            CompletableFuture.completedStage(
                Reply.text(200, Reply.TEXT, "answer " + answered.incrementAndGet() + "\n"));
    Page late =
        request ->
            CompletableFuture.supplyAsync(
                () -> Reply.text(200, Reply.TEXT, "late\n"),
                CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
    Page pieces =
        request ->
            CompletableFuture.completedStage(
                new Reply.Pieces(200, Reply.TEXT, out -> writePiece(out, request)));
    Page broken =
        request -> {
          throw new IllegalStateException("on purpose");
        };
    Page silent = request -> new CompletableFuture<>();
    listener =
        HttpListener.start(
            "http-test-0",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Map.of(
                "/count", count,
                "/late", late,
                "/pieces", pieces,
                "/broken", broken,
                "/silent", silent),
            LIMITS);
  }

  private boolean writePiece(OutputStream out, Request request) throws IOException {
    out.write(new byte[10_000]);
    return piecesMade.incrementAndGet() < request.intParameter("n", 3, 1, 100_000);
  }

  @AfterEach
  void stop() {
    listener.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.localAddress().getPort());
    socket.setSoTimeout(5_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  /** Everything until the server closes. */
  private static String readAll(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), US_ASCII);
  }

  private static String readUntil(Socket socket, String end) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      int next = in.read();
      assertThat(next).as("end of connection after: %s", text).isNotNegative();
      text.append((char) next);
    }
    return text.toString();
  }

  private String exchange(String request) throws IOException {
    try (Socket socket = connect()) {
      send(socket, request);
      return readAll(socket);
    }
  }

  @Test
  void keepsAConnectionForTheNextRequest() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "GET /count HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(readUntil(socket, "answer 1\n")).doesNotContain("close");
      send(socket, "GET /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(readAll(socket)).contains("connection: close").endsWith("answer 2\n");
    }
  }

  @Test
  void answersPipelinedRequestsInOrderEvenWhenOneIsLate() throws IOException {
    String late = "GET /late HTTP/1.1\r\nHost: x\r\n\r\n";
    String count = "GET /count HTTP/1.1\r\nHost: x\r\n\r\n";
    String head = "HEAD /count HTTP/1.1\r\nHost: x\r\n\r\n";
    String last = "GET /count HTTP/1.0\r\n\r\n";
    String all = exchange(count + late + head + late + last);
    assertThat(all.split("HTTP/1.1 200 OK")).hasSize(6);
    assertThat(all.replaceAll("(?m)^[^\\n]*\\r\\n", ""))
        .isEqualTo("answer 1\nlate\nlate\nanswer 3\n");
  }

  @Test
  void takesARequestInAsManyPiecesAsItComes() throws IOException {
    try (Socket socket = connect()) {
      for (String request :
          List.of("GET /count HTTP/1.1\r\nHost: x\r\n\r\n", "GET /late HTTP/1.0\r\n\r\n")) {
        for (int i = 0; i < request.length(); i++) {
          send(socket, request.substring(i, i + 1));
        }
      }
      assertThat(readAll(socket)).contains("answer 1\n").endsWith("late\n");
    }
  }

  @Test
  void closesASlowLorisAfterTheRequestTimeout() throws Exception {
    try (Socket socket = connect()) {
      long start = System.nanoTime();
      send(socket, "GET /count HTTP/1.1\r\n");
      boolean open = true;
      while (open) {
        open = drips(socket);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(300), Duration.ofSeconds(3));
      assertThat(answered).hasValue(0);
    }
  }

  /** One header byte a moment, for as long as the server bears it. */
  private static boolean drips(Socket socket) throws IOException {
    socket.setSoTimeout(50);
    try {
      send(socket, "x");
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (SocketException e) {
      return false;
    }
  }

  @Test
  void closesASlowLorisOnItsSecondRequestToo() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "GET /count HTTP/1.1\r\nHost: x\r\n\r\n");
      readUntil(socket, "answer 1\n");
      long start = System.nanoTime();
      send(socket, "G");
      boolean open = true;
      while (open) {
        open = drips(socket);
      }
      assertThat(System.nanoTime() - start).isLessThan(LIMITS.idleTimeout().toNanos());
      assertThat(answered).hasValue(1);
    }
  }

  @Test
  void closesAConnectionThatAsksNothing() throws IOException {
    try (Socket socket = connect()) {
      assertThat(readAll(socket)).isEmpty();
    }
    try (Socket socket = connect()) {
      send(socket, "GET /count HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(readAll(socket)).endsWith("answer 1\n");
    }
  }

  @Test
  void closesAConnectionWhoseAnswerNeverComes() throws IOException {
    assertThat(exchange("GET /silent HTTP/1.1\r\nHost: x\r\n\r\n")).isEmpty();
  }

  @Test
  void refusesWhatIsTooLarge() throws IOException {
    assertThat(exchange("GET /" + "x".repeat(2_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 414 ")
        .contains("connection: close")
        .endsWith("{\"error\":\"request line: too long\"}\n");
    assertThat(exchange("GET /count HTTP/1.1\r\nHost: x\r\nA: " + "x".repeat(3_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(exchange("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 513\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ");
    assertThat(
            exchange(
                "POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "300\r\n"
                    + "x".repeat(0x300)))
        .startsWith("HTTP/1.1 413 ");
    assertThat(answered).hasValue(0);
  }

  @Test
  void refusesWhatIsNotHttp() throws IOException {
    assertThat(exchange("\u0016\u0003\u0001 what\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(exchange("GET /count HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("host: missing");
    assertThat(exchange("GET /%zz HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(exchange("GET /count HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n"))
        .startsWith("HTTP/1.1 417 ");
  }

  @Test
  void takesTheAbsoluteFormOfProxies() throws IOException {
    assertThat(exchange("GET http://gate.example/count?a=b HTTP/1.0\r\n\r\n"))
        .endsWith("answer 1\n");
  }

  @Test
  void ignoresASmallBody() throws IOException {
    String request =
        "GET /count HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
            + "GET /count HTTP/1.0\r\n\r\n";
    assertThat(exchange(request)).contains("answer 1\n").endsWith("answer 2\n");
  }

  @Test
  void turnsAFailingPageInto500AndGoesOn() throws IOException {
    String text = exchange("GET /broken HTTP/1.1\r\nHost: x\r\n\r\nGET /count HTTP/1.0\r\n\r\n");
    assertThat(text).startsWith("HTTP/1.1 500 ").endsWith("answer 1\n").doesNotContain("purpose");
  }

  @Test
  void sendsPiecesAsChunksOrUntilTheEnd() throws IOException {
    String chunked = exchange("GET /pieces HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(chunked).contains("transfer-encoding: chunked").endsWith("\r\n0\r\n\r\n");
    assertThat(chunked.chars().filter(c -> c == 0)).hasSize(30_000);
    piecesMade.set(0);
    String plain = exchange("GET /pieces HTTP/1.0\r\n\r\n");
    assertThat(plain).doesNotContain("chunked");
    assertThat(plain.substring(plain.indexOf("\r\n\r\n") + 4)).hasSize(30_000);
    assertThat(exchange("HEAD /pieces HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .contains("transfer-encoding: chunked")
        .endsWith("\r\n\r\n")
        .doesNotContain("\u0000");
  }

  @Test
  void makesNoMorePiecesThanAClientTakes() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "GET /pieces?n=100000 HTTP/1.1\r\nHost: x\r\n\r\n");
      readUntil(socket, "\r\n\r\n");
      // A gigabyte was asked for and nobody reads: what is made is what sockets buffer.
      assertThat(awaitStill(piecesMade)).isLessThan(2_000);
    }
  }

  private static int awaitStill(AtomicInteger counter) throws InterruptedException {
    int last = -1;
    while (counter.get() != last) {
      last = counter.get();
      Thread.sleep(200);
    }
    return last;
  }

  @Test
  void turnsAwayOneConnectionTooMany() throws IOException {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 1; i <= LIMITS.connectionsMax(); i++) {
        Socket socket = connect();
        open.add(socket);
        send(socket, "GET /count HTTP/1.1\r\nHost: x\r\n\r\n");
        readUntil(socket, "answer " + i + "\n");
      }
      try (Socket refused = connect()) {
        assertThat(isClosed(refused)).isTrue();
        assertThat(answered).hasValue(LIMITS.connectionsMax());
      }
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  private static boolean isClosed(Socket socket) throws IOException {
    try {
      send(socket, "GET /count HTTP/1.1\r\nHost: x\r\n\r\n");
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  @Test
  void closesItsConnectionsWithItself() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "GET /count HTTP/1.1\r\nHost: x\r\n\r\n");
      readUntil(socket, "answer 1\n");
      listener.close();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }
}
