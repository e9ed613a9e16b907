/**
 * The player's SDK.
 *
 * <pre>{@code
 * try (GatewayClient client =
 *     GatewayClient.builder()
 *         .server("localhost:8453")
 *         .openid("10001")
 *         .token("secret")
 *         .trust(Path.of("certs/ca.crt"))
 *         .onPush(push -> System.out.println(push.message()))
 *         .connect()) {
 *   System.out.println(client.request("hello").join().text());
 * }
 * }</pre>
 *
 * <h2>States</h2>
 *
 * <pre>
 *           connect()              connected              START accepted
 *   IDLE -------------&gt; CONNECTING ----------&gt; STARTING ------------------&gt; READY
 *                        ^   |                  | ^  |                        |
 *               the wait |   | failed           +-+  | lost, sent away,       | lost, sent away, or
 *                is over |   |       resume token    | or refused for now     | closed with a code
 *                        |   v       refused: login  v                        | that says reconnect
 *                       BACKOFF &lt;---------------------------------------------+
 *
 *   any of these --- suspend() ---&gt; SUSPENDED --- resume() ---&gt; CONNECTING
 *   any          --- close(), kicked, a terminal close code, START refused for good,
 *                    or too many attempts in a row ---&gt; CLOSED
 *   CONNECTING, STARTING, BACKOFF, READY --- the standby of a pair took over, and START was
 *                    accepted on the second connection ---&gt; READY
 * </pre>
 *
 * <h2>What holds</h2>
 *
 * <ul>
 *   <li>A push reaches the application once, in order, and is acknowledged after its handler
 *       returned: within 20 ms, or after 32 of them.
 *   <li>A request runs at most once. After a lost connection it is sent again under its number when
 *       the session goes on; when the session is gone it fails with {@link
 *       dev.gatesvr.client.OutcomeUnknownException}.
 *   <li>What the gateway refuses for now is sent again, in order, until its deadline.
 *   <li>Everything is bounded: 64 requests outstanding, 1,024 behind them, then {@code request}
 *       fails at once; 256 messages given to the application and not handled, then nothing more is
 *       read.
 *   <li>What is missing is always told: a lost history by {@link
 *       dev.gatesvr.client.ClientListener#onResync}, dropped pushes by {@link
 *       dev.gatesvr.client.ClientListener#onGap} where they would have come. An old gateway that
 *       sends no extension fields is served with what its wire can say.
 *   <li>After {@link dev.gatesvr.client.ClientListener#onKicked} nothing is handed over, and the
 *       client does not come back.
 *   <li>Where two gateways are a pair, the client learns the second one's address, holds an idle
 *       connection to it, and goes on there when it takes over: without a handshake, and with
 *       everything above.
 *   <li>A reconnect presents the gateway's newest resume token; only when that is refused the
 *       client logs in again, on the same connection, once.
 * </ul>
 *
 * <h2>Threads</h2>
 *
 * The core ({@link dev.gatesvr.client.core}) and the connection live on one event loop. The
 * application's callbacks and the completions of its requests run one at a time on the client's
 * executor, by default virtual threads. One {@link dev.gatesvr.client.QuicDialer} over one set of
 * loops serves thousands of clients.
 */
@NullMarked
package dev.gatesvr.client;

import org.jspecify.annotations.NullMarked;
