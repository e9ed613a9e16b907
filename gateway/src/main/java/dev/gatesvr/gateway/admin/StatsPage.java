package dev.gatesvr.gateway.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatesvr.gateway.admin.GatewayView.SessionPage;
import dev.gatesvr.gateway.admin.GatewayView.SessionView;
import dev.gatesvr.gateway.admin.http.Page;
import dev.gatesvr.gateway.admin.http.Reply;
import dev.gatesvr.gateway.admin.http.Request;
import dev.gatesvr.gateway.admin.http.RequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code /stats?offset=&limit=}: counters and one page of sessions. The page of sessions comes from
 * the shards in their own time; its JSON is made here, on the admin loop, a piece at a time and as
 * fast as the client takes it.
 */
final class StatsPage implements Page {
  private static final int LIMIT_DEFAULT = 1_000;

  /** A page that a person or a script can still hold: about 4 MB. */
  private static final int LIMIT_MAX = 10_000;

  private static final int OFFSET_MAX = 100_000_000;
  private static final long GATHER_TIMEOUT_SECONDS = 10;

  private final GatewayView view;

  StatsPage(GatewayView view) {
    this.view = view;
  }

  @Override
  public CompletionStage<Reply> answer(Request request) {
    int offset = request.intParameter("offset", 0, 0, OFFSET_MAX);
    int limit = request.intParameter("limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
    return view.sessions(offset, limit)
        .toCompletableFuture()
        .copy()
        .orTimeout(GATHER_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .handle((page, failure) -> reply(offset, limit, page, failure));
  }

  private Reply reply(int offset, int limit, SessionPage page, Throwable failure) {
    if (failure instanceof TimeoutException) {
      throw new RequestException(
          503, "sessions: not gathered within " + GATHER_TIMEOUT_SECONDS + " s");
    }
    if (failure != null) {
      throw new IllegalStateException("sessions could not be gathered", failure);
    }
    try {
      return new Reply.Pieces(200, Reply.JSON, new Pieces(view.totals(), offset, limit, page));
    } catch (IOException e) {
      throw new IllegalStateException("JSON in memory failed", e);
    }
  }

  /** The document, head first, then the sessions a hundred at a time. */
  private static final class Pieces implements Reply.PieceSource {
    private static final int SESSIONS_PER_PIECE = 100;

    private final GatewayView.Totals totals;
    private final int offset;
    private final int limit;
    private final SessionPage page;
    private final Iterator<SessionView> rest;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private final JsonGenerator json = Json.generator(buffer);
    private boolean started;

    Pieces(GatewayView.Totals totals, int offset, int limit, SessionPage page) throws IOException {
      this.totals = totals;
      this.offset = offset;
      this.limit = limit;
      this.page = page;
      this.rest = page.sessions().iterator();
    }

    @Override
    public boolean writeNext(OutputStream out) throws IOException {
      if (!started) {
        started = true;
        writeHead();
      }
      for (int i = 0; i < SESSIONS_PER_PIECE && rest.hasNext(); i++) {
        writeSession(rest.next());
      }
      boolean more = rest.hasNext();
      if (!more) {
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
      }
      json.flush();
      buffer.writeTo(out);
      buffer.reset();
      return more;
    }

    private void writeHead() throws IOException {
      json.writeStartObject();
      json.writeNumberField("total_sessions", page.total());
      json.writeStringField("timestamp", Json.time(System.currentTimeMillis()));
      json.writeNumberField("active_connections", totals.activeConnections());
      json.writeNumberField("total_connections", totals.totalConnections());
      json.writeNumberField("messages_received", totals.messagesReceived());
      json.writeNumberField("messages_sent", totals.messagesSent());
      json.writeNumberField("bytes_received", totals.bytesReceived());
      json.writeNumberField("bytes_sent", totals.bytesSent());
      json.writeStringField("start_time", Json.time(totals.startTimeMillis()));
      json.writeNumberField("uptime_seconds", Json.rounded(totals.uptimeNanos() / 1e9));
      json.writeNumberField("error_count", totals.errors());
      json.writeStringField("last_error", totals.lastError());
      json.writeNumberField("offset", offset);
      json.writeNumberField("limit", limit);
      json.writeArrayFieldStart("sessions");
    }

    private void writeSession(SessionView session) throws IOException {
      json.writeStartObject();
      json.writeStringField("session_id", session.sessionId());
      json.writeStringField("openid", session.openid());
      json.writeStringField("zone", session.zone());
      json.writeStringField("create_time", Json.time(session.createTimeMillis()));
      json.writeStringField("last_activity", Json.time(session.lastActivityMillis()));
      json.writeNumberField("pending_count", session.pendingCount());
      json.writeStringField("remote_addr", session.remoteAddr());
      json.writeStringField("transport", session.transport());
      json.writeObjectFieldStart("ordered_queue");
      json.writeNumberField("next_expected_seq", session.nextExpectedSeq());
      json.writeNumberField("last_sent_seq", session.lastSentSeq());
      json.writeNumberField("last_acked_seq", session.lastAckedSeq());
      json.writeNumberField("queue_size", session.queueSize());
      json.writeEndObject();
      json.writeEndObject();
    }
  }
}
