package dev.gatesvr.chaos;

import dev.gatesvr.chaos.History.Outcome;
import dev.gatesvr.chaos.History.Ran;
import dev.gatesvr.chaos.History.Sent;
import dev.gatesvr.chaos.History.Told;
import dev.gatesvr.chaos.Player.Asked;
import dev.gatesvr.chaos.Player.Book;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares the books of one round, once everything is at rest. Pure. The numbers are those of
 * HA.md's invariants.
 *
 * <ul>
 *   <li>3: an acknowledged push came to its player once, or the player was told of a gap, a resync
 *       or a kick that covers it; with {@link Allowance#NOTHING} there is none of those.
 *   <li>4, 5, 9, 15: positions rise, and what is missing between them is in a declared gap or
 *       belongs to a request that ended without an answer.
 *   <li>6: nothing comes twice. 7: each stream comes in order.
 *   <li>8: a request runs once at most, answered ones exactly once and in the process that the
 *       answer names, refused ones never.
 *   <li>12: nothing comes after a kick.
 * </ul>
 */
final class Verdict {
  private static final int MISTAKES_KEPT = 30;

  /** What a fault may cost beyond delay. */
  enum Allowance {
    /** One failure in sync mode: no gap, no resync, no kick, no unknown request. */
    NOTHING,
    /** The process of the zone died: requests may end with an unknown outcome. */
    UNKNOWN_REQUESTS,
    /** Memory was lost: clients may be told to resync. */
    RESYNC
  }

  /** A push, wherever it is spoken of. */
  private record Key(String stream, String openid, int number) {}

  private final Allowance allowance;
  private final List<String> mistakes = new ArrayList<>();
  private final Map<Key, Told> told = new HashMap<>();
  private final Map<Key, Sent> sent = new HashMap<>();
  private final Map<String, List<Ran>> runs = new HashMap<>();
  private final Map<Key, String> got = new HashMap<>();

  private int acknowledged;
  private int refusedPushes;
  private int unknownPushes;
  private int requests;
  private int unknownRequests;
  private int refusedRequests;
  private int resyncs;
  private int gaps;
  private int kicks;
  private int covered;

  private Verdict(Allowance allowance) {
    this.allowance = allowance;
  }

  /**
   * Judges a round.
   *
   * @param zones everything that zones ever wrote
   * @param stream suffix of this round's streams
   */
  static Verdict of(Allowance allowance, History zones, List<Book> books, String stream) {
    Verdict verdict = new Verdict(allowance);
    verdict.index(zones, stream);
    Map<String, List<Book>> devices = new HashMap<>();
    for (Book book : books) {
      devices.computeIfAbsent(book.openid(), key -> new ArrayList<>()).add(book);
      verdict.player(book);
    }
    verdict.runs.values().forEach(verdict::onceEach);
    verdict.pushes(devices);
    return verdict;
  }

  private void mistake(String what) {
    if (mistakes.size() < MISTAKES_KEPT) {
      mistakes.add(what);
    }
  }

  private void index(History zones, String stream) {
    for (Sent push : zones.sent()) {
      if (push.stream().endsWith(stream)) {
        sent.put(new Key(push.stream(), push.openid(), push.number()), push);
      }
    }
    for (Told push : zones.told()) {
      if (push.stream().endsWith(stream)) {
        told.put(new Key(push.stream(), push.openid(), push.number()), push);
      }
    }
    Set<String> places = new HashSet<>();
    for (Ran run : zones.ran()) {
      if (run.request().contains("#" + stream + "#")) {
        runs.computeIfAbsent(run.request(), key -> new ArrayList<>()).add(run);
        if (!places.add(run.session() + "|" + run.clientSeq() + "|" + run.incarnation())) {
          mistake("8: session and sequence ran twice in one process: " + run);
        }
      }
    }
  }

  private void onceEach(List<Ran> ofOne) {
    if (ofOne.size() > 1) {
      mistake("8: ran " + ofOne.size() + " times: " + ofOne);
    }
  }

  // ---------------------------------------------------------------- one player

  private void player(Book book) {
    long last = 0;
    long holes = 0;
    boolean over = false;
    Map<String, Integer> streams = new HashMap<>();
    for (Event event : book.events()) {
      if (over && event.kind() != Event.Kind.CLOSED) {
        mistake("12: after the end of " + book.name() + ": " + event);
      }
      if (event.placed()) {
        if (event.seq() <= last) {
          mistake("5: " + book.name() + " at " + last + " got " + event);
        } else if (last > 0) {
          holes += event.seq() - last - 1;
        }
        last = Math.max(last, event.lastSeq());
      }
      switch (event.kind()) {
        case PUSH -> arrived(book, event, streams);
        case GAP -> gaps++;
        case RESYNC -> {
          resyncs++;
          last = 0;
        }
        case KICKED -> {
          kicks++;
          over = true;
        }
        case CLOSED -> over = true;
        case ANSWER, RESUMED, FAILOVER, READY, AWAY -> {}
      }
    }
    long ended = requests(book);
    if (holes > ended) {
      mistake("5: " + book.name() + " misses " + holes + " positions, requests explain " + ended);
    }
  }

  private void arrived(Book book, Event push, Map<String, Integer> streams) {
    Key key = new Key(push.text(), book.openid(), push.number());
    String before = got.putIfAbsent(key, book.name());
    if (before != null) {
      mistake("6: twice: " + key + " at " + before + " and " + book.name());
    }
    int highest = streams.getOrDefault(push.text(), 0);
    if (push.number() < highest) {
      mistake("7: " + book.name() + " got " + key + " after " + highest);
    }
    streams.put(push.text(), Math.max(highest, push.number()));
  }

  /** Returns how many requests ended without an answer. */
  private long requests(Book book) {
    long ended = 0;
    for (Asked asked : book.asked()) {
      requests++;
      List<Ran> ran = runs.getOrDefault(asked.name(), List.of());
      switch (asked.end()) {
        case ANSWERED -> {
          if (ran.size() != 1 || !ran.getFirst().incarnation().equals(asked.by())) {
            mistake("8: answered by " + asked.by() + ": " + asked.name() + " ran " + ran);
          }
        }
        case REFUSED -> {
          ended++;
          refusedRequests++;
          if (!ran.isEmpty()) {
            mistake("8: refused (" + asked.by() + ") and ran: " + ran);
          }
        }
        case UNKNOWN -> {
          ended++;
          unknownRequests++;
          if (allowance == Allowance.NOTHING) {
            mistake("8: outcome unknown: " + asked);
          }
        }
      }
    }
    book.unended().forEach(name -> mistake("8: no end: " + name));
    return ended;
  }

  // ---------------------------------------------------------------- pushes

  private void pushes(Map<String, List<Book>> devices) {
    for (Map.Entry<Key, Sent> entry : sent.entrySet()) {
      Key key = entry.getKey();
      Told answer = told.get(key);
      Outcome outcome = answer == null ? Outcome.UNKNOWN : answer.outcome();
      boolean came = got.containsKey(key);
      switch (outcome) {
        case ACKNOWLEDGED -> {
          acknowledged++;
          if (!came && !covers(devices.getOrDefault(key.openid(), List.of()), entry.getValue())) {
            mistake("3: acknowledged and lost: " + answer);
          } else if (!came) {
            covered++;
          }
        }
        case REFUSED -> {
          refusedPushes++;
          if (came) {
            mistake("3: refused and delivered: " + answer);
          }
        }
        case UNKNOWN -> unknownPushes++;
      }
    }
    for (Key key : got.keySet()) {
      if (!sent.containsKey(key)) {
        mistake("6: never sent: " + key);
      }
    }
    if (allowance != Allowance.RESYNC && resyncs + gaps + kicks > 0) {
      mistake("3: " + resyncs + " resyncs, " + gaps + " gaps, " + kicks + " kicks");
    }
  }

  /** True when the player was told, after the push was offered, that something is missing. */
  private static boolean covers(List<Book> books, Sent push) {
    for (Book book : books) {
      for (Event event : book.events()) {
        boolean tells =
            switch (event.kind()) {
              case GAP, RESYNC, KICKED -> true;
              default -> false;
            };
        if (tells && event.nanos() - push.nanos() > 0) {
          return true;
        }
      }
    }
    return false;
  }

  // ---------------------------------------------------------------- results

  List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  /** Adds what was found elsewhere. */
  void also(List<String> more) {
    more.forEach(this::mistake);
  }

  int acknowledged() {
    return acknowledged;
  }

  int requests() {
    return requests;
  }

  /** Everything countable but good, in a few words. */
  String text() {
    StringBuilder text = new StringBuilder(acknowledged + " acked");
    count(text, unknownPushes, "unknown");
    count(text, refusedPushes, "refused");
    text.append(", ").append(requests).append(" requests");
    count(text, unknownRequests, "unknown");
    count(text, refusedRequests, "refused");
    count(text, resyncs, "resyncs");
    count(text, gaps, "gaps");
    count(text, kicks, "kicks");
    count(text, covered, "covered");
    return text.toString();
  }

  private static void count(StringBuilder text, int count, String what) {
    if (count > 0) {
      text.append(' ').append(count).append(' ').append(what);
    }
  }
}
