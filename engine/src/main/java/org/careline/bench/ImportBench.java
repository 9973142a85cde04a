package org.careline.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.careline.bench.Target.Bound;
import org.careline.customer.DataImport;
import org.careline.customer.FileKind;
import org.careline.customer.ImportResult;
import org.careline.database.Database;
import org.careline.local.Command;
import org.careline.local.LocalMySql;

/**
 * How long a large file of sites takes to import and how much memory its process uses, beside the
 * same file read and checked only, and imported again. Each in a Java process of its own with
 * {@value #HEAP} MB of heap.
 */
public final class ImportBench {
  private static final int HEAP = 256;
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  /**
   * A run.
   *
   * @param megabytes the most memory its process had, of all kinds
   */
  public record Run(double seconds, double megabytes) {}

  /** What was found. */
  public record Result(int rows, Run checked, Run imported, Run again) {
    @JsonProperty
    public double ratio() {
      return imported.seconds() / checked.seconds();
    }

    @JsonProperty
    public List<Target> targets() {
      return List.of(
          new Target("import, s", Bound.BELOW, 60, imported.seconds()),
          new Target(
              "memory of an import, MB",
              Bound.BELOW,
              512,
              Math.max(imported.megabytes(), again.megabytes())));
    }
  }

  private ImportBench() {}

  /**
   * @param url of a database that is migrated and empty
   * @param folder for the file
   */
  public static Result run(String url, String password, Path folder, int rows) throws IOException {
    Path file = folder.resolve("sites.csv");
    Files.writeString(file, csv(rows));
    return new Result(
        rows,
        child(url, password, file, true, "added", rows),
        child(url, password, file, false, "added", rows),
        child(url, password, file, false, "unchanged", rows));
  }

  private static String csv(int rows) {
    StringBuilder csv =
        new StringBuilder(String.join(",", FileKind.SITES.columnKeys().subList(0, 21)))
            .append('\n');
    for (int i = 0; i < rows; i++) {
      csv.append(
          String.format(
              Locale.ROOT,
              "C%d,,S%d,酒店%d,gold,hotel,R%d,上海,上海,南京路%d号,王,经理,021-5%07d,801,138%08d,HP-3,SN%d,2025-03-31,Z,备注,no%n",
              i % 7,
              i,
              i,
              i % 6,
              i,
              i,
              i,
              i));
    }
    return csv.toString();
  }

  private static Run child(
      String url, String password, Path file, boolean check, String expected, int rows) {
    Command command =
        Command.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP + "m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                url,
                file.toString(),
                Boolean.toString(check)),
            Map.of(Child.PASSWORD, password),
            DEADLINE);
    String[] said = command.output().strip().split(" ");
    if (!command.succeeded() || !said[0].equals(expected + "=" + rows)) {
      throw new IllegalStateException("the import said " + command);
    }
    return new Run(Double.parseDouble(said[1]), Double.parseDouble(said[2]));
  }

  /** The process that imports: url, file, whether it only checks. */
  static final class Child {
    private static final String PASSWORD = "CARELINE_BENCH_PASSWORD";
    private static final long LARGEST = 64 << 20;

    private Child() {}

    public static void main(String[] arguments) throws Exception {
      DataImport.Order order =
          DataImport.Order.of(
              FileKind.SITES, "sites.csv", Boolean.parseBoolean(arguments[2]), Locale.ENGLISH);
      long began = System.nanoTime();
      ImportResult result;
      try (Database database =
              new Database(arguments[0], LocalMySql.USER, System.getenv(PASSWORD), 2);
          InputStream in = Files.newInputStream(Path.of(arguments[1]))) {
        result = new DataImport(database, LARGEST).run(order, in, OutputStream.nullOutputStream());
      }
      System.out.printf(
          Locale.ROOT,
          "%s=%d %.3f %.1f%n",
          result.added() > 0 ? "added" : "unchanged",
          Math.max(result.added(), result.unchanged()),
          (System.nanoTime() - began) / 1e9,
          peak());
    }

    /** Of the whole process, by the kernel, in MB. */
    private static double peak() throws IOException {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Double.parseDouble(line.replaceAll("\\D", "")) / 1024;
        }
      }
      throw new IOException("the kernel does not say how much memory was used");
    }
  }
}
