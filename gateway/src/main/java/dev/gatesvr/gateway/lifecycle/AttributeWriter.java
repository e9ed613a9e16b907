package dev.gatesvr.gateway.lifecycle;

import java.time.Duration;

/**
 * Changes the attributes of one session. Any thread; on the session's loop at once, else a little
 * later. What breaks a bound of {@link dev.gatesvr.gateway.attributes.SessionAttributes} is refused
 * and counted; after the session's end nothing happens.
 */
public interface AttributeWriter {
  /**
   * Sets or replaces one.
   *
   * @param ttl how long it holds; zero or less: as long as the session
   */
  void set(String name, String value, Duration ttl);

  /** Removes one, if it is there. */
  void remove(String name);
}
