package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.careline.callback.OwnRulesStore;
import org.careline.callback.OwnRulesStore.Owner;
import org.careline.callback.RulesParser;
import org.careline.callback.WhyNot;
import org.careline.customer.AllowedDestinations;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Brings calling rules to the HTTP side and back. Blocks on MySQL; thread-safe. */
public final class CallingRulesDesk implements Desks.CallingDesk {
  private final Jdbi jdbi;
  private final WhyNot whyNot;
  private final InstantSource clock;
  private final OwnRulesStore store = new OwnRulesStore();

  /**
   * @param allowed numbers that may be dialled at all
   */
  public CallingRulesDesk(Jdbi jdbi, AllowedDestinations allowed, InstantSource clock) {
    this.jdbi = jdbi;
    this.whyNot = new WhyNot(jdbi, allowed);
    this.clock = clock;
  }

  @Override
  public CallingViews.RulesView rules(Optional<String> customer, Optional<String> site) {
    return jdbi.withHandle(
        handle -> {
          Owner owner = owner(handle, customer, site);
          return view(owner, customer, site, store.find(handle, owner));
        });
  }

  @Override
  public CallingViews.RulesView save(
      Optional<String> customer, Optional<String> site, int version, JsonNode rules, String login) {
    try {
      return jdbi.inTransaction(
          handle -> {
            Owner owner = owner(handle, customer, site);
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            return view(
                owner, customer, site, store.save(handle, owner, version, rules, login, now));
          });
    } catch (RulesParser.InvalidRules invalid) {
      throw Refusal.invalid("rules", invalid.reason());
    } catch (OwnRulesStore.ChangedMeanwhile changed) {
      throw Refusal.conflict("changed_meanwhile", changed.reason());
    }
  }

  @Override
  public CallingViews.WhyNotView whyNot(
      String site, Optional<String> customer, Optional<Instant> at, Locale language) {
    Instant instant = at.orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS));
    try {
      return CallingViews.WhyNotView.of(whyNot.ask(site, customer, instant), language);
    } catch (WhyNot.NotFound none) {
      throw none.id().equals("no_site")
          ? Refusal.notFound(none.reason())
          : Refusal.conflict(none.id(), none.reason());
    }
  }

  private static Owner owner(Handle handle, Optional<String> customer, Optional<String> site) {
    if (customer.isEmpty()) {
      if (site.isPresent()) {
        throw Refusal.invalid("customer", Sentence.of("web.text"));
      }
      return new Owner.House();
    }
    long id =
        handle
            .createQuery("SELECT id FROM customer WHERE code = :code")
            .bind("code", customer.get())
            .mapTo(Long.class)
            .findOne()
            .orElseThrow(() -> Refusal.notFound(Sentence.of("why.no-customer", customer.get())));
    if (site.isEmpty()) {
      return new Owner.OfCustomer(id);
    }
    return handle
        .createQuery("SELECT id FROM site WHERE customer_id = :customer AND code = :code")
        .bind("customer", id)
        .bind("code", site.get())
        .mapTo(Long.class)
        .findOne()
        .map(found -> new Owner.OfSite(found, id))
        .orElseThrow(
            () -> Refusal.notFound(Sentence.of("why.no-site-of", site.get(), customer.get())));
  }

  private static CallingViews.RulesView view(
      Owner owner, Optional<String> customer, Optional<String> site, OwnRulesStore.Stored stored) {
    String name =
        switch (owner) {
          case Owner.House house -> "house";
          case Owner.OfCustomer ofCustomer -> "customer";
          case Owner.OfSite ofSite -> "site";
        };
    return new CallingViews.RulesView(
        name,
        customer.orElse(null),
        site.orElse(null),
        stored.rules(),
        stored.version(),
        stored.changedBy().orElse(null),
        stored.changedAt().orElse(null));
  }
}
