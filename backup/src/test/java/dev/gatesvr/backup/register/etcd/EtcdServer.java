package dev.gatesvr.backup.register.etcd;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real etcd with one member, on free ports and in a folder of its own. */
final class EtcdServer {
  /** Where scripts/etcd.sh puts one, seen from a module. */
  private static final Path FETCHED = Path.of("../build/tools/etcd/usr/bin/etcd");

  private final Path home;
  private final int clientPort;
  private final int peerPort;
  private Process process;

  private EtcdServer(Path home, int clientPort, int peerPort) throws IOException {
    this.home = home;
    this.clientPort = clientPort;
    this.peerPort = peerPort;
    this.process = run();
  }

  /** The program, from the PATH or fetched. */
  static Optional<Path> binary() {
    Stream<Path> onPath =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder, "etcd"));
    return Stream.concat(onPath, Stream.of(FETCHED)).filter(Files::isExecutable).findFirst();
  }

  static EtcdServer start(Path home) throws IOException, InterruptedException {
    EtcdServer server = new EtcdServer(home, freePort(), freePort());
    server.awaitListening();
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process run() throws IOException {
    String client = "http://127.0.0.1:" + clientPort;
    String peer = "http://127.0.0.1:" + peerPort;
    List<String> command =
        List.of(
            binary().orElseThrow().toString(),
            "--name=one",
            "--data-dir=" + home.resolve("data"),
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=one=" + peer);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("ETCD_"));
    File log = home.resolve("etcd.log").toFile();
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  private void awaitListening() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!listens()) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new IOException("etcd does not start: " + Files.readString(home.resolve("etcd.log")));
      }
      Thread.sleep(20);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), clientPort)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  String endpoint() {
    return "127.0.0.1:" + clientPort;
  }

  /** Ends it as a power cut would. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void startAgain() throws IOException, InterruptedException {
    process = run();
    awaitListening();
  }

  /** It hangs, or no longer. */
  void pause(boolean paused) throws IOException, InterruptedException {
    String signal = paused ? "-STOP" : "-CONT";
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }
}
