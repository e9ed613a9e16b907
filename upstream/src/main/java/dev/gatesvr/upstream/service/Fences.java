package dev.gatesvr.upstream.service;

import dev.gatesvr.upstream.route.Printable;
import java.util.HashMap;
import java.util.Map;

/**
 * The highest term of every pair of gateways that was heard of here. What carries a lower one comes
 * from a gateway that was deposed, and has no effect. Terms are compared as unsigned, terms of
 * different pairs not at all. A gateway without a pair (an empty name) is never fenced.
 *
 * <p>Bounds: {@link #PAIRS_MAX} pairs, names of {@link #PAIR_CHARS_MAX} characters. A pair is never
 * forgotten while the process lives; one more is refused. In memory only: a process that starts
 * anew has another incarnation, and gateways record their term there before they use it.
 *
 * <p>Pure and thread-safe: reading is a volatile read.
 */
final class Fences {
  /** As many as a service can have gateways. */
  static final int PAIRS_MAX = 64;

  static final int PAIR_CHARS_MAX = 128;

  private final Object lock = new Object();
  private volatile Map<String, Long> highest = Map.of();
  private volatile Raised raised = (pair, term) -> {};

  /** Told, after it counts, that a term is the highest of its pair now. Must not block. */
  interface Raised {
    void onRaised(String pair, long term);
  }

  /** What becomes of something that carries a term. */
  sealed interface Verdict {
    /** It may have effects. */
    record Admitted() implements Verdict {}

    /**
     * It may not.
     *
     * @param byTerm the higher term
     */
    record Fenced(long byTerm) implements Verdict {}

    /**
     * Nothing is known of its pair, and nothing can be kept.
     *
     * @param why one line: the value and what was expected
     */
    record Refused(String why) implements Verdict {}
  }

  private static final Verdict ADMITTED = new Verdict.Admitted();

  /** Who is told from now on, in the place of who was. */
  void observe(Raised observer) {
    raised = observer;
  }

  /** Fences what is below, and raises the fence to what is above. */
  Verdict admit(String pair, long term) {
    if (pair.isEmpty()) {
      return ADMITTED;
    }
    Long known = highest.get(pair);
    if (known != null && known == term) {
      return ADMITTED;
    }
    if (known != null && Long.compareUnsigned(term, known) < 0) {
      return new Verdict.Fenced(known);
    }
    return term == 0 ? ADMITTED : raise(pair, term);
  }

  private Verdict raise(String pair, long term) {
    synchronized (lock) {
      Long known = highest.get(pair);
      if (known != null && Long.compareUnsigned(term, known) < 0) {
        return new Verdict.Fenced(known);
      }
      if (known == null && highest.size() >= PAIRS_MAX) {
        return new Verdict.Refused(
            "pair: "
                + Printable.quoted(pair)
                + " is one too many (expected: at most "
                + PAIRS_MAX
                + " pairs of gateways)");
      }
      if (known == null && pair.length() > PAIR_CHARS_MAX) {
        return new Verdict.Refused(
            "pair: "
                + Printable.quoted(pair)
                + " (expected: at most "
                + PAIR_CHARS_MAX
                + " characters)");
      }
      if (known != null && known == term) {
        return ADMITTED;
      }
      Map<String, Long> changed = new HashMap<>(highest);
      var unused = changed.put(pair, term);
      highest = Map.copyOf(changed);
    }
    raised.onRaised(pair, term);
    return ADMITTED;
  }

  /** True for what a higher term of the same pair has deposed. Raises nothing. */
  boolean deposed(String pair, long term) {
    return !pair.isEmpty() && Long.compareUnsigned(term, highest(pair)) < 0;
  }

  /** The highest term of a pair, 0 when none was heard of. */
  long highest(String pair) {
    return highest.getOrDefault(pair, 0L);
  }

  /** The highest terms by pair. Immutable. */
  Map<String, Long> terms() {
    return highest;
  }
}
