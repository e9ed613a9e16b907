package dev.gatesvr.client.core;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** One history of the model gateway. */
final class ModelSession {
  final int id;

  /** What is not acknowledged; a gap stands at its last position. */
  final TreeMap<Long, ServerPush> ring = new TreeMap<>();

  final Map<Long, Long> answeredInRing = new HashMap<>();
  final ArrayDeque<ClientRequest> accepted = new ArrayDeque<>();

  /** Positions that were declared missing. */
  final Set<Long> dropped = new HashSet<>();

  private final Map<Long, ClientRequest> requests = new HashMap<>();
  long nextClientSeq = 1;
  long lastSeq;
  long ackedSeq;
  boolean refusing;
  int oldestGood;
  int lastIssued;

  ModelSession(int id) {
    this.id = id;
  }

  boolean continues(long position) {
    return position >= ackedSeq && position <= lastSeq;
  }

  void trim(long seq) {
    ackedSeq = Math.max(ackedSeq, seq);
    ring.headMap(seq, true).clear();
    answeredInRing.values().removeIf(at -> at <= seq);
  }

  void accept(ClientRequest request) {
    refusing = false;
    nextClientSeq = request.getSeqId() + 1;
    accepted.add(request);
    requests.put(request.getSeqId(), request);
  }

  /** A request that is sent again is the same request, under the same numbers. */
  void checkRepetition(ClientRequest request) {
    ClientRequest first = requests.get(request.getSeqId());
    if (first != null
        && (!first.getPayload().equals(request.getPayload())
            || first.getMsgId() != request.getMsgId())) {
      throw new AssertionError("another request under seq " + request.getSeqId());
    }
  }

  /** True when the answer is in the ring, or will be. */
  boolean answerComes(long clientSeq) {
    return answeredInRing.containsKey(clientSeq)
        || accepted.stream().anyMatch(waiting -> waiting.getSeqId() == clientSeq);
  }

  ServerPush append(ServerPush.Builder message) {
    return keep(++lastSeq, message);
  }

  private ServerPush keep(long seq, ServerPush.Builder message) {
    ServerPush push = message.setSeqId(seq).putHeaders("session", Integer.toString(id)).build();
    ring.put(seq, push);
    return push;
  }

  /** The next positions are never sent. */
  ServerPush dropNext(int count) {
    long first = lastSeq + 1;
    lastSeq += count;
    return gap(first, lastSeq);
  }

  /** Drops a run of pushes and gaps that were kept, whether they were sent or not. */
  void dropKept(Random random) {
    List<Long> run = new ArrayList<>();
    int length = 1 + random.nextInt(6);
    int skip = random.nextInt(4);
    for (ServerPush push : ring.values()) {
      if (skip-- > 0) {
        continue;
      }
      if (push.getMsgId() != 0 || run.size() == length) {
        break;
      }
      run.add(push.getSeqId());
    }
    if (!run.isEmpty()) {
      long first = firstOf(run.getFirst());
      run.forEach(ring::remove);
      gap(first, run.getLast());
    }
  }

  private long firstOf(long seq) {
    ServerPush push = ring.get(seq);
    if (push == null || push.getType() != PushType.PUSH_GAP) {
      return seq;
    }
    return Frames.gap(push).getFirstSeqId();
  }

  private ServerPush gap(long first, long last) {
    for (long seq = first; seq <= last; seq++) {
      dropped.add(seq);
    }
    Gap gap =
        Gap.newBuilder()
            .setFirstSeqId(first)
            .setLastSeqId(last)
            .setReason(Gap.Reason.CAPACITY)
            .build();
    return keep(
        last, ServerPush.newBuilder().setType(PushType.PUSH_GAP).setPayload(gap.toByteString()));
  }
}
