package org.careline.callback;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.Journal;
import org.careline.call.Mailbox;
import org.careline.database.Database;
import org.careline.database.JournalWriter;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;

/** Attempts of a preview round on real MySQL, mailbox and journal; only the switch is played. */
public final class PlayedAttempts implements AutoCloseable {
  private static final long EPOCH = 1;
  private static final Duration SOON = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final Mailbox mailbox = new Mailbox();
  private final Database database;
  private final Journal journal;
  private final Attempts attempts;
  private final Forms forms;
  private final DueSites due;
  private final AttemptRepository repository;
  private final VirtualCallbacks world;
  private final Ulid ids;
  private final JournalWriter writer;

  /** What somebody would have been told of. */
  public final List<Danger> dangers = new CopyOnWriteArrayList<>();

  /**
   * @param rules of the campaign, as JSON
   * @param clock what the callbacks take for the time
   */
  public PlayedAttempts(
      Database database, Path folder, String rules, String agent, InstantSource clock) {
    this.database = database;
    this.clock = clock;
    this.ids = new Ulid(clock);
    this.world = new VirtualCallbacks(clock.instant(), agent);
    this.journal = new Journal(folder.resolve("journal.db"), clock);
    journal.epoch(EPOCH);
    this.due = new DueSites(database.dataSource(), "engine", Duration.ofSeconds(30));
    this.repository = new AttemptRepository(database.dataSource(), "engine");
    this.attempts =
        new Attempts(
            world,
            world,
            journal,
            (id, committed, refused) -> mailbox.execute(committed),
            mailbox::schedule,
            clock,
            e164 -> Optional.of(e164.substring(1)),
            new CallbackListener() {
              @Override
              public void workChanged(AgentNumber agent) {}

              @Override
              public void roundChanged(long roundId) {}
            });
    this.forms =
        new Forms(
            attempts,
            clock,
            danger -> {
              dangers.add(danger);
              return CompletableFuture.completedFuture(null);
            });
    this.writer = new JournalWriter(journal, database.dataSource(), AttemptAppliers.all(), clock);
    writer.start();
    open(rules);
  }

  private void open(String rules) {
    Seed.empty(database);
    database
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = Seed.customer(handle, "played");
              Seed.campaign(handle, "played", customer, "preview", rules);
              for (int i = 0; i < 20; i++) {
                String number = String.format("+8613800137%03d", i);
                Seed.site(handle, customer, null, "P" + i, "standard", number);
              }
            });
    long round = new RoundPlanner(database.jdbi()).plan("played", clock.instant()).id();
    new RoundOpener(database.jdbi(), clock).open(round);
  }

  public Mailbox mailbox() {
    return mailbox;
  }

  public Attempts attempts() {
    return attempts;
  }

  public Forms forms() {
    return forms;
  }

  /** The agent has the next site before him and has not dialled. */
  public CallId begin() throws SQLException {
    ClaimedSite site =
        due.details(due.claim(List.of(1, 2, 3, 100), 1, clock.instant(), EPOCH)).getFirst();
    CallId id = ids.next();
    AgentNumber agent = mailbox.ask(SOON, () -> attempts.reserve(site, id, 0)).orElseThrow();
    Attempt attempt =
        ((AttemptRepository.Insertion.Committed) repository.insert(site, id, agent, now(), EPOCH))
            .attempt();
    SiteForm form = new SiteForms(database.jdbi()).of(site);
    mailbox.ask(
        SOON,
        () -> {
          attempts.begin(attempt, List.of(new LiveSite(site, form)));
          return true;
        });
    return id;
  }

  /** Whether an order to ring the site has left. */
  public boolean rung(CallId id) {
    return mailbox.ask(SOON, () -> world.dialled.containsKey(id.value()));
  }

  /** His phone and then the site answer. */
  public void answered(CallId id) {
    Instant now = clock.instant();
    String leg = Telephony.agentLeg(id, 1);
    event(new TelephonyEvent.ChannelAnswered(now, leg, "PJSIP/a8001-1", id.value()));
    event(new TelephonyEvent.ChannelAnswered(now, id.value(), "PJSIP/trunk-1", id.value()));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Nothing can be written down any more. */
  public void loseJournal() {
    journal.close();
  }

  private void event(TelephonyEvent event) {
    mailbox.ask(
        SOON,
        () -> {
          attempts.on(event);
          return true;
        });
  }

  /** The form a site would have in a round opened after this one is closed. */
  public SiteForm formOfNextRound(String site) {
    return database
        .jdbi()
        .inTransaction(
            handle -> {
              handle.execute(
                  "INSERT IGNORE INTO round (campaign_id, number, status, opens_at, period_from,"
                      + " period_to, questionnaire_code, questionnaire_version)"
                      + " SELECT campaign_id, 2, 'open', opens_at, period_from, period_to,"
                      + " 'standard', 2 FROM round WHERE number = 1");
              long round =
                  handle.select("SELECT id FROM round WHERE number = 2").mapTo(Long.class).one();
              long id =
                  handle.select("SELECT id FROM site WHERE code = ?", site).mapTo(Long.class).one();
              SiteForms forms = new SiteForms(database.jdbi());
              return forms.of(handle, forms.questionnaire(handle, "standard", 2), round, id);
            });
  }

  /** Waits until MySQL has all that was written down. */
  public void deliver() throws Exception {
    journal.flush().get(5, TimeUnit.SECONDS);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> writer.lag().entries() == 0);
  }

  @Override
  public void close() {
    mailbox.close();
    writer.close();
    journal.close();
  }
}
