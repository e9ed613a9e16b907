package dev.gatesvr.gateway.offline;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pusher's half of the meeting that the package documentation shows, after a first look that
 * found no session: add, then look again. Pure.
 */
public final class TwoLooks {
  private TwoLooks() {}

  /**
   * Stores, and calls the session that came meanwhile.
   *
   * @param add puts the message into the store
   * @param look finds the player's session, null for none
   * @param called takes what is stored, on its own loop; before any push that is sent afterwards
   */
  public static <S> StoreVerdict store(
      Supplier<StoreVerdict> add, Supplier<@Nullable S> look, Consumer<S> called) {
    StoreVerdict verdict = add.get();
    S session = look.get();
    if (session != null) {
      called.accept(session);
    }
    return verdict;
  }
}
