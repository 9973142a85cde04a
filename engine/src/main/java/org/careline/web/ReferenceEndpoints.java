package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.careline.customer.ChangeHistory;
import org.careline.customer.DataExport;
import org.careline.customer.DataImport;
import org.careline.customer.Disclosures;
import org.careline.customer.FileKind;
import org.careline.customer.TableWriter;
import org.careline.language.Sentence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bringing in sites and reference data. One import at a time: it is heavy on the database. */
final class ReferenceEndpoints {
  private static final Logger LOG = LoggerFactory.getLogger(ReferenceEndpoints.class);
  private static final String MAPPING = "/api/v1/customers/{customer}/mappings/{kind}";
  private static final int CODE = 64;
  private static final int HEAD = 200;
  private static final int PAGE = 200;
  private static final Set<Role> PLANNERS = EnumSet.of(Role.SCHEDULER, Role.ADMIN);

  private final Desks.ReferenceDesk reference;
  private final long mostBytes;
  private final Supplier<Disclosures> disclosures;
  private final Semaphore one = new Semaphore(1);

  /**
   * @param disclosures where it is kept who took whole numbers, and why
   */
  ReferenceEndpoints(
      Desks.ReferenceDesk reference, long mostBytes, Supplier<Disclosures> disclosures) {
    this.reference = reference;
    this.disclosures = disclosures;
    this.mostBytes = mostBytes;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (FileKind kind : FileKind.ALL) {
      routes.add(
          Route.of(
              HandlerType.POST,
              "/api/v1/imports/" + kind.key(),
              PLANNERS,
              (context, who) -> read(kind, context, who)));
      routes.add(
          Route.of(
              HandlerType.GET,
              "/api/v1/exports/" + kind.key(),
              PLANNERS,
              (context, who) -> export(kind, context, who)));
    }
    routes.add(Route.of(HandlerType.GET, MAPPING, PLANNERS, this::mapping));
    routes.add(Route.of(HandlerType.PUT, MAPPING, PLANNERS, this::saveMapping));
    routes.add(
        Route.of(
            HandlerType.GET,
            "/api/v1/customers/{customer}/history",
            EnumSet.of(Role.SCHEDULER, Role.SUPERVISOR, Role.ADMIN),
            this::history));
    routes.add(
        Route.of(
            HandlerType.POST,
            "/api/v1/apply",
            PLANNERS,
            (context, who) ->
                context.json(
                    reference.apply(
                        Input.utf8(context), who.principal().roles().contains(Role.ADMIN)))));
    return routes;
  }

  private void read(FileKind kind, Context context, Route.Caller who) throws Exception {
    boolean dryRun = Input.flag(context, "dryRun", false);
    boolean fullList = Input.flag(context, "fullList", false);
    String given = context.queryParam("fileName");
    String name = Input.oneLine("fileName", given == null ? kind.key() + ".csv" : given, 200);
    if (name.isEmpty() || name.contains("/") || name.contains("\\") || name.startsWith(".")) {
      throw Refusal.invalid("fileName", Sentence.of("web.file-name"));
    }
    DataImport.Order order =
        new DataImport.Order(
            kind,
            name,
            dryRun,
            fullList,
            code(context, "customer"),
            Map.of(),
            Speech.of(context),
            who.principal().login(),
            (done, all) -> {});
    if (context.req().getContentLengthLong() > mostBytes) {
      throw Input.tooLarge(mostBytes);
    }
    if (!one.tryAcquire()) {
      throw Refusal.conflict("import_running", Sentence.of("web.import-running"));
    }
    try (InputStream file = new Capped(context.req().getInputStream(), mostBytes)) {
      context.json(reference.importFile(order, file));
    } finally {
      one.release();
    }
  }

  private static Optional<String> code(Context context, String name) {
    String given = context.queryParam(name);
    return given == null || given.isEmpty()
        ? Optional.empty()
        : Optional.of(Input.oneLine(name, given, CODE));
  }

  /** Without a reason numbers are masked: such a file is for reading and cannot be imported. */
  private void export(FileKind kind, Context context, Route.Caller who) throws Exception {
    Optional<String> customer = code(context, "customer");
    TableWriter.Format format = format(context);
    boolean whole =
        DataExport.hasNumbers(kind)
            && Whole.asked(
                context,
                who.principal(),
                PLANNERS,
                disclosures.get(),
                "export-" + kind.key(),
                customer.orElse(""));
    LOG.info("{} exports {} of {}", who.principal().login(), kind.key(), customer.orElse("all"));
    reference.export(
        kind,
        customer,
        format,
        whole ? UnaryOperator.identity() : ReferenceEndpoints::masked,
        new Late(context, kind.key() + "." + format.key(), type(format)));
  }

  /** Several numbers may stand in a cell. */
  private static String masked(String cell) {
    return cell.isEmpty() ? cell : Masking.mask(cell);
  }

  static TableWriter.Format format(Context context) {
    String asked = context.queryParam("format");
    return TableWriter.Format.of(asked == null ? "csv" : asked)
        .orElseThrow(() -> Refusal.invalid("format", Sentence.of("web.file-format")));
  }

  static String type(TableWriter.Format format) {
    return switch (format) {
      case CSV -> "text/csv; charset=utf-8";
      case XLSX -> "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    };
  }

  private static FileKind kind(Context context) {
    return FileKind.of(context.pathParam("kind"))
        .orElseThrow(
            () ->
                Refusal.notFound(Sentence.of("web.file-kind", String.join(", ", FileKind.keys()))));
  }

  private static String customer(Context context) {
    return Input.oneLine("customer", context.pathParam("customer"), CODE);
  }

  private void mapping(Context context, Route.Caller who) {
    FileKind kind = kind(context);
    context.json(new Mapping(reference.mapping(customer(context), kind), kind.columnKeys()));
  }

  private void saveMapping(Context context, Route.Caller who) throws Exception {
    FileKind kind = kind(context);
    String customer = customer(context);
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("heads"));
    JsonNode given = body.path("heads");
    if (!given.isObject()) {
      throw Refusal.invalid("heads", Sentence.of("web.object"));
    }
    Map<String, String> heads = new TreeMap<>();
    given
        .fields()
        .forEachRemaining(
            field ->
                heads.put(
                    Input.oneLine("heads", field.getKey(), HEAD),
                    Input.oneLine("heads", field.getValue().asText(), CODE)));
    reference.saveMapping(customer, kind, heads);
    context.json(new Mapping(heads, kind.columnKeys()));
  }

  private void history(Context context, Route.Caller who) {
    String before = context.queryParam("before");
    if (before != null && !before.matches("[0-9]{1,18}")) {
      throw Refusal.invalid("before", Sentence.of("web.number", 1, Long.MAX_VALUE));
    }
    List<ChangeHistory.Entry> entries =
        reference.history(
            customer(context),
            code(context, "site"),
            Optional.ofNullable(before).map(Long::valueOf),
            PAGE);
    context.json(
        new HistoryPage(
            entries.stream().map(ChangeHistory.Entry::masked).toList(),
            entries.size() < PAGE ? null : entries.getLast().id()));
  }

  /**
   * @param heads what stands in the head of his files -> our column
   * @param columns those there are
   */
  record Mapping(Map<String, String> heads, List<String> columns) {}

  /**
   * @param next null = the last page
   */
  record HistoryPage(List<ChangeHistory.Entry> entries, Long next) {}

  /** Opens the answer at the first byte: what is refused before it is still an answer of ours. */
  static final class Late extends OutputStream {
    private final Context context;
    private final String fileName;
    private final String type;
    private OutputStream out;

    Late(Context context, String fileName, String type) {
      this.context = context;
      this.fileName = fileName;
      this.type = type;
    }

    private OutputStream out() {
      if (out == null) {
        context.contentType(type);
        context.header("Content-Disposition", "attachment; filename=\"" + fileName + "\"");
        out = context.outputStream();
      }
      return out;
    }

    @Override
    public void write(int b) throws IOException {
      out().write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out().write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      out().flush();
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
