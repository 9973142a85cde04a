package org.careline;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.careline.config.ConfigurationException;
import org.careline.customer.Apply;
import org.careline.customer.ApplyResult;
import org.careline.customer.ImportRefused;
import org.careline.customer.ImportResult;
import org.careline.customer.SiteImport;
import org.careline.web.Desks;
import org.careline.web.Refusal;
import org.careline.web.Views;

/** Brings imports and applied files from the HTTP side to the features. Thread-safe. */
final class ReferenceDesk implements Desks.ReferenceDesk {
  private final SiteImport sites;
  private final Apply apply;
  private final LineDesk lines;

  ReferenceDesk(SiteImport sites, Apply apply, LineDesk lines) {
    this.sites = sites;
    this.apply = apply;
    this.lines = lines;
  }

  @Override
  public Desks.LineDesk lines() {
    return lines;
  }

  @Override
  public Views.ImportResult importSites(
      InputStream file, String fileName, boolean dryRun, Locale language) throws Exception {
    ByteArrayOutputStream rejects = new ByteArrayOutputStream();
    try {
      ImportResult result = sites.run(file, fileName, dryRun, rejects, language);
      return new Views.ImportResult(
          Math.toIntExact(result.added()),
          Math.toIntExact(result.changed()),
          Math.toIntExact(result.unchanged()),
          Math.toIntExact(result.rejected()),
          result.rejects().stream().map(reject -> view(reject, language)).toList(),
          rejects.toString(StandardCharsets.UTF_8));
    } catch (ImportRefused refused) {
      throw new Refusal(400, "import_refused", refused.reason(), Map.of());
    }
  }

  private static Views.Reject view(ImportResult.Reject reject, Locale language) {
    return new Views.Reject(
        Math.toIntExact(reject.line()), reject.column(), reject.reason().in(language));
  }

  @Override
  public Views.ApplyResult apply(String yaml, boolean users) {
    try {
      ApplyResult result = apply.run("body", yaml.getBytes(StandardCharsets.UTF_8), users);
      return new Views.ApplyResult(
          named(result, "added"),
          named(result, "changed"),
          named(result, "unchanged"),
          result.passwords());
    } catch (ConfigurationException refused) {
      throw new Refusal(400, "not_applied", refused.reason(), Map.of());
    }
  }

  private static List<String> named(ApplyResult result, String change) {
    List<String> names = new ArrayList<>();
    for (ApplyResult.Item item : result.items()) {
      if (item.change().equals(change)) {
        names.add(item.kind() + " " + item.code());
      }
    }
    return names;
  }
}
