package org.careline.web;

import java.sql.Date;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.call.Caller;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cards of callers: who he is comes from memory at once; address, devices and last calls are
 * read from MySQL on a thread of ours and follow a moment later. With MySQL away the first half
 * stays, so an agent always sees something. The cards of the last calls are kept. Thread-safe.
 */
public final class SiteCards implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SiteCards.class);
  private static final int KEPT = 2000;
  private static final int LAST_CALLS = 5;
  private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

  private final Jdbi jdbi;
  private final CallRepository calls;
  private final InstantSource clock;
  private final Map<CallId, Kept> cards =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CallId, Kept> eldest) {
          return size() > KEPT;
        }
      };
  private final ThreadPoolExecutor readers =
      new ThreadPoolExecutor(
          2,
          2,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(500),
          Thread.ofPlatform().name("cards-", 1).daemon().factory());
  private volatile Runnable listener = () -> {};

  public SiteCards(Jdbi jdbi, CallRepository calls, InstantSource clock) {
    this.jdbi = jdbi;
    this.calls = calls;
    this.clock = clock;
  }

  /**
   * @param askedAt when the second half was last asked for
   * @param whole has both halves
   */
  private record Kept(Caller caller, Views.Card card, Instant askedAt, boolean whole) {}

  /** Told when a card has got its second half. */
  public void whenRead(Runnable newListener) {
    listener = newListener;
  }

  /** What is known now of a living call; never blocks. */
  public Views.Card now(CallId id, Caller caller) {
    synchronized (cards) {
      Kept kept = cards.get(id);
      if (kept == null || !kept.caller().equals(caller)) {
        kept = new Kept(caller, first(id, caller), Instant.MIN, false);
      }
      return readIfNeeded(id, kept).card();
    }
  }

  /** What was known last of a call that is over; never blocks. */
  public Optional<Views.Card> last(CallId id) {
    synchronized (cards) {
      return Optional.ofNullable(cards.get(id)).map(kept -> readIfNeeded(id, kept).card());
    }
  }

  private Kept readIfNeeded(CallId id, Kept kept) {
    Instant now = clock.instant();
    boolean due =
        !kept.whole()
            && (kept.askedAt().equals(Instant.MIN)
                || !now.isBefore(kept.askedAt().plus(TRY_AGAIN)));
    Kept next = due ? new Kept(kept.caller(), kept.card(), now, false) : kept;
    cards.put(id, next);
    if (due) {
      try {
        readers.execute(() -> read(id, next));
      } catch (RejectedExecutionException full) {
        LOG.debug("the card of {} is asked for later", id);
      }
    }
    return next;
  }

  private void read(CallId id, Kept kept) {
    try {
      Views.Card whole = whole(id, kept.caller());
      synchronized (cards) {
        Kept present = cards.get(id);
        if (present != null && present.caller().equals(kept.caller())) {
          cards.put(id, new Kept(kept.caller(), whole, kept.askedAt(), true));
        }
      }
      listener.run();
    } catch (RuntimeException e) {
      LOG.warn("the card of {} lacks what MySQL knows: {}", id, e.getMessage());
    }
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
    readers.shutdownNow();
  }
}
