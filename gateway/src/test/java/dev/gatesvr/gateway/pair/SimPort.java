package dev.gatesvr.gateway.pair;

import dev.gatesvr.proto.LogEntry;
import java.util.List;

/** A gateway that has neither keys nor registrations to tell of. */
final class SimPort implements PairPort {
  @Override
  public void leads(String pair, long term, String leader) {}

  @Override
  public void numbersFrom(long number) {}

  @Override
  public void serves() {}

  @Override
  public int requestsUnderWay() {
    return 0;
  }

  @Override
  public int witnessesConnected() {
    return 0;
  }

  @Override
  public List<LogEntry> registrations() {
    return List.of();
  }

  @Override
  public int sessions() {
    return 0;
  }

  @Override
  public String lines() {
    return "";
  }

  @Override
  public void adopt(String lines) {}
}
