package dev.gatesvr.backup.register;

/**
 * One witness's part of the register. A value: each request gives the state after it, which must be
 * on disk before the answer leaves.
 *
 * @param promised no attempt before this one is taken part in
 * @param acceptedAt the attempt in which {@code value} was accepted
 */
public record Acceptor(Ballot promised, Ballot acceptedAt, Leadership value) {
  /** A witness that never heard of anything. */
  public static final Acceptor EMPTY = new Acceptor(Ballot.NONE, Ballot.NONE, Leadership.NONE);

  /** The state after a request, and its answer. */
  public record Step(Acceptor after, Message.Answer answer) {}

  /** Takes one request; a repeated one is answered alike. */
  public Step on(Message.Request request) {
    Ballot ballot = request.ballot();
    if (ballot.compareTo(promised) < 0) {
      return new Step(this, new Message.Rejected(ballot, promised));
    }
    return switch (request) {
      case Message.Prepare prepare ->
          new Step(
              new Acceptor(ballot, acceptedAt, value),
              new Message.Promise(ballot, acceptedAt, value));
      case Message.Accept accept ->
          new Step(new Acceptor(ballot, ballot, accept.value()), new Message.Accepted(ballot));
    };
  }
}
