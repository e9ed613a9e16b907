/**
 * Resume tokens: what a client shows to get its session back without logging in.
 *
 * <p>A token is bound to one session, its OpenID, the login that made the session, and the
 * attachment it was given out with; it has an expiry, and only a gateway with the key can make or
 * read it. What a token alone can tell is decided here ({@link
 * dev.gatesvr.gateway.auth.resume.ResumeTokens#open}); whether its attachment is still the one to
 * continue (single use) is the session's to say. A client that is refused learns only that it is to
 * log in; the {@link dev.gatesvr.gateway.auth.resume.ResumeResult.Reason} goes to the metrics.
 */
@NullMarked
package dev.gatesvr.gateway.auth.resume;

import org.jspecify.annotations.NullMarked;
