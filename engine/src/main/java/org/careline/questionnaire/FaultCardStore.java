package org.careline.questionnaire;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;

/**
 * Fault cards and words of danger in MySQL; forms that are opened afterwards have them. Works in
 * the caller's transaction. Stateless; thread-safe.
 */
public final class FaultCardStore {
  private static final int MOST_WORDS = 500;

  /** All, by model and code. */
  public List<FaultCard> all(Handle handle) {
    return handle
        .createQuery("SELECT * FROM fault_card ORDER BY model, fault_code")
        .map((row, context) -> card(row))
        .list();
  }

  /** What agents need who ask about devices of these models. */
  public FaultBook book(Handle handle, List<String> models) {
    List<String> wanted = new ArrayList<>(List.of(""));
    models.forEach(model -> wanted.add(model.replaceAll("\\s+", "")));
    return new FaultBook(
        handle
            .createQuery(
                "SELECT * FROM fault_card WHERE REPLACE(model, ' ', '') IN (<models>)"
                    + " ORDER BY model, fault_code")
            .bindList("models", wanted)
            .map((row, context) -> card(row))
            .list(),
        words(handle));
  }

  private static FaultCard card(ResultSet row) throws SQLException {
    return new FaultCard(
        row.getLong("id"),
        row.getString("model"),
        row.getString("fault_code"),
        new Words(row.getString("title_en"), row.getString("title_zh")),
        new Words(row.getString("ask_en"), row.getString("ask_zh")),
        new Words(row.getString("do_en"), row.getString("do_zh")),
        row.getBoolean("danger"),
        row.getInt("version"));
  }

  /**
   * Saves a card; {@code id} 0 = a new one, {@code version} the one that was changed.
   *
   * @throws FormEditRefused when there is one for its model and code, or somebody saved meanwhile
   */
  public FaultCard save(Handle handle, FaultCard card, String login, Instant now) {
    Optional<FaultCard> same = of(handle, card.model(), card.faultCode());
    if (same.filter(other -> other.id() != card.id()).isPresent()) {
      throw FormEditRefused.conflict(
          "card_exists", Sentence.of("fault-card.exists", card.model(), card.faultCode()));
    }
    if (card.id() == 0) {
      handle
          .createUpdate(
              "INSERT INTO fault_card (model, fault_code, title_en, title_zh, ask_en, ask_zh, do_en,"
                  + " do_zh, danger, saved_by, saved_at) VALUES (:model, :code, :titleEn, :titleZh,"
                  + " :askEn, :askZh, :doEn, :doZh, :danger, :login, :at)")
          .bindMap(values(card, login, now))
          .execute();
      long id = handle.select("SELECT LAST_INSERT_ID()").mapTo(Long.class).one();
      return find(handle, id).orElseThrow();
    }
    int saved =
        handle
            .createUpdate(
                "UPDATE fault_card SET model = :model, fault_code = :code, title_en = :titleEn,"
                    + " title_zh = :titleZh, ask_en = :askEn, ask_zh = :askZh, do_en = :doEn,"
                    + " do_zh = :doZh, danger = :danger, saved_by = :login, saved_at = :at,"
                    + " version = version + 1 WHERE id = :id AND version = :version")
            .bindMap(values(card, login, now))
            .bind("id", card.id())
            .bind("version", card.version())
            .execute();
    if (saved == 0) {
      throw meanwhile(handle, card.id());
    }
    return find(handle, card.id()).orElseThrow();
  }

  /** What {@link #put} has done. */
  public enum Put {
    ADDED,
    CHANGED,
    UNCHANGED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The card of a model and a code, locked until the transaction ends. */
  Optional<FaultCard> of(Handle handle, String model, String code) {
    return handle
        .createQuery(
            "SELECT * FROM fault_card WHERE model = :model AND fault_code = :code FOR UPDATE")
        .bind("model", model)
        .bind("code", code)
        .map((row, context) -> card(row))
        .findOne();
  }

  /**
   * Makes the card of its model and code say this: a file twice changes nothing.
   *
   * @throws FormEditRefused for a card with a flaw
   */
  public Put put(Handle handle, FaultCard card, String login, Instant now) {
    card.flaw()
        .ifPresent(
            flaw -> {
              throw FormEditRefused.invalid(Sentence.of("rules.at", flaw.field(), flaw.reason()));
            });
    Optional<FaultCard> there = of(handle, card.model(), card.faultCode());
    if (there.filter(card::saysTheSameAs).isPresent()) {
      return Put.UNCHANGED;
    }
    save(
        handle,
        new FaultCard(
            there.map(FaultCard::id).orElse(0L),
            card.model(),
            card.faultCode(),
            card.title(),
            card.ask(),
            card.todo(),
            card.danger(),
            there.map(FaultCard::version).orElse(1)),
        login,
        now);
    return there.isPresent() ? Put.CHANGED : Put.ADDED;
  }

  /**
   * Adds words of danger to those there are.
   *
   * @return how many are new
   * @throws FormEditRefused for one that is empty or too long
   */
  public int addWords(Handle handle, List<String> words) {
    List<String> all = new ArrayList<>(words(handle));
    int before = all.size();
    words.stream()
        .map(String::strip)
        .filter(word -> all.stream().noneMatch(word::equalsIgnoreCase))
        .forEach(all::add);
    if (all.size() > before) {
      saveWords(handle, all);
    }
    return words(handle).size() - before;
  }

  private static Map<String, Object> values(FaultCard card, String login, Instant now) {
    return Map.ofEntries(
        Map.entry("model", card.model()),
        Map.entry("code", card.faultCode()),
        Map.entry("titleEn", card.title().en()),
        Map.entry("titleZh", card.title().zh()),
        Map.entry("askEn", card.ask().en()),
        Map.entry("askZh", card.ask().zh()),
        Map.entry("doEn", card.todo().en()),
        Map.entry("doZh", card.todo().zh()),
        Map.entry("danger", card.danger()),
        Map.entry("login", login),
        Map.entry("at", Timestamp.from(now)));
  }

  private Optional<FaultCard> find(Handle handle, long id) {
    return handle
        .createQuery("SELECT * FROM fault_card WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> card(row))
        .findOne();
  }

  private static FormEditRefused meanwhile(Handle handle, long id) {
    return handle
        .createQuery("SELECT saved_by FROM fault_card WHERE id = :id")
        .bind("id", id)
        .mapTo(String.class)
        .findOne()
        .map(
            by ->
                FormEditRefused.conflict(
                    "saved_meanwhile", Sentence.of("fault-card.meanwhile", by)))
        .orElseGet(() -> FormEditRefused.notFound(Sentence.of("fault-card.none")));
  }

  /**
   * @throws FormEditRefused when there is none, or somebody saved it meanwhile
   */
  public void remove(Handle handle, long id, int version) {
    int gone =
        handle
            .createUpdate("DELETE FROM fault_card WHERE id = :id AND version = :version")
            .bind("id", id)
            .bind("version", version)
            .execute();
    if (gone == 0) {
      throw meanwhile(handle, id);
    }
  }

  public List<String> words(Handle handle) {
    return handle
        .createQuery("SELECT word FROM danger_word ORDER BY word")
        .mapTo(String.class)
        .list();
  }

  /**
   * Replaces all of them.
   *
   * @throws FormEditRefused for one that is empty or too long
   */
  public void saveWords(Handle handle, List<String> words) {
    List<String> plain = words.stream().map(String::strip).distinct().toList();
    boolean good =
        plain.size() <= MOST_WORDS
            && plain.stream().allMatch(word -> !word.isEmpty() && word.length() <= 64);
    if (!good) {
      throw FormEditRefused.invalid(Sentence.of("fault-card.words", MOST_WORDS));
    }
    handle.execute("DELETE FROM danger_word");
    plain.forEach(word -> handle.execute("INSERT IGNORE INTO danger_word (word) VALUES (?)", word));
  }
}
