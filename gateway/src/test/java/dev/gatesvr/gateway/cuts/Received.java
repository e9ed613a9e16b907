package dev.gatesvr.gateway.cuts;

import dev.gatesvr.client.Push;
import dev.gatesvr.client.Response;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one device got, checked as it comes: positions never go back, each producer's messages come
 * once and in order, BEFORE and AFTER stand directly around their answer. Thread-safe.
 */
final class Received {
  private static final int MISTAKES_KEPT = 20;

  private final String whose;
  private final Map<String, BitSet> streams = new HashMap<>();
  private final Map<String, BitSet> sinceResync = new HashMap<>();
  private final List<String> mistakes = new ArrayList<>();
  private long lastSeq;
  private long holes;
  private long gapPositions;
  private int gaps;
  private long pushes;
  private long answers;
  private String before = "";
  private long beforeSeq;
  private String owedAfter = "";
  private boolean over;

  Received(String whose) {
    this.whose = whose;
  }

  private void mistake(String what) {
    if (mistakes.size() < MISTAKES_KEPT) {
      mistakes.add(whose + ": " + what);
    }
  }

  private void position(long seq) {
    if (over) {
      mistake("position " + seq + " after the end");
    }
    if (seq <= lastSeq) {
      mistake("position " + seq + " after " + lastSeq);
    } else {
      holes += seq - lastSeq - 1;
      lastSeq = seq;
    }
  }

  /** {@code stream|number}, or of a bound push {@code before|name} or {@code after|name}. */
  synchronized void onPush(Push push) {
    position(push.seqId());
    pushes++;
    String text = push.content();
    String stream = text.substring(0, text.indexOf('|'));
    String rest = text.substring(stream.length() + 1);
    if (stream.equals("after")) {
      if (!rest.equals(owedAfter)) {
        mistake("after " + rest + " (expected: " + owedAfter + ")");
      }
      owedAfter = "";
      return;
    }
    nothingOwed(text);
    if (stream.equals("before")) {
      before = rest;
      beforeSeq = push.seqId();
    } else {
      number(stream, Integer.parseInt(rest));
    }
  }

  private void number(String stream, int number) {
    BitSet seen = streams.computeIfAbsent(stream, key -> new BitSet());
    if (seen.get(number)) {
      mistake("twice: " + stream + " " + number);
    } else if (number < seen.length() - 1) {
      mistake("out of order: " + stream + " " + number + " after " + (seen.length() - 1));
    }
    seen.set(number);
    sinceResync.computeIfAbsent(stream, key -> new BitSet()).set(number);
  }

  private void nothingOwed(String next) {
    if (!owedAfter.isEmpty()) {
      mistake("between the answer of " + owedAfter + " and its AFTER: " + next);
      owedAfter = "";
    }
  }

  /** The answer's message says which of the bound pushes were accepted. */
  synchronized void onAnswer(String name, Response response) {
    position(response.seqId());
    answers++;
    nothingOwed("answer of " + name);
    if (!response.text().equals(name)) {
      mistake("answer " + response.text() + " (expected: " + name + ")");
    }
    if (response.message().contains("before")
        && !(before.equals(name) && beforeSeq == response.seqId() - 1)) {
      mistake("no BEFORE directly before the answer of " + name);
    }
    if (response.message().contains("after")) {
      owedAfter = name;
    }
  }

  synchronized void onGap(long first, long last) {
    nothingOwed("gap " + first + " to " + last);
    position(first);
    lastSeq = last;
    gaps++;
    gapPositions += last - first + 1;
  }

  /** Another history begins; the producers' numbers go on. */
  synchronized void onResync() {
    lastSeq = 0;
    owedAfter = "";
    sinceResync.clear();
  }

  /** Nothing may come any more. */
  synchronized void onOver() {
    if (over) {
      mistake("closed twice");
    }
    over = true;
  }

  synchronized void unexpected(String what) {
    mistake("unexpected: " + what);
  }

  // ---------------------------------------------------------------- at the end

  synchronized List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  synchronized BitSet of(String stream) {
    return (BitSet) streams.getOrDefault(stream, new BitSet()).clone();
  }

  /** What came in the newest history. */
  synchronized BitSet newestOf(String stream) {
    return (BitSet) sinceResync.getOrDefault(stream, new BitSet()).clone();
  }

  /** Positions that came neither as a message nor as a gap. */
  synchronized long holes() {
    return holes;
  }

  synchronized long gapPositions() {
    return gapPositions;
  }

  synchronized int gaps() {
    return gaps;
  }

  synchronized long pushes() {
    return pushes;
  }

  synchronized long answers() {
    return answers;
  }
}
