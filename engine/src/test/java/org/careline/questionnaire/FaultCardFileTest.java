package org.careline.questionnaire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.careline.customer.ImportRefused;
import org.careline.customer.ImportResult;
import org.careline.customer.TableWriter;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fault cards in from a table and out to one. */
class FaultCardFileTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final String HEAD =
      "model,fault_code,title_zh,title_en,ask_zh,ask_en,do_zh,do_en,danger\n";
  private FaultCardFile file;
  private String rejects;

  @BeforeEach
  void empty() {
    mysql.database().jdbi().useHandle(handle -> handle.execute("DELETE FROM fault_card"));
    file = new FaultCardFile(mysql.database().jdbi(), InstantSource.system());
  }

  private ImportResult read(byte[] bytes, boolean dryRun, Locale language) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImportResult result = file.read(new ByteArrayInputStream(bytes), dryRun, out, language, "plan");
    rejects = out.toString(StandardCharsets.UTF_8);
    return result;
  }

  private ImportResult read(String text) throws Exception {
    return read(text.getBytes(StandardCharsets.UTF_8), false, Locale.ENGLISH);
  }

  private byte[] written(TableWriter.Format format) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    file.write(format, out);
    return out.toByteArray();
  }

  private static List<Long> counts(ImportResult result) {
    return List.of(result.added(), result.changed(), result.unchanged(), result.rejected());
  }

  /** The example: tried first, then read, and what is written can be read again. */
  @Test
  void whatIsWrittenIsReadAgainAndChangesNothing() throws Exception {
    byte[] example = Files.readAllBytes(Path.of("../config/examples/fault-cards.csv"));
    ImportResult dry = read(example, true, Locale.ENGLISH);
    assertThat(counts(dry)).containsExactly(2L, 0L, 0L, 0L);
    assertThat(dry.details())
        .extracting(each -> each.line() + " " + each.name())
        .containsExactly("2 Boiler 5 E3", "7 Boiler 5 E9");
    assertThat(written(TableWriter.Format.CSV)).as("tried only").hasSizeLessThan(HEAD.length() + 9);
    assertThat(counts(read(example, false, Locale.ENGLISH))).containsExactly(2L, 0L, 0L, 0L);
    for (TableWriter.Format format : TableWriter.Format.values()) {
      assertThat(counts(read(written(format), false, Locale.ENGLISH)))
          .as(format.key())
          .containsExactly(0L, 0L, 2L, 0L);
    }
    assertThat(counts(read(example, false, Locale.ENGLISH))).containsExactly(0L, 0L, 2L, 0L);
  }

  /** No cell is a formula to a spreadsheet, and a column that is left out leaves what stands. */
  @Test
  void cellsAreSafeAndAbsentColumnsLeaveWhatStands() throws Exception {
    read(HEAD + ",E1,=1+1,'@x,问,Ask,=cmd|'x',Do,是\n");
    String csv = new String(written(TableWriter.Format.CSV), StandardCharsets.UTF_8);
    assertThat(csv).contains(",'=1+1,").doesNotContain(",=");
    ImportResult again = read("fault_code,MODEL,title_zh,title_en\ne1,,=1+1,B\n");
    assertThat(again.changed()).isEqualTo(1);
    FaultCard card = mysql.database().jdbi().withHandle(new FaultCardStore()::all).getFirst();
    assertThat(card.title()).isEqualTo(new Words("B", "=1+1"));
    assertThat(card.ask()).isEqualTo(new Words("Ask", "问"));
    assertThat(card.todo()).isEqualTo(new Words("Do", "=cmd|'x'"));
    assertThat(card.danger()).isTrue();
  }

  /** Good rows go in; each bad one comes back with its line, column and reason. */
  @Test
  void badRowsAreToldWithLineColumnAndReason() throws Exception {
    String rows =
        HEAD
            + "M,E1,一,One,,,做,Do,no\n"
            + "M,E1,二,Two,,,做,Do,no\n"
            + "M,E2,,Two,,,做,Do,no\n"
            + "M,E3,三,Three,,,,,no\n"
            + "M,E4,四,Four,,,做,Do,perhaps\n"
            + "M,E5,五\n"
            + "M,\"E\n6\",六,Six,,,做,Do,no\n"
            + "M,"
            + "9".repeat(33)
            + ",七,Seven,,,做,Do,no\n";
    ImportResult result = read(rows);
    assertThat(counts(result)).containsExactly(1L, 0L, 0L, 7L);
    assertThat(result.rejects())
        .extracting(
            each -> each.line() + " " + each.column() + ": " + each.reason().in(Locale.ENGLISH))
        .containsExactly(
            "3 fault_code: a card for model M and code E1 stands in line 2 already",
            "4 title_zh: a card has a title in both languages",
            "5 do_zh: a card says what to ask or what to do, or that the fault is dangerous",
            "6 danger: expected yes or no",
            "7 : " + result.rejects().get(4).reason().in(Locale.ENGLISH),
            "8 fault_code: one line of up to 32 characters expected",
            "10 fault_code: one line of up to 32 characters expected");
    assertThat(rejects).contains("perhaps").contains("expected yes or no");
    read(rows.getBytes(Charset.forName("GBK")), false, Locale.SIMPLIFIED_CHINESE);
    assertThat(rejects).contains("处置卡须有中英文标题");
    assertThatThrownBy(() -> read("model,faults\n"))
        .isInstanceOf(ImportRefused.class)
        .hasMessageContaining("faults")
        .hasMessageContaining("title_zh");
  }
}
