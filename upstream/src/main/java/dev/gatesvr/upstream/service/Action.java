package dev.gatesvr.upstream.service;

/**
 * Who answers an action.
 *
 * @param idempotent whether running it twice for one request does no harm
 */
record Action(ActionHandler handler, boolean idempotent) {}
