/**
 * What the author of an upstream writes against. A whole service:
 *
 * <pre>{@code
 * UpstreamService service =
 *     UpstreamService.builder()
 *         .zone("001")
 *         .listen(":9001")
 *         .gateway("127.0.0.1:8092")
 *         .on("echo", request -> Reply.ok("echo", request.data()))
 *         .start();
 * }</pre>
 *
 * <p>What holds for every handler:
 *
 * <ul>
 *   <li>It runs on a virtual thread of its own and may block. Requests of one session run one after
 *       the other, in the order they came; different sessions run at the same time.
 *   <li>Concurrency is bounded ({@link dev.gatesvr.upstream.service.ServiceLimits}); beyond it the
 *       gateway gets RESOURCE_EXHAUSTED with the promise that nothing ran.
 *   <li>What it throws becomes a reply with code 500; an action without a handler gets 404.
 *   <li>It runs at most once for each request. A copy of a request, sent because a connection
 *       broke, joins the run or gets its kept answer; where that is not known here the player is
 *       told so, unless the action was declared idempotent. The rules stand at {@code
 *       ResultWindow}, the bounds at {@link dev.gatesvr.upstream.service.ResultLimits}.
 *   <li>The reply leaves after every BEFORE and AFTER notify that the handler issued has been
 *       answered by the gateway, so that a BEFORE notify is there before the response is.
 * </ul>
 *
 * <p>The service registers with every gateway and again whenever a gateway was away: at once when
 * the connection is back, and every half minute in case a gateway forgot it. Pushes go to the
 * gateways in turn, first to the one that took the last push, until one knows the player;
 * broadcasts go to all of them.
 *
 * <p>Two gateways may be a pair, of which one leads, in a term. {@code Fences} keeps the highest
 * term of each pair: what a deposed gateway sends does not start, and what it acknowledges does not
 * count. Pushes that no gateway took because none leads are held for a while, in order ({@code
 * PushLanes}).
 */
@NullMarked
package dev.gatesvr.upstream.service;

import org.jspecify.annotations.NullMarked;
