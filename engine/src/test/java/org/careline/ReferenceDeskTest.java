package org.careline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.careline.config.ConfigurationLoader;
import org.careline.customer.Apply;
import org.careline.customer.DataImport;
import org.careline.customer.FileKind;
import org.careline.harness.MySqlExtension;
import org.careline.web.Refusal;
import org.careline.web.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReferenceDeskTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  private final ReferenceDesk desk =
      new ReferenceDesk(
          mysql.database(),
          1 << 20,
          new Apply(mysql.database(), ConfigurationLoader.defaults()),
          new LineDesk(mysql.database().jdbi(), Map::of, InstantSource.system()),
          InstantSource.system());

  private Views.ImportResult load(String csv) throws Exception {
    return load(csv, false, Locale.ENGLISH);
  }

  private Views.ImportResult load(String csv, boolean dryRun, Locale language) throws Exception {
    return desk.importFile(
        DataImport.Order.of(FileKind.SITES, "a.csv", dryRun, language),
        new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void importsAndGivesRejectsBack() throws Exception {
    Views.ImportResult result =
        load("chain_code,site_code,site_name,phone1\nA,1,x,13800138000\nA,2,x,1\n");
    assertThat(result.added()).isEqualTo(1);
    assertThat(result.rejects())
        .containsExactly(new Views.Reject(3, "phone1", "invalid number: too short"));
    assertThat(result.rejectsCsv()).startsWith("\uFEFFline,column,reason,");
  }

  @Test
  void reasonsAreInTheLanguageOfTheRequest() throws Exception {
    Views.ImportResult result =
        load("chain_code,site_code,site_name,phone1\nA,7,x,1\n", true, Locale.SIMPLIFIED_CHINESE);
    assertThat(result.rejects()).containsExactly(new Views.Reject(2, "phone1", "号码无效：位数太少"));
    assertThat(result.rejectsCsv()).contains("\n2,phone1,号码无效：位数太少,A,7,x,1");
  }

  @Test
  void whatCannotBeTakenIsTheClientsMistake() {
    assertThatThrownBy(() -> load("nonsense"))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.status()).isEqualTo(400);
              assertThat(refusal.id()).isEqualTo("import_refused");
            });
    assertThatThrownBy(() -> desk.apply("lines:\n  - {code: a}\n", true))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.id()).isEqualTo("not_applied");
              assertThat(refusal.getMessage()).startsWith("body:2: ");
            });
  }

  @Test
  void applies() {
    String yaml = "tiers:\n  - {code: bronze, nameEn: G, nameZh: G, rank: 2, weight: 2}\n";
    assertThat(desk.apply(yaml, false).added()).containsExactly("tier bronze");
    assertThat(desk.apply(yaml, false).unchanged()).containsExactly("tier bronze");
  }

  @Test
  void onlyWhoMayMakesUsers() {
    String yaml = "agents:\n  - {login: li.lei, name: Li, number: \"8023\"}\n";
    assertThatThrownBy(() -> desk.apply(yaml, false))
        .hasMessage("body:1: users are made by an administrator");
    assertThat(desk.apply(yaml, true).passwords()).containsOnlyKeys("li.lei");
  }
}
