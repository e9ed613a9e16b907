package dev.gatesvr.gateway.auth;

/**
 * What a resume token says.
 *
 * @param sessionId the only session it resumes
 * @param openid whose session that is
 * @param generation which login made the session; a newer login has a higher one
 * @param attach which attachment of the session the token was given out with; see {@code
 *     session/package-info}
 */
public record ResumeClaim(String sessionId, String openid, long generation, long attach) {}
