package org.careline.web;

import java.sql.Date;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.call.Caller;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The cards of callers: who he is comes from memory at once; address, devices and last calls are
 * read from MySQL behind the scenes and follow a moment later. With MySQL away the first half
 * stays, so an agent always sees something. Thread-safe.
 */
public final class SiteCards implements AutoCloseable {
  private static final int KEPT = 2000;
  private static final int LAST_CALLS = 5;

  private final Jdbi jdbi;
  private final CallRepository calls;
  private final ReadLater<Key, Views.Card> wholes;
  private final Map<CallId, Caller> callers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CallId, Caller> eldest) {
          return size() > KEPT;
        }
      };

  private record Key(CallId id, Caller caller) {}

  public SiteCards(Jdbi jdbi, CallRepository calls, InstantSource clock) {
    this.jdbi = jdbi;
    this.calls = calls;
    this.wholes = new ReadLater<>("cards", clock);
  }

  /** Told when a card has got its second half. */
  public void whenRead(Runnable listener) {
    wholes.whenRead(listener);
  }

  /** What is known now of a living call; never blocks. */
  public Views.Card now(CallId id, Caller caller) {
    synchronized (callers) {
      callers.put(id, caller);
    }
    return wholes
        .get(new Key(id, caller), () -> whole(id, caller))
        .orElseGet(() -> first(id, caller));
  }

  /** What was known last of a call that is over; never blocks. */
  public Optional<Views.Card> last(CallId id) {
    Caller caller;
    synchronized (callers) {
      caller = callers.get(id);
    }
    return Optional.ofNullable(caller).map(known -> now(id, known));
  }

  /** Blocks. */
  Views.Card whole(CallId id, Caller caller) {
    List<Views.EarlierCall> earlier =
        (caller.siteId() != null
                ? calls.lastOfSite(caller.siteId(), LAST_CALLS + 1)
                : caller.e164() != null
                    ? calls.lastOfNumber(caller.e164(), LAST_CALLS + 1)
                    : List.<CallRepository.Row>of())
            .stream()
                .filter(row -> !row.id().equals(id.value()))
                .limit(LAST_CALLS)
                .map(
                    row ->
                        new Views.EarlierCall(
                            row.id(), row.arrivedAt(), row.outcome(), row.agentNumber()))
                .toList();
    Views.Card first = first(id, caller);
    if (caller.siteId() == null) {
      return new Views.Card(
          first.callId(),
          first.callerNumber(),
          first.customer(),
          first.tier(),
          null,
          List.of(),
          earlier);
    }
    return jdbi.withHandle(
        handle ->
            new Views.Card(
                first.callId(),
                first.callerNumber(),
                first.customer(),
                first.tier(),
                site(handle, caller.siteId()).orElse(first.site()),
                devices(handle, caller.siteId()),
                earlier));
  }

  private static Views.Card first(CallId id, Caller caller) {
    return new Views.Card(
        id.value(),
        caller.e164(),
        caller.customerCode() == null
            ? null
            : new Views.CustomerView(caller.customerCode(), caller.customerName()),
        caller.tierCode(),
        caller.siteCode() == null
            ? null
            : new Views.SiteView(
                caller.siteCode(),
                caller.siteName(),
                caller.customerCode(),
                caller.tierCode(),
                null,
                null,
                null,
                null,
                null),
        List.of(),
        List.of());
  }

  static Optional<Views.SiteView> site(Handle handle, long id) {
    return handle
        .createQuery(
            """
            SELECT s.code, s.name, c.code AS customer, s.tier_code, s.province, s.city, s.address,
              s.remark, COALESCE(s.account_manager, c.account_manager) AS manager
            FROM site s JOIN customer c ON c.id = s.customer_id WHERE s.id = :id
            """)
        .bind("id", id)
        .map(
            (row, context) ->
                new Views.SiteView(
                    row.getString("code"),
                    row.getString("name"),
                    row.getString("customer"),
                    row.getString("tier_code"),
                    row.getString("province"),
                    row.getString("city"),
                    row.getString("address"),
                    row.getString("remark"),
                    row.getString("manager")))
        .findOne();
  }

  private static List<Views.DeviceView> devices(Handle handle, long site) {
    return handle
        .createQuery(
            """
            SELECT model, serial, install_date FROM device WHERE site_id = :site
            ORDER BY id LIMIT 50
            """)
        .bind("site", site)
        .map(
            (row, context) ->
                new Views.DeviceView(
                    row.getString("model"),
                    row.getString("serial"),
                    Optional.ofNullable(row.getDate("install_date"))
                        .map(Date::toLocalDate)
                        .orElse(null)))
        .list();
  }

  @Override
  public void close() {
    wholes.close();
  }
}
