package org.careline.web;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.careline.callback.Seed;
import org.careline.callback.Ulid;
import org.careline.config.Configuration;
import org.careline.config.Configuration.CallerHeader;
import org.careline.config.Configuration.DialForm;
import org.careline.config.Configuration.Trunk;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.Blocklist;
import org.careline.customer.CallGrounds;
import org.careline.customer.NumberBook;
import org.careline.customer.OwnNumbers;
import org.careline.customer.Recogniser;
import org.careline.customer.SiteSearch;
import org.careline.database.Database;
import org.careline.hotline.TrunkChecks;
import org.careline.matter.Dangers;
import org.careline.matter.MatterFile;
import org.careline.matter.Matters;
import org.careline.matter.OpenMatterTable;
import org.careline.matter.SaidDanger;
import org.careline.report.TrunkReport;
import org.careline.telephony.TrunkProbe;
import org.careline.telephony.TrunkShare;
import org.jdbi.v3.core.Jdbi;

/**
 * Matters, numbers and blocklist as they are, on a test's MySQL; lines and agents there are none.
 */
final class FakePeople {
  private static final long MOST_BYTES = 200_000;

  private static final TrunkReport.Report REPORT =
      new TrunkReport.Report(
          LocalDate.parse("2026-11-24"),
          List.of(
              new TrunkReport.Hours(
                  "carrier",
                  List.of(new TrunkReport.Hour(Instant.parse("2026-11-24T02:00:00Z"), 12, 7, 3)))),
          List.of(
              new TrunkReport.Number(
                  "carrier",
                  "02155550000",
                  true,
                  "XH Ltd",
                  "folder 12",
                  LocalDate.parse("2026-12-31"),
                  false,
                  List.of(
                      new TrunkReport.Day(LocalDate.parse("2026-11-23"), 200, 120, 0.6),
                      new TrunkReport.Day(LocalDate.parse("2026-11-24"), 40, 8, 0.2)),
                  0.6,
                  true)));

  /** What somebody would have been told. */
  static final List<SaidDanger> DANGERS = new CopyOnWriteArrayList<>();

  private FakePeople() {}

  /**
   * @param database asked for at the first question
   */
  static Desks.People of(Supplier<Database> database) {
    DataSource source =
        (DataSource)
            Proxy.newProxyInstance(
                FakePeople.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, values) -> {
                  try {
                    return method.invoke(database.get().dataSource(), values);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    Jdbi jdbi = Jdbi.create(source);
    InstantSource clock = InstantSource.system();
    OpenMatterTable open = new OpenMatterTable(source);
    OwnNumbers own =
        new OwnNumbers(List.of(), () -> new OwnNumbers.Ours(Set.of("4001"), List.of(), List.of()));
    return new Desks.People(
        new Matters(jdbi, open, clock),
        new MatterFile(jdbi, open, MOST_BYTES, clock),
        new Dangers(
            jdbi,
            clock,
            danger -> {
              DANGERS.add(danger);
              return CompletableFuture.completedFuture(Optional.of("liu"));
            }),
        new NumberBook(jdbi, own, () -> {}, clock),
        new Blocklist(jdbi, own, () -> {}, clock),
        new SiteSearch(jdbi),
        new CallGrounds(jdbi, clock),
        trunks(clock),
        new Desks.TrunkDesk() {
          @Override
          public List<TrunkShare> shares() {
            return List.of(new TrunkShare(new TrunkShare.Limits("carrier", "trunk", 10, 6, 10)));
          }

          @Override
          public TrunkReport.Report report() {
            return REPORT;
          }
        });
  }

  /** One trunk whose calls out ring. */
  private static TrunkChecks trunks(InstantSource clock) {
    Trunk carrier =
        new Trunk(
            "carrier",
            "trunk",
            "021",
            List.of(CallerHeader.FROM),
            List.of(),
            List.of(),
            List.of(),
            List.of(
                new Configuration.ShownNumber(
                    "02155550000", Optional.empty(), Optional.empty(), Optional.empty())),
            DialForm.national,
            10,
            40,
            10);
    return new TrunkChecks(
        List.of(carrier),
        new Recogniser(List.of(carrier), number -> Optional.empty()),
        dialled -> Optional.empty(),
        new AllowedDestinations(List.of("+86")),
        (call, endpoint, destination, shown, ring) ->
            CompletableFuture.completedFuture(
                new TrunkProbe.Sent("Ringing", Map.of("From", "<sip:" + shown + "@h>"))),
        new Ulid(clock)::next,
        clock);
  }

  /** Customer RJ with site S1, the call c-1 of an unknown number and the attempt a-1 at S1. */
  static void seed(Database database) {
    database
        .jdbi()
        .useTransaction(
            handle -> {
              handle.execute("INSERT INTO customer (id, code, name) VALUES (1, 'RJ', 'Ruijia')");
              handle.execute(
                  "INSERT INTO site (id, customer_id, code, name) VALUES (1, 1, 'S1', 'Store 1')");
              handle.execute("INSERT INTO device (site_id, model) VALUES (1, 'Boiler 5')");
              handle.execute(
                  "INSERT INTO call_record (id, tier_code, caller_e164, site_id, customer_id,"
                      + " arrived_at, epoch) VALUES ('c-1', 'gold', ?, 1, 1, UTC_TIMESTAMP(3), 1)",
                  FakeDesks.NUMBER);
              handle.execute(
                  "INSERT INTO questionnaire (code, version, definition) VALUES ('q', 1, ?)",
                  Seed.QUESTIONS);
              handle.execute(
                  "INSERT INTO campaign (id, code, name, customer_id, questionnaire_code,"
                      + " questionnaire_version, rules) VALUES (1, 'spring', 'S', 1, 'q', 1, '{}')");
              handle.execute(
                  "INSERT INTO round (id, campaign_id, number, status, opens_at, period_from,"
                      + " period_to) VALUES (1, 1, 1, 'open', UTC_TIMESTAMP(3), '2026-01-01',"
                      + " '2026-02-01')");
              handle.execute(
                  "INSERT INTO round_site (id, round_id, site_id, tier, status, next_call_at)"
                      + " VALUES (1, 1, 1, 1, 2, UTC_TIMESTAMP(3))");
              handle.execute(
                  "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state, created_at,"
                      + " epoch) VALUES ('a-1', 1, 1, '+862158880000', 'preview', 'preview',"
                      + " UTC_TIMESTAMP(3), 1)");
              handle.execute(
                  "INSERT INTO attempt_site (attempt_id, round_site_id, position, seq, settled_at)"
                      + " VALUES ('a-1', 1, 1, 1, UTC_TIMESTAMP(3))");
            });
  }
}
