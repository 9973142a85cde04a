package org.careline.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careline.customer.ChangeHistory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Prints who changed what of a customer or one of his sites, newest first: time, who, by what,
 * kind, site, name, field, value before and after, between tabs. An empty field: it came into
 * being. Numbers are masked.
 */
@Command(name = "history")
final class HistoryCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "CUSTOMER", descriptionKey = "customer")
  private String customer;

  @Parameters(index = "1", paramLabel = "SITE", descriptionKey = "site", arity = "0..1")
  private String site;

  @Option(names = "--limit", paramLabel = "N", defaultValue = "100")
  private int limit;

  @Override
  public Integer call() throws IOException {
    try (Running running = Running.open()) {
      List<ChangeHistory.Entry> entries =
          new ChangeHistory(running.database().jdbi())
              .read(
                  customer,
                  Optional.ofNullable(site),
                  Optional.empty(),
                  Math.clamp(limit, 1, 10_000));
      for (ChangeHistory.Entry whole : entries) {
        ChangeHistory.Entry entry = whole.masked();
        System.out.println(
            Stream.of(
                    entry.at().toString(),
                    entry.by(),
                    entry.source(),
                    entry.what(),
                    entry.site(),
                    entry.name(),
                    entry.field(),
                    entry.former(),
                    entry.value())
                .map(text -> text.replaceAll("\\p{Cntrl}", " "))
                .collect(Collectors.joining("\t")));
      }
      return 0;
    }
  }
}
