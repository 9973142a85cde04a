package org.careline.schedule;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.careline.callback.CadencePlanner;
import org.careline.callback.DueSites;
import org.careline.callback.Round;
import org.careline.callback.RoundCloser;
import org.careline.callback.RoundOpener;
import org.careline.callback.RoundPauser;
import org.careline.callback.RoundRepository;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs, as the callbacks do them. Thread-safe. */
public final class RoundTasks implements RoundScheduler.Tasks {
  private static final Logger LOG = LoggerFactory.getLogger(RoundTasks.class);

  private final Jdbi jdbi;
  private final RoundOpener opener;
  private final RoundCloser closer;
  private final RoundPauser pauser;
  private final CadencePlanner cadences;
  private final DueSites due;
  private final RoundRepository rounds = new RoundRepository();

  public RoundTasks(Jdbi jdbi, DueSites due, InstantSource clock) {
    this.jdbi = jdbi;
    this.opener = new RoundOpener(jdbi, clock);
    this.closer = new RoundCloser(jdbi, clock);
    this.pauser = new RoundPauser(jdbi, closer);
    this.cadences = new CadencePlanner(jdbi, clock);
    this.due = due;
  }

  @Override
  public Map<Long, Instant> scheduled() {
    Map<Long, Instant> scheduled = new LinkedHashMap<>();
    for (Round round : jdbi.withHandle(rounds::scheduled)) {
      scheduled.put(round.id(), round.opensAt());
    }
    return scheduled;
  }

  @Override
  public void open(long roundId) {
    opener.open(roundId);
  }

  @Override
  public void sweep() throws Exception {
    int freed = due.sweep();
    if (freed > 0) {
      LOG.info("{} claims had expired", freed);
    }
  }

  @Override
  public void closeFinished() {
    pauser.sweep();
    closer.closeFinished();
  }

  @Override
  public void plan() {
    cadences.plan();
  }
}
