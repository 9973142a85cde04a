package org.careline.callback;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;

/**
 * All cadences, to be asked for each site. Immutable.
 *
 * @param ofTiers by code
 * @param ofCustomers by id
 * @param ofSites by id
 * @param since when the visits of an owner were last changed
 * @param changes of all of them together: another number means other cadences
 */
record CadenceBook(
    Map<String, Cadence> ofTiers,
    Map<Long, Cadence> ofCustomers,
    Map<Long, OfSite> ofSites,
    Map<String, Instant> since,
    long changes) {

  record OfSite(long customer, Cadence cadence) {}

  static CadenceBook read(Handle handle) {
    Map<String, Cadence> tiers = new HashMap<>();
    Map<Long, Cadence> customers = new HashMap<>();
    Map<Long, OfSite> sites = new HashMap<>();
    Map<String, Instant> since = new HashMap<>();
    AtomicLong changes = new AtomicLong();
    handle
        .createQuery(
            "SELECT c.tier_code, c.customer_id, c.site_id, c.document, c.visits_since, c.version,"
                + " s.customer_id AS of_customer FROM cadence c LEFT JOIN site s ON s.id = c.site_id"
                + " ORDER BY c.id")
        .map(
            (rs, context) -> {
              Cadence cadence = CadenceParser.parse(rs.getString("document"));
              String tier = rs.getString("tier_code");
              long customer = rs.getLong("customer_id");
              long site = rs.getLong("site_id");
              changes.addAndGet(rs.getInt("version"));
              if (tier != null) {
                tiers.put(tier, cadence);
                since.put("tier:" + tier, Sql.instant(rs, "visits_since"));
              } else if (customer != 0) {
                customers.put(customer, cadence);
                since.put("customer:" + customer, Sql.instant(rs, "visits_since"));
              } else {
                sites.put(site, new OfSite(rs.getLong("of_customer"), cadence));
              }
              return cadence;
            })
        .list();
    return new CadenceBook(tiers, customers, sites, since, changes.get());
  }

  boolean empty() {
    return ofTiers.isEmpty() && ofCustomers.isEmpty() && ofSites.isEmpty();
  }

  Cadence customer(long id) {
    return ofCustomers.getOrDefault(id, Cadence.NONE);
  }

  /** Of the sites of a customer that have none of their own. */
  Cadence of(long customer, String tier) {
    return customer(customer).over(ofTiers.getOrDefault(tier, Cadence.NONE));
  }

  Cadence of(long customer, String tier, long site) {
    Cadence wider = of(customer, tier);
    OfSite own = ofSites.get(site);
    return own == null ? wider : own.cadence().over(wider);
  }

  /** Since when the visits of a customer or a tier are as they are. */
  Instant since(Optional<String> tier, long customer) {
    return since.getOrDefault(
        tier.map(code -> "tier:" + code).orElse("customer:" + customer), Instant.EPOCH);
  }
}
