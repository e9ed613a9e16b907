package dev.gatesvr.gateway.pair;

import dev.gatesvr.proto.LogEntry;
import java.util.Iterator;

/** First what stands first, then the rest. */
record InTurn(Iterator<LogEntry> first, Iterator<LogEntry> rest) implements Iterator<LogEntry> {
  @Override
  public boolean hasNext() {
    return first.hasNext() || rest.hasNext();
  }

  @Override
  public LogEntry next() {
    return first.hasNext() ? first.next() : rest.next();
  }
}
