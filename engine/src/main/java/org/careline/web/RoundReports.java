package org.careline.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.careline.callback.Round;
import org.careline.callback.RoundRepository;
import org.careline.customer.Disclosures;
import org.careline.customer.TableWriter;
import org.careline.language.Sentence;
import org.careline.report.KeptReports;
import org.careline.report.RoundComparison;
import org.careline.report.RoundExport;
import org.careline.report.RoundProgress;
import org.careline.report.RoundReport;
import org.careline.report.RoundSites;
import org.careline.report.Transitions;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** What has come of rounds, for the console, from MySQL. Blocks. Thread-safe. */
public final class RoundReports {
  private final Supplier<Jdbi> jdbi;
  private final InstantSource clock;
  private final RoundRepository rounds = new RoundRepository();
  private final KeptReports kept;

  public RoundReports(Supplier<Jdbi> jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.kept = new KeptReports(jdbi, clock, KeptReports.Pace.USUAL);
  }

  /**
   * A round in the list of its campaign.
   *
   * @param periodFrom first day the fault question is asked for
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Row(
      int number,
      String status,
      Instant opensAt,
      Instant openedAt,
      Instant closedAt,
      LocalDate periodFrom,
      LocalDate periodTo,
      int sitesLoaded) {}

  /** A number of a site, whole. */
  public record SiteNumber(String contact, String role, String number, String extension) {}

  Disclosures disclosures() {
    return new Disclosures(jdbi.get(), clock);
  }

  /** Newest first. */
  List<Row> rounds(String campaign) {
    return jdbi.get()
        .withHandle(
            handle -> {
              long id =
                  handle
                      .createQuery("SELECT id FROM campaign WHERE code = :code")
                      .bind("code", campaign)
                      .mapTo(Long.class)
                      .findOne()
                      .orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-campaign")));
              return rounds.of(handle, id).stream().map(RoundReports::row).toList();
            });
  }

  private static Row row(Round round) {
    return new Row(
        round.number(),
        round.state(),
        round.opensAt(),
        round.openedAt().orElse(null),
        round.closedAt().orElse(null),
        round.periodFrom(),
        round.periodTo(),
        round.sitesLoaded());
  }

  /** What was read belongs together, however long it takes and whatever changes meanwhile. */
  private <T, X extends Exception> T look(HandleCallback<T, X> look) throws X {
    return jdbi.get().inTransaction(TransactionIsolationLevel.REPEATABLE_READ, look);
  }

  private Round round(Handle handle, String campaign, int number) {
    return rounds
        .find(handle, campaign, number)
        .orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-round")));
  }

  RoundReport report(String campaign, int number) {
    return kept.of(id(campaign, number));
  }

  /** Of the current round; empty = there is none. */
  Optional<RoundReport> current(String campaign) {
    return jdbi.get()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT id FROM campaign WHERE code = :code")
                    .bind("code", campaign)
                    .mapTo(Long.class)
                    .findOne()
                    .flatMap(id -> rounds.current(handle, id)))
        .map(round -> kept.of(round.id()));
  }

  RoundProgress progress(String campaign, int number) {
    return look(
        handle -> RoundProgress.of(handle, round(handle, campaign, number), clock.instant()));
  }

  /**
   * @param region empty text = sites without one; empty = all
   */
  Transitions transitions(
      String earlierCampaign, int earlier, String campaign, int number, Optional<String> region) {
    try {
      return new RoundComparison(jdbi.get(), clock)
          .compare(earlierCampaign, earlier, campaign, number, region);
    } catch (RoundComparison.Refused refused) {
      throw switch (refused.id()) {
        case "no_round" -> Refusal.notFound(refused.reason());
        case "no_region" -> Refusal.invalid("region", refused.reason());
        default -> Refusal.conflict(refused.id(), refused.reason());
      };
    }
  }

  /** The number of a round, for a filter. */
  long id(String campaign, int number) {
    return jdbi.get().withHandle(handle -> round(handle, campaign, number).id());
  }

  RoundSites.Page sites(
      String campaign,
      int number,
      RoundSites.Filter filter,
      RoundSites.Order order,
      Optional<String> after,
      int limit) {
    return RoundSites.page(jdbi.get(), id(campaign, number), filter, order, after, limit);
  }

  void export(
      String campaign,
      int number,
      RoundExport.Kind kind,
      RoundSites.Filter filter,
      RoundSites.Order order,
      RoundExport.Numbers numbers,
      TableWriter.Format format,
      OutputStream out)
      throws IOException {
    long round = id(campaign, number);
    try (TableWriter table = TableWriter.of(format, out, kind.key())) {
      RoundExport.write(jdbi.get(), round, kind, filter, order, numbers, table);
    }
  }

  /** In the order of trial. */
  List<SiteNumber> numbers(String campaign, int number, String site) {
    return look(
        handle -> {
          long round = round(handle, campaign, number).id();
          Long id =
              handle
                  .createQuery(
                      "SELECT s.id FROM round_site rs JOIN site s ON s.id = rs.site_id"
                          + " WHERE rs.round_id = :round AND s.code = :site")
                  .bind("round", round)
                  .bind("site", site)
                  .mapTo(Long.class)
                  .findOne()
                  .orElseThrow(() -> Refusal.notFound(Sentence.of("report.no-site", site)));
          return handle
              .createQuery(
                  "SELECT c.name, c.role, p.e164, p.extension FROM site_contact sc"
                      + " JOIN contact c ON c.id = sc.contact_id JOIN phone p ON p.contact_id = c.id"
                      + " WHERE sc.site_id = :site ORDER BY sc.maintenance_since IS NULL, sc.maintenance_since DESC, sc.position, p.position")
              .bind("site", id)
              .map(
                  (row, context) ->
                      new SiteNumber(
                          row.getString(1), row.getString(2), row.getString(3), row.getString(4)))
              .list();
        });
  }
}
