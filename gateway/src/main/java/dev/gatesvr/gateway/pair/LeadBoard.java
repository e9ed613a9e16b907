package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.link.PairLink;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.role.RoleStatus;
import dev.gatesvr.gateway.shard.Lead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down who leads and where players go, for every other thread. On the pair's loop. */
final class LeadBoard {
  private final PairSettings settings;
  private final PairLead lead;

  /** Of the other gateway, as it said last; empty before. */
  private String otherAddress = "";

  LeadBoard(PairSettings settings, PairLead lead) {
    this.settings = settings;
    this.lead = lead;
  }

  /**
   * @param serves whether every session is here and the register says so
   * @param link to the other gateway, either way
   */
  void publish(RoleStatus role, boolean serves, @Nullable PairLink link) {
    Leadership known = role.leadership();
    if (link != null) {
      otherAddress = link.peer().hello().getPlayerAddress();
    }
    String mine = settings.playerAddress();
    boolean leads = known.leader().equals(settings.role().incarnation());
    List<String> both = leads ? List.of(mine, otherAddress) : List.of(otherAddress, mine);
    Lead now =
        new Lead(
            serves,
            role.frozen(),
            known.term(),
            settings.pair(),
            both.stream().filter(address -> !address.isEmpty()).toList());
    if (!now.equals(lead.now())) {
      lead.set(now, known.leader());
    }
  }
}
