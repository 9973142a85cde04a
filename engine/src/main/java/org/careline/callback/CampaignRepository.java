package org.careline.callback;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Campaigns in MySQL. Stateless. */
public final class CampaignRepository {
  private static final String SELECT =
      "SELECT c.id, c.code, c.name, c.customer_id, k.code AS customer_code,"
          + " c.questionnaire_code, c.questionnaire_version, c.mode, c.shown_number, c.rules"
          + " FROM campaign c JOIN customer k ON k.id = c.customer_id";
  private static final RowMapper<Campaign> ROW =
      (rs, context) ->
          new Campaign(
              rs.getLong("id"),
              rs.getString("code"),
              rs.getString("name"),
              rs.getLong("customer_id"),
              rs.getString("customer_code"),
              rs.getString("questionnaire_code"),
              rs.getInt("questionnaire_version"),
              Campaign.Mode.of(rs.getString("mode")),
              rs.getString("shown_number"),
              rs.getString("rules"));

  public Optional<Campaign> find(Handle handle, String code) {
    return handle
        .createQuery(SELECT + " WHERE c.code = :code")
        .bind("code", code)
        .map(ROW)
        .findOne();
  }

  public Optional<Campaign> find(Handle handle, long id) {
    return handle.createQuery(SELECT + " WHERE c.id = :id").bind("id", id).map(ROW).findOne();
  }

  public List<Campaign> all(Handle handle) {
    return handle.createQuery(SELECT + " ORDER BY c.code").map(ROW).list();
  }
}
