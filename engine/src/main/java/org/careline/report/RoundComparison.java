package org.careline.report;

import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.careline.callback.RoundFacts;
import org.careline.callback.RoundRepository;
import org.careline.callback.RoundResults;
import org.careline.callback.RoundResults.Cell;
import org.careline.callback.RoundResults.Standing;
import org.careline.callback.RoundResults.What;
import org.careline.language.Refusal;
import org.careline.language.Sentence;
import org.careline.questionnaire.Questionnaire;
import org.careline.questionnaire.QuestionnaireRepository;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Compares rounds of a customer: closed ones by what was written when they were closed, others by
 * their answers. Blocks; thread-safe.
 */
public final class RoundComparison {
  private final Jdbi jdbi;
  private final RoundResults results;
  private final RoundRepository rounds = new RoundRepository();
  private final QuestionnaireRepository questionnaires = new QuestionnaireRepository();

  public RoundComparison(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.results = new RoundResults(jdbi, clock);
  }

  private record Found(
      long id, long customer, Transitions.Named named, String questionnaire, int version) {}

  /** As below, of all sites. */
  public Transitions compare(String fromCampaign, int fromRound, String toCampaign, int toRound) {
    return compare(fromCampaign, fromRound, toCampaign, toRound, Optional.empty());
  }

  /**
   * @param fromRound the earlier round, by campaign and number
   * @param region code of the customer's region the sites belong to now, empty text = to none;
   *     empty = all sites
   * @throws Refused with {@code no_round, other_customer, same_round, no_region}
   */
  public Transitions compare(
      String fromCampaign, int fromRound, String toCampaign, int toRound, Optional<String> region) {
    Found from = find(fromCampaign, fromRound);
    Found to = find(toCampaign, toRound);
    if (from.customer() != to.customer()) {
      throw new Refused("other_customer", Sentence.of("report.other-customer"));
    }
    if (from.id() == to.id()) {
      throw new Refused("same_round", Sentence.of("report.same-round"));
    }
    Map<What, List<Cell>> cells;
    List<RoundResults.Sums> sums;
    if (region.isEmpty()) {
      cells = results.pairs(from.id(), to.id()).orElseGet(() -> now(from.id(), to.id(), s -> true));
      sums = List.of(sums(from.id()), sums(to.id()));
    } else {
      Long number = region(from.customer(), region.get());
      Set<Long> sites = sites(from.customer(), number);
      cells =
          results
              .pairs(from.id(), to.id(), number)
              .orElseGet(() -> now(from.id(), to.id(), sites::contains));
      sums =
          jdbi.inTransaction(
              handle ->
                  List.of(
                      sums(handle, from.id(), region.get(), number),
                      sums(handle, to.id(), region.get(), number)));
    }
    return Transitions.of(
        region.orElse(null),
        from.named(),
        to.named(),
        cells,
        sums.stream().map(RoundResults.Sums::bins).toList(),
        sums.stream().map(RoundResults.Sums::unheard).toList(),
        broken(from, to));
  }

  /** Null = of none. */
  private Long region(long customer, String code) {
    if (code.isEmpty()) {
      return null;
    }
    return jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT id FROM region WHERE customer_id = :customer AND code = :code")
                    .bind("customer", customer)
                    .bind("code", code)
                    .mapTo(Long.class)
                    .findOne())
        .orElseThrow(() -> new Refused("no_region", Sentence.of("report.no-region", code)));
  }

  private Set<Long> sites(long customer, Long region) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT id FROM site WHERE customer_id = :customer"
                        + " AND region_id \\<=> :region")
                .bind("customer", customer)
                .bind("region", region)
                .mapTo(Long.class)
                .set());
  }

  /** What cannot be compared. */
  public static final class Refused extends Refusal {
    private static final long serialVersionUID = 1L;
    private final String id;

    Refused(String id, Sentence reason) {
      super(reason);
      this.id = id;
    }

    public String id() {
      return id;
    }
  }

  private Found find(String campaign, int round) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT r.id, c.customer_id, c.code, r.number, r.status, r.period_from,"
                            + " r.period_to, COALESCE(r.questionnaire_code, c.questionnaire_code),"
                            + " COALESCE(r.questionnaire_version, c.questionnaire_version)"
                            + " FROM round r JOIN campaign c ON c.id = r.campaign_id"
                            + " WHERE c.code = :campaign AND r.number = :round")
                    .bind("campaign", campaign)
                    .bind("round", round)
                    .map(
                        (row, context) ->
                            new Found(
                                row.getLong(1),
                                row.getLong(2),
                                new Transitions.Named(
                                    row.getString(3),
                                    row.getInt(4),
                                    row.getString(5),
                                    row.getObject(6, LocalDate.class),
                                    row.getObject(7, LocalDate.class)),
                                row.getString(8),
                                row.getInt(9)))
                    .findOne())
        .orElseThrow(
            () -> new Refused("no_round", Sentence.of("report.no-round", round, campaign)));
  }

  /** The same, from the answers as they stand. */
  private Map<What, List<Cell>> now(long from, long to, LongPredicate wanted) {
    return jdbi.inTransaction(
        handle -> {
          Map<Long, Standing> before = new HashMap<>();
          RoundResults.standing(
              handle,
              from,
              each -> {
                if (wanted.test(each.site())) {
                  before.put(each.site(), each);
                }
              });
          Counts counts = new Counts();
          RoundResults.standing(
              handle,
              to,
              each -> {
                if (wanted.test(each.site())) {
                  counts.add(before.remove(each.site()), each);
                }
              });
          before.values().forEach(each -> counts.add(each, null));
          return counts.cells();
        });
  }

  /** Confined to one thread. */
  private static final class Counts {
    private record Key(What what, int from, int to) {}

    private final Map<Key, Integer> n = new HashMap<>();

    /** Null = not on the list. */
    void add(Standing from, Standing to) {
      count(What.SITE, from == null ? null : from.state(), to == null ? null : to.state());
      count(What.CONTENT, from == null ? null : from.content(), to == null ? null : to.content());
      Map<Long, Integer> before = from == null ? Map.of() : from.devices();
      Map<Long, Integer> after = to == null ? Map.of() : to.devices();
      TreeSet<Long> devices = new TreeSet<>(before.keySet());
      devices.addAll(after.keySet());
      devices.forEach(device -> count(What.DEVICE, before.get(device), after.get(device)));
    }

    private void count(What what, Integer from, Integer to) {
      n.merge(
          new Key(what, from == null ? what.notListed() : from, to == null ? what.notListed() : to),
          1,
          Integer::sum);
    }

    Map<What, List<Cell>> cells() {
      Map<What, List<Cell>> cells = new TreeMap<>();
      n.forEach(
          (key, sites) ->
              cells
                  .computeIfAbsent(key.what(), what -> new ArrayList<>())
                  .add(new Cell(key.from(), key.to(), sites)));
      return cells;
    }
  }

  private RoundResults.Sums sums(long round) {
    return results.sums(round).orElseGet(() -> jdbi.inTransaction(handle -> sums(handle, round)));
  }

  private RoundResults.Sums sums(Handle handle, long round) {
    Map<String, Integer> unheard = new TreeMap<>();
    RoundFacts.each(
        handle,
        round,
        site -> {
          if (!site.heard()) {
            unheard.merge(site.bin(), 1, Integer::sum);
          }
        });
    return new RoundResults.Sums(rounds.bins(handle, round), unheard);
  }

  /** By the sites of the region alone. */
  private RoundResults.Sums sums(Handle handle, long round, String code, Long region) {
    Map<String, Integer> bins = rounds.bins(handle, round, region);
    Map<String, Integer> unheard =
        RoundResults.unheard(handle, round, region)
            .orElseGet(
                () -> {
                  Map<String, Integer> counted = new TreeMap<>();
                  RoundFacts.each(
                      handle,
                      round,
                      site -> {
                        if (!site.heard() && site.region().equals(code)) {
                          counted.merge(site.bin(), 1, Integer::sum);
                        }
                      });
                  return counted;
                });
    return new RoundResults.Sums(bins, unheard);
  }

  private List<String> broken(Found from, Found to) {
    if (from.questionnaire().equals(to.questionnaire()) && from.version() == to.version()) {
      return List.of();
    }
    return jdbi.withHandle(
        handle -> {
          Optional<Questionnaire> before =
              questionnaires.find(handle, from.questionnaire(), from.version());
          Optional<Questionnaire> now =
              questionnaires.find(handle, to.questionnaire(), to.version());
          if (before.isEmpty() || now.isEmpty()) {
            return RoundFacts.MEANINGS;
          }
          return RoundFacts.MEANINGS.stream()
              .filter(code -> broken(before.get(), now.get(), code))
              .toList();
        });
  }

  /** Asked in only one of them: also a break. */
  private static boolean broken(Questionnaire before, Questionnaire now, String code) {
    return before.question(code).isPresent() != now.question(code).isPresent()
        || before.ofDevices(code) != now.ofDevices(code)
        || now.reworded(before).contains(code);
  }
}
