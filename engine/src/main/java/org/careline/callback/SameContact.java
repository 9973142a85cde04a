package org.careline.callback;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Finds the sites that a call to a contact can be about besides the one it is begun for: of the
 * same round, due, and to be rung at the same number. Blocks on MySQL; thread-safe.
 */
final class SameContact {
  /** More than anybody has the patience for; the others are asked about in another call. */
  static final int MOST = 50;

  /** Who is rung now is not rung again for what would be due so soon. */
  private static final Duration SOON = Duration.ofHours(1);

  private final DueSites due;

  SameContact(DueSites due) {
    this.due = due;
  }

  /**
   * Claims them, the longest due first.
   *
   * @param claimed sites this engine holds already: those that do not fit stay claimed
   */
  List<ClaimedSite> claim(ClaimedSite site, Set<Long> claimed, Instant now, long epoch)
      throws SQLException {
    if (site.phone().isEmpty()) {
      return List.of();
    }
    ClaimedSite.Phone phone = site.phone().get();
    List<Long> found =
        due.claimSameContact(site, phone.contactId(), now, now.plus(SOON), MOST - 1, epoch);
    List<ClaimedSite> fitting = new ArrayList<>();
    List<Long> others = new ArrayList<>(found);
    for (ClaimedSite each : due.details(found)) {
      if (fits(each, site, now)) {
        fitting.add(each);
        others.remove(each.roundSiteId());
      }
    }
    others.removeAll(claimed);
    due.release(others, epoch);
    return fitting;
  }

  /** Gives back what was claimed for a call that is not made, or not for it. */
  void release(
      List<ClaimedSite> sites, Collection<Long> claimed, Collection<Long> taken, long epoch)
      throws SQLException {
    due.release(
        sites.stream()
            .map(ClaimedSite::roundSiteId)
            .filter(id -> !claimed.contains(id) && !taken.contains(id))
            .toList(),
        epoch);
  }

  /**
   * It would be rung at the same number of the same person, its hours permit it, and whoever serves
   * the other may serve it.
   */
  static boolean fits(ClaimedSite site, ClaimedSite begunFor, Instant now) {
    return site.phone().isPresent()
        && site.phone().equals(begunFor.phone())
        && site.minGrade() <= begunFor.minGrade()
        && CallingRules.open(site.calling(), now);
  }
}
