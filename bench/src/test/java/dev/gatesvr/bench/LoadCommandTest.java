package dev.gatesvr.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatesvr.bench.baseline.EchoZone;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.gateway.Gateway;
import dev.gatesvr.gateway.auth.DevelopmentAuthenticator;
import dev.gatesvr.gateway.config.AdminConfig;
import dev.gatesvr.gateway.config.AuthConfig;
import dev.gatesvr.gateway.config.BackupConfig;
import dev.gatesvr.gateway.config.GatewayConfig;
import dev.gatesvr.gateway.config.OfflineConfig;
import dev.gatesvr.gateway.config.OverloadConfig;
import dev.gatesvr.gateway.config.ServerConfig;
import dev.gatesvr.gateway.config.ServerConfig.AddressValidation;
import dev.gatesvr.gateway.config.SessionConfig;
import dev.gatesvr.proto.GatewayServiceGrpc;
import dev.gatesvr.proto.UpstreamRegisterRequest;
import dev.gatesvr.testkit.TestCertificate;
import dev.gatesvr.transport.loop.IoLoops;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LoadCommandTest {
  private static final List<String> PERCENTILES = List.of("p50", "p90", "p99", "p99.9", "max");
  private static final int ENOUGH = 1_000_000;

  @TempDir private Path folder;

  private TestCertificate certificate;
  private Gateway gateway;
  private IoLoops zoneLoops;
  private Server zone;

  @BeforeEach
  void start() throws IOException {
    certificate = TestCertificate.in(folder);
    gateway = Gateway.start(config(ENOUGH), new DevelopmentAuthenticator());
    zoneLoops = IoLoops.open(1);
    zone = EchoZone.start(zoneLoops);
    register();
  }

  @AfterEach
  void stop() {
    gateway.stop();
    zone.shutdownNow();
    zoneLoops.close();
  }

  @Test
  void everyPlannedRequestIsSentAndAnsweredOnce() throws Exception {
    JsonNode result = load(Cli.OK, "--rate", "400", "--connections", "10");
    // Two seconds, of which the first half is not recorded.
    assertThat(result.get("planned").asLong()).isEqualTo(800);
    assertThat(result.get("sent").asLong()).isEqualTo(800);
    assertThat(result.get("answered").asLong()).isEqualTo(800);
    assertThat(result.get("errors").asLong()).isZero();
    assertThat(result.get("unexpected").asLong()).isZero();
    assertThat(histogram(result).getTotalCount()).isEqualTo(400);
  }

  @Test
  void percentilesNeverFall() throws Exception {
    JsonNode latency = load(Cli.OK, "--rate", "400", "--connections", "10").get("latency_us");
    List<Double> values = PERCENTILES.stream().map(p -> latency.get(p).asDouble()).toList();
    assertThat(values).isSorted().allSatisfy(value -> assertThat(value).isPositive());
  }

  @Test
  void aClosedLoopIsLabelledAndLosesNothing() throws Exception {
    JsonNode result =
        load(Cli.OK, "--closed", "--depth", "4", "--connections", "5", "--acks", "piggyback");
    assertThat(result.get("loop").asText()).isEqualTo("closed (max)");
    assertThat(result.get("answered").asLong()).isPositive().isEqualTo(result.get("sent").asLong());
  }

  @Test
  void heartbeatsNeedNoZone() throws Exception {
    zone.shutdownNow();
    JsonNode result = load(Cli.OK, "--kind", "heartbeat", "--rate", "200", "--connections", "4");
    assertThat(result.get("answered").asLong()).isEqualTo(400);
  }

  @Test
  void refusalsAreCountedAndFailTheRun() throws Exception {
    gateway.stop();
    gateway = Gateway.start(config(1), new DevelopmentAuthenticator());
    register();
    JsonNode result = load(Cli.FAILED, "--rate", "100", "--connections", "2");
    assertThat(result.get("errors").asLong()).isPositive();
    assertThat(result.get("answered").asLong()).isEqualTo(200);
  }

  @Test
  void aResultSaysUnderWhichCircumstancesItWasFound() throws Exception {
    JsonNode result = load(Cli.OK, "--rate", "50", "--connections", "1");
    assertThat(result.fieldNames())
        .toIterable()
        .contains("commit", "flags", "kernel", "jdk", "gc", "processors", "load_average");
  }

  private JsonNode load(int exitCode, String... more) throws IOException {
    Path file = folder.resolve("result.json");
    CommandLine line = Cli.commandLine(new LoadCommand(List.of(more)));
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(new StringWriter()));
    line.setErr(new PrintWriter(err));
    String[] common = {
      "--server",
      "127.0.0.1:" + gateway.quicAddress().getPort(),
      "--ca",
      certificate.certFile().toString(),
      "--warmup",
      "1s",
      "--duration",
      "1s",
      "--zone",
      "001",
      "--json",
      file.toString()
    };
    String[] all = Stream.of(common, more).flatMap(Arrays::stream).toArray(String[]::new);
    assertThat(line.execute(all)).as(err.toString()).isEqualTo(exitCode);
    return new ObjectMapper().readTree(file.toFile());
  }

  private static Histogram histogram(JsonNode result) throws DataFormatException {
    byte[] raw = Base64.getDecoder().decode(result.get("histogram").asText());
    return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(raw), 0);
  }

  private void register() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcAddress().getPort())
            .usePlaintext()
            .build();
    try {
      var answer =
          GatewayServiceGrpc.newBlockingStub(channel)
              .registerUpstream(
                  UpstreamRegisterRequest.newBuilder()
                      .setAddress("127.0.0.1:" + zone.getPort())
                      .setZoneId("001")
                      .setServiceName("test")
                      .build());
      assertThat(answer.getSuccess()).as(answer.getMessage()).isTrue();
    } finally {
      channel.shutdownNow();
    }
  }

  private GatewayConfig config(int maxQps) {
    String any = "127.0.0.1:0";
    return new GatewayConfig(
        new ServerConfig(
            any,
            any,
            any,
            any,
            certificate.certFile().toString(),
            certificate.keyFile().toString(),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            3,
            Duration.ofSeconds(30),
            3,
            Duration.ofSeconds(5),
            1,
            AddressValidation.UNDER_LOAD),
        AuthConfig.defaults(),
        SessionConfig.defaults(),
        OfflineConfig.defaults(),
        new OverloadConfig(
            true, ENOUGH, ENOUGH, maxQps, maxQps, 1, ENOUGH, ENOUGH, Duration.ofSeconds(10)),
        BackupConfig.defaults(),
        AdminConfig.defaults());
  }
}
