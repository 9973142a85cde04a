package org.careline.web;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.careline.language.Sentence;

/** Bringing in sites and reference data. One import at a time: it is heavy on the database. */
final class ReferenceEndpoints {
  private static final Set<Role> PLANNERS = EnumSet.of(Role.SCHEDULER, Role.ADMIN);

  private final Desks.ReferenceDesk reference;
  private final long mostBytes;
  private final Semaphore one = new Semaphore(1);

  ReferenceEndpoints(Desks.ReferenceDesk reference, long mostBytes) {
    this.reference = reference;
    this.mostBytes = mostBytes;
  }

  List<Route> routes() {
    return List.of(
        Route.of(HandlerType.POST, "/api/v1/imports/sites", PLANNERS, this::sites),
        Route.of(
            HandlerType.POST,
            "/api/v1/apply",
            PLANNERS,
            (context, who) ->
                context.json(
                    reference.apply(
                        Input.utf8(context), who.principal().roles().contains(Role.ADMIN)))));
  }

  private void sites(Context context, Route.Caller who) throws Exception {
    boolean dryRun = Input.flag(context, "dryRun", false);
    String given = context.queryParam("fileName");
    String name = Input.oneLine("fileName", given == null ? "sites.csv" : given, 200);
    if (name.isEmpty() || name.contains("/") || name.contains("\\") || name.startsWith(".")) {
      throw Refusal.invalid("fileName", Sentence.of("web.file-name"));
    }
    if (context.req().getContentLengthLong() > mostBytes) {
      throw Input.tooLarge(mostBytes);
    }
    if (!one.tryAcquire()) {
      throw Refusal.conflict("import_running", Sentence.of("web.import-running"));
    }
    try (InputStream file = new Capped(context.req().getInputStream(), mostBytes)) {
      context.json(reference.importSites(file, name, dryRun, Speech.of(context)));
    } finally {
      one.release();
    }
  }

  /** Refuses with 413 when more comes than was allowed, whatever the header said. */
  private static final class Capped extends InputStream {
    private final InputStream in;
    private final long most;
    private long read;

    Capped(InputStream in, long most) {
      this.in = in;
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      count(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = in.read(bytes, offset, length);
      count(n);
      return n;
    }

    private void count(int n) {
      read += Math.max(0, n);
      if (read > most) {
        throw Input.tooLarge(most);
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
