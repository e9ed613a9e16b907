package dev.gatesvr.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rules, for the modules under a root package.
 *
 * @param root {@code dev.gatesvr}, or the package of the bad examples
 */
record HouseRules(String root) {
  /** What each module may import of the others (DESIGN.md, "Rooms"). */
  static final Map<String, Set<String>> ARROWS =
      new TreeMap<>(
          Map.of(
              "proto", Set.of(),
              "session", Set.of("proto"),
              "upstream", Set.of("proto"),
              "backup", Set.of("proto"),
              "transport", Set.of("proto"),
              "client", Set.of("proto", "transport"),
              "gateway", Set.of("proto", "session", "upstream", "backup", "transport"),
              "cmd",
                  Set.of(
                      "proto", "session", "upstream", "backup", "transport", "client", "gateway"),
              "testkit", Set.of("proto", "transport")));

  /** The cores that know no thread, clock, socket, random or logger. */
  private static final List<String> PURE =
      List.of(
          "session",
          "client.core",
          "upstream.route",
          "upstream.health",
          "backup.role",
          "backup.log");

  private static final Set<String> AMBIENT =
      Set.of(
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.getenv",
          "java.lang.Math.random",
          "java.util.UUID.randomUUID");

  private static final DescribedPredicate<JavaAccess<?>> AMBIENT_CALL =
      DescribedPredicate.describe(
          "read a clock or random from the surroundings",
          access -> {
            String owner = access.getTargetOwner().getFullName();
            String name = access.getTarget().getName();
            boolean clock = owner.startsWith("java.time.") && name.equals("now");
            return clock || AMBIENT.contains(owner + "." + name);
          });

  /** Every module imports only what its arrows allow. */
  List<ArchRule> arrows() {
    List<ArchRule> rules = new ArrayList<>();
    ARROWS.forEach(
        (module, allowed) -> {
          String[] forbidden =
              ARROWS.keySet().stream()
                  .filter(other -> !other.equals(module) && !allowed.contains(other))
                  .map(this::all)
                  .toArray(String[]::new);
          rules.add(
              noClasses()
                  .that()
                  .resideInAPackage(all(module))
                  .should()
                  .dependOnClassesThat()
                  .resideInAnyPackage(forbidden)
                  .as(module + " imports only " + allowed)
                  .allowEmptyShould(true));
        });
    return rules;
  }

  /** Time, threads and the rest come to the cores as arguments. */
  List<ArchRule> purity() {
    String[] cores = PURE.stream().map(this::all).toArray(String[]::new);
    DescribedPredicate<JavaClass> edge =
        resideInAnyPackage(
                "io.netty..",
                "io.grpc..",
                "org.slf4j..",
                "java.util.logging..",
                "java.net.http..",
                "java.nio.channels..",
                "java.util.concurrent..",
                "java.util.random..")
            .or(
                DescribedPredicate.describe(
                    "threads, random, sockets or files",
                    type ->
                        Set.of(
                                "java.lang.Thread",
                                "java.util.Random",
                                "java.util.Timer",
                                "java.util.SplittableRandom",
                                "java.security.SecureRandom",
                                "java.time.Clock",
                                "java.net.Socket",
                                "java.net.InetAddress",
                                "java.nio.file.Files",
                                "java.io.File")
                            .contains(type.getFullName())))
            .and(
                DescribedPredicate.not(
                    DescribedPredicate.describe(
                        "TimeUnit",
                        type -> type.getFullName().equals("java.util.concurrent.TimeUnit"))));
    return List.of(
        noClasses()
            .that()
            .resideInAnyPackage(cores)
            .should()
            .dependOnClassesThat(edge)
            .as("the pure cores know no thread, socket, random or logger")
            .allowEmptyShould(true),
        noClasses()
            .that()
            .resideInAnyPackage(cores)
            .should()
            .accessTargetWhere(AMBIENT_CALL)
            .as("the pure cores take time as an argument")
            .allowEmptyShould(true));
  }

  /** A library stands behind one package, so that it can be replaced there. */
  List<ArchRule> homes() {
    return List.of(
        home("io.netty.handler.codec.quic..", "transport.quic"),
        home("io.prometheus..", "gateway.metrics"),
        home("io.etcd..", "backup.register.etcd"),
        home("org.bouncycastle..", "cmd.gencerts", "transport.secure", "testkit"),
        home("com.nimbusds..", "gateway.auth.jwt"),
        home("picocli..", "cmd"),
        home("org.yaml.snakeyaml..", "cmd.config"),
        home("com.fasterxml.jackson..", "cmd", "gateway.admin"),
        home("one.profiler..", "gateway.admin"),
        home("ch.qos.logback..", "cmd", "testkit"));
  }

  private ArchRule home(String library, String... packages) {
    String[] homes = java.util.Arrays.stream(packages).map(this::all).toArray(String[]::new);
    return noClasses()
        .that(resideInAPackage(root + "..").and(DescribedPredicate.not(resideInAnyPackage(homes))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .as(library + " is used only in " + String.join(", ", packages))
        .allowEmptyShould(true);
  }

  /** Libraries log; only programs talk to a person. */
  ArchRule standardStreams() {
    return noClasses()
        .that(
            resideInAPackage(root + "..")
                .and(DescribedPredicate.not(resideInAnyPackage(all("cmd"), all("bench")))))
        .should(ACCESS_STANDARD_STREAMS)
        .as("only programs write to System.out and System.err")
        .allowEmptyShould(true);
  }

  private String all(String module) {
    return root + "." + module + "..";
  }
}
