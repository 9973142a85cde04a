package org.careline.web;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.careline.config.ConfigurationException;
import org.careline.config.Problem;
import org.careline.config.YamlFile;
import org.careline.customer.Apply;
import org.careline.customer.ApplyResult;
import org.careline.customer.ImportRefused;
import org.careline.customer.ImportResult;
import org.careline.customer.SiteImport;

/** Files of sites and of reference data that come in over HTTP. Blocks. Thread-safe. */
public final class ReferenceFiles implements Desks.ReferenceDesk {
  private static final String BODY = "body";

  private final SiteImport sites;
  private final Apply apply;

  public ReferenceFiles(SiteImport sites, Apply apply) {
    this.sites = sites;
    this.apply = apply;
  }

  @Override
  public Views.ImportResult importSites(InputStream file, String fileName, boolean dryRun)
      throws Exception {
    ByteArrayOutputStream rejects = new ByteArrayOutputStream();
    try {
      ImportResult result = sites.run(file, fileName, dryRun, rejects);
      return new Views.ImportResult(
          result.added(),
          result.changed(),
          result.unchanged(),
          result.rejected(),
          result.rejects().stream()
              .map(reject -> new Views.Reject(reject.line(), reject.column(), reject.reason()))
              .toList(),
          rejects.toString(StandardCharsets.UTF_8));
    } catch (ImportRefused refused) {
      throw new Refusal(400, "import_refused", refused.getMessage(), Map.of());
    }
  }

  @Override
  public Views.ApplyResult apply(String yaml, boolean users) {
    try {
      if (!users && YamlFile.parse(BODY, yaml).get("agents") != null) {
        // else a scheduler could make himself an administrator
        throw Refusal.forbidden("wrong_role", "only an administrator may apply 'agents'");
      }
      ApplyResult result = apply.run(BODY, yaml.getBytes(StandardCharsets.UTF_8));
      return new Views.ApplyResult(
          those(result, "added"),
          those(result, "changed"),
          those(result, "unchanged"),
          result.passwords());
    } catch (ConfigurationException wrong) {
      throw new Refusal(
          400,
          "apply_refused",
          wrong.getMessage(),
          Map.of("problems", wrong.problems().stream().map(ReferenceFiles::view).toList()));
    }
  }

  private static Map<String, Object> view(Problem problem) {
    return Map.of("line", problem.line(), "reason", problem.reason());
  }

  private static List<String> those(ApplyResult result, String change) {
    return result.items().stream()
        .filter(item -> item.change().equals(change))
        .map(item -> item.kind() + " " + item.code())
        .toList();
  }
}
