package org.careline.hotline;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** What a call can have come to: an editable list in MySQL. Thread-safe. */
public final class Dispositions {
  private static final int MOST = 50;
  private final Jdbi jdbi;

  /**
   * @param code small letters, digits and _
   */
  public record Item(String code, String nameEn, String nameZh) {}

  public Dispositions(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** In the order of the screens. */
  public List<Item> all() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT code, name_en, name_zh FROM disposition ORDER BY position")
                .map((rs, context) -> new Item(rs.getString(1), rs.getString(2), rs.getString(3)))
                .list());
  }

  /**
   * The list as it shall be; calls keep the codes they have.
   *
   * @throws TalkRefused when it is empty, too long, or a code or name is missing or double
   */
  public void replace(List<Item> items) {
    if (items.isEmpty() || items.size() > MOST) {
      throw new TalkRefused("talk.dispositions", MOST);
    }
    Set<String> codes = new HashSet<>();
    for (Item item : items) {
      if (!item.code().matches("[a-z0-9_]{1,64}") || !codes.add(item.code())) {
        throw new TalkRefused("talk.disposition-code", item.code());
      }
      if (item.nameEn().isBlank() || item.nameZh().isBlank()) {
        throw new TalkRefused("talk.disposition-name", item.code());
      }
    }
    jdbi.useTransaction(
        handle -> {
          handle.execute("DELETE FROM disposition");
          int position = 0;
          for (Item item : items) {
            handle.execute(
                "INSERT INTO disposition (code, name_en, name_zh, position) VALUES (?, ?, ?, ?)",
                item.code(),
                item.nameEn(),
                item.nameZh(),
                ++position);
          }
        });
  }
}
