package dev.gatesvr.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.chaos.Player.Asked;
import dev.gatesvr.chaos.Player.Book;
import dev.gatesvr.chaos.Player.End;
import dev.gatesvr.chaos.Verdict.Allowance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verdict is believed because it sees each fault alone. */
class VerdictTest {
  @TempDir private Path folder;
  private final List<Event> events = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();
  private final StringBuilder zone = new StringBuilder();

  private void pushed(int number, String outcome) {
    zone.append(
        "S\tz.r1\tc0\t%d\t10\nA\tz.r1\tc0\t%d\t%s\tg\t20\n".formatted(number, number, outcome));
  }

  private void ran(String request, int clientSeq) {
    zone.append("X\t%s\ts\t%d\tabc\t30\n".formatted(request, clientSeq));
  }

  private void got(int number, long seq) {
    events.add(Event.push("z.r1", number, seq));
  }

  private List<String> mistakes(Allowance allowance) {
    try {
      Path file = Files.writeString(folder.resolve("history"), zone);
      Book book = new Book("c0/1", "c0", events, asked, List.of());
      return Verdict.of(allowance, History.read(List.of(file)), List.of(book), "r1").mistakes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void sees(String mistake) {
    assertThat(mistakes(Allowance.NOTHING)).anyMatch(text -> text.contains(mistake));
  }

  @Test
  void acceptsWhatIsGood() {
    pushed(1, "DELIVERED");
    pushed(2, "UNKNOWN");
    pushed(3, "UNKNOWN");
    pushed(4, "REFUSED");
    got(1, 1);
    ran("c0/1#r1#1", 1);
    events.add(Event.answer("c0/1#r1#1", 2));
    asked.add(new Asked("c0/1#r1#1", End.ANSWERED, "abc"));
    got(3, 3);
    assertThat(mistakes(Allowance.NOTHING)).isEmpty();
  }

  @Test
  void seesALostPush() {
    pushed(1, "QUEUED");
    sees("acknowledged and lost");
  }

  @Test
  void seesARefusedPushThatCame() {
    pushed(1, "REFUSED");
    got(1, 1);
    sees("refused and delivered");
  }

  @Test
  void seesARepeatedPush() {
    pushed(1, "DELIVERED");
    got(1, 1);
    got(1, 2);
    sees("twice");
  }

  @Test
  void seesPushesInTheWrongOrder() {
    pushed(1, "DELIVERED");
    pushed(2, "DELIVERED");
    got(2, 1);
    got(1, 2);
    sees("7: ");
  }

  @Test
  void seesAPositionThatGoesBackOrIsMissing() {
    pushed(1, "DELIVERED");
    pushed(2, "DELIVERED");
    got(1, 5);
    got(2, 5);
    sees("5: c0/1 at 5");
    events.clear();
    got(1, 5);
    got(2, 7);
    sees("misses 1 positions");
  }

  @Test
  void seesAPushThatNobodySent() {
    got(9, 1);
    sees("never sent");
  }

  @Test
  void seesARequestThatRanTwice() {
    ran("c0/1#r1#1", 1);
    ran("c0/1#r1#1", 1);
    sees("ran 2 times");
    sees("ran twice in one process");
  }

  @Test
  void seesAnAnswerOfNoRunAndARefusalOfARun() {
    asked.add(new Asked("c0/1#r1#1", End.ANSWERED, "abc"));
    ran("c0/1#r1#2", 2);
    asked.add(new Asked("c0/1#r1#2", End.REFUSED, "503"));
    sees("8: answered by abc");
    sees("8: refused (503) and ran");
  }

  @Test
  void aResyncIsAMistakeUnlessItIsAllowed() {
    pushed(1, "DELIVERED");
    events.add(Event.of(Event.Kind.RESYNC, ""));
    sees("1 resyncs");
    assertThat(mistakes(Allowance.RESYNC)).isEmpty();
  }

  @Test
  void seesWhatComesAfterAKick() {
    pushed(1, "DELIVERED");
    events.add(Event.of(Event.Kind.KICKED, ""));
    got(1, 1);
    sees("12: ");
  }
}
