package org.careline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Locale;
import org.careline.config.ConfigurationLoader;
import org.careline.customer.Apply;
import org.careline.customer.DataImport;
import org.careline.customer.FileKind;
import org.careline.customer.ImportResult;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The demonstration's data goes the same way as anybody's, and can go it twice. */
class SeedsImportTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  @Test
  void goesInWithoutARejectAndChangesNothingTheSecondTime() throws Exception {
    Seeds seeds = new Seeds();
    Apply apply = new Apply(mysql.database(), ConfigurationLoader.defaults());
    byte[] cast = Seeds.cast(18006, "correct-horse-7").getBytes(StandardCharsets.UTF_8);
    byte[] campaigns =
        Seeds.campaigns(LocalDate.now().plusDays(60)).getBytes(StandardCharsets.UTF_8);

    assertThat(apply.run("cast.yaml", cast).passwords()).isEmpty();
    ImportResult first = load(seeds);
    assertThat(first.rejects()).isEmpty();
    assertThat(first.added()).isEqualTo(seeds.sites().size());
    assertThat(apply.run("campaigns.yaml", campaigns).changed()).isTrue();

    for (long fresh : new long[] {240, 0}) {
      ImportResult roster =
          new DataImport(mysql.database(), 1 << 20)
              .run(
                  DataImport.Order.of(FileKind.ROSTER, "roster.csv", false, Locale.ENGLISH),
                  new ByteArrayInputStream(Seeds.roster(LocalDate.now())),
                  OutputStream.nullOutputStream());
      assertThat(roster.rejects()).isEmpty();
      assertThat(roster.added()).isEqualTo(fresh);
    }

    assertThat(load(seeds).unchanged()).isEqualTo(seeds.sites().size());
    assertThat(apply.run("cast.yaml", cast).changed()).isFalse();
    assertThat(apply.run("campaigns.yaml", campaigns).changed()).isFalse();
  }

  private static ImportResult load(Seeds seeds) throws Exception {
    return new DataImport(mysql.database(), 64 << 20)
        .sites(
            new ByteArrayInputStream(seeds.csv()),
            "seeds",
            false,
            OutputStream.nullOutputStream(),
            Locale.ENGLISH);
  }
}
