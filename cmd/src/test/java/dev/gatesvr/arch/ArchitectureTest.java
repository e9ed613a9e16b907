package dev.gatesvr.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
  private static final String ROOT = "dev.gatesvr";
  private static final String BAD = "dev.gatesvr.arch.bad";

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);
  private static final JavaClasses EXAMPLES = new ClassFileImporter().importPackages(BAD);

  @TestFactory
  Stream<DynamicTest> theProductKeepsTheRules() {
    HouseRules rules = new HouseRules(ROOT);
    return Stream.of(
            rules.arrows(), rules.purity(), rules.homes(), List.of(rules.standardStreams()))
        .flatMap(List::stream)
        .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(PRODUCT)));
  }

  @Test
  void everyModuleIsLookedAt() {
    for (String module : HouseRules.ARROWS.keySet()) {
      assertThat(PRODUCT)
          .as(module)
          .anyMatch(type -> type.getPackageName().startsWith(ROOT + "." + module));
    }
  }

  @Test
  void aSiblingThatImportsItsSiblingIsCaught() {
    assertBites(new HouseRules(BAD).arrows(), "session imports only", "session.ImportsASibling");
  }

  @Test
  void aLibraryThatImportsAProgramIsCaught() {
    assertBites(new HouseRules(BAD).arrows(), "client imports only", "client.ImportsAProgram");
  }

  @Test
  void aCoreThatReadsTheClockIsCaught() {
    List<ArchRule> purity = new HouseRules(BAD).purity();
    assertBites(purity, "time as an argument", "session.ReadsTheClock");
    assertBites(purity, "time as an argument", "upstream.route.AsksForNow");
  }

  @Test
  void aCoreThatDrawsRandomOrStartsThreadsIsCaught() {
    List<ArchRule> purity = new HouseRules(BAD).purity();
    assertBites(purity, "no thread", "upstream.route.DrawsRandom");
    assertBites(purity, "no thread", "session.StartsAThread");
  }

  @Test
  void aLibraryOutsideItsHomeIsCaught() {
    List<ArchRule> homes = new HouseRules(BAD).homes();
    assertBites(homes, "codec.quic.. is used only", "client.TouchesQuic");
    assertBites(homes, "bouncycastle.. is used only", "client.TouchesQuic");
  }

  @Test
  void aLibraryThatPrintsIsCaught() {
    assertBites(List.of(new HouseRules(BAD).standardStreams()), "System.out", "client.TouchesQuic");
  }

  private static void assertBites(List<ArchRule> rules, String rule, String culprit) {
    ArchRule bites =
        rules.stream().filter(r -> r.getDescription().contains(rule)).findFirst().orElseThrow();
    assertThatThrownBy(() -> bites.check(EXAMPLES))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(BAD + "." + culprit);
  }
}
