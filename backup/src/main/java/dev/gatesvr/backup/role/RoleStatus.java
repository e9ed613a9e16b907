package dev.gatesvr.backup.role;

import dev.gatesvr.backup.register.Leadership;

/**
 * A role machine as an operator sees it.
 *
 * @param state what it is
 * @param partner how it stands with its follower; ALONE unless it leads
 * @param leadership the newest value of the register that is known
 * @param follower the follower that is taken in or waited for, empty for none
 * @param frozen takes nothing new
 * @param whole holds everything it was sent of the leader's logs
 * @param registerSilent the last question to the register was not answered
 * @param linked a link to the other stands, in either direction
 */
public record RoleStatus(
    RoleState state,
    Partner partner,
    Leadership leadership,
    String follower,
    boolean frozen,
    boolean whole,
    boolean registerSilent,
    boolean linked) {}
