package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.careline.agent.Roster;
import org.careline.callback.CadenceStore;
import org.careline.callback.CadenceStore.Owner;
import org.careline.callback.Preview;
import org.careline.callback.PreviewReader;
import org.careline.callback.RulesParser;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Brings cadences, roster and preview to the HTTP side and back. Blocks on MySQL; thread-safe. */
public final class PlanningDesk implements Desks.PlanningDesk {
  private final Jdbi jdbi;
  private final InstantSource clock;
  private final CadenceStore cadences = new CadenceStore();
  private final Roster roster = new Roster();
  private final PreviewReader preview;

  public PlanningDesk(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.preview = new PreviewReader(jdbi, clock);
  }

  @Override
  public List<PlanningViews.CadenceView> cadences() {
    return jdbi.withHandle(
        handle -> cadences.all(handle).stream().map(PlanningViews.CadenceView::of).toList());
  }

  @Override
  public PlanningViews.CadenceView cadence(
      Optional<String> tier, Optional<String> customer, Optional<String> site) {
    return jdbi.withHandle(
        handle ->
            PlanningViews.CadenceView.of(
                cadences.find(handle, owner(handle, tier, customer, site))));
  }

  @Override
  public PlanningViews.CadenceView save(
      Optional<String> tier,
      Optional<String> customer,
      Optional<String> site,
      int version,
      JsonNode cadence,
      String login) {
    try {
      CadenceStore.Saving saving =
          jdbi.inTransaction(
              handle ->
                  cadences.save(
                      handle,
                      owner(handle, tier, customer, site),
                      version,
                      cadence,
                      login,
                      clock.instant().truncatedTo(ChronoUnit.MILLIS)));
      return switch (saving) {
        case CadenceStore.Saving.Saved saved -> PlanningViews.CadenceView.of(saved.stored());
        // thrown outside of the transaction: the first one is told that there was a second
        case CadenceStore.Saving.Meanwhile meanwhile ->
            throw Refusal.conflict("changed_meanwhile", meanwhile.refusal().reason());
      };
    } catch (RulesParser.InvalidRules invalid) {
      throw Refusal.invalid("cadence", invalid.reason());
    }
  }

  private static Owner owner(
      Handle handle, Optional<String> tier, Optional<String> customer, Optional<String> site) {
    if (tier.isPresent() == customer.isPresent() || site.isPresent() && customer.isEmpty()) {
      throw Refusal.invalid("customer", Sentence.of("apply.cadence-owner"));
    }
    if (tier.isPresent()) {
      return handle
          .createQuery("SELECT code FROM tier WHERE code = :code")
          .bind("code", tier.get())
          .mapTo(String.class)
          .findOne()
          .map(Owner.OfTier::new)
          .orElseThrow(() -> Refusal.notFound(Sentence.of("apply.no-tier", tier.get())));
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

  @Override
  public List<PlanningViews.ShiftView> roster(LocalDate from, LocalDate to) {
    return jdbi.withHandle(
        handle ->
            roster.between(handle, from, to).stream().map(PlanningViews.ShiftView::of).toList());
  }

  @Override
  public PlanningViews.ShiftView addShift(String agent, LocalDate day, int from, int to) {
    try {
      return PlanningViews.ShiftView.of(
          jdbi.inTransaction(
              handle -> roster.add(handle, new Roster.Shift(0, agent, day, from, to))));
    } catch (Roster.ShiftRefused refused) {
      throw Refusal.invalid(refused.field(), refused.reason());
    }
  }

  @Override
  public PlanningViews.ShiftView changeShift(long id, int from, int to) {
    try {
      return jdbi.inTransaction(handle -> roster.change(handle, id, from, to))
          .map(PlanningViews.ShiftView::of)
          .orElseThrow(() -> Refusal.notFound(Sentence.of("roster.none")));
    } catch (Roster.ShiftRefused refused) {
      throw Refusal.invalid(refused.field(), refused.reason());
    }
  }

  @Override
  public void removeShift(long id) {
    if (!jdbi.<Boolean, RuntimeException>inTransaction(handle -> roster.remove(handle, id))) {
      throw Refusal.notFound(Sentence.of("roster.none"));
    }
  }

  @Override
  public PlanningViews.PreviewView preview(Optional<String> customer, Locale language) {
    try {
      Preview.Months months = preview.read(customer);
      return PlanningViews.PreviewView.of(months, months.formula().in(language));
    } catch (PreviewReader.NoCustomer none) {
      throw Refusal.notFound(none.reason());
    }
  }

  @Override
  public Instant now() {
    return clock.instant();
  }
}
