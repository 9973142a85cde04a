package org.careline.matter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.careline.matter.MatterStage.BOSS;
import static org.careline.matter.MatterStage.HEAD;
import static org.careline.matter.MatterStage.LI;
import static org.careline.matter.MatterStage.NINE;
import static org.careline.matter.MatterStage.RJ;
import static org.careline.matter.MatterStage.S1;
import static org.careline.matter.MatterStage.SHOP;
import static org.careline.matter.MatterStage.form;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.careline.customer.ImportRefused;
import org.careline.customer.ImportResult;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Matters out to a file and in again, on a real MySQL. */
class MatterFileTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();
  private static MatterStage stage;

  @BeforeAll
  static void seed() {
    stage = new MatterStage(MYSQL.database());
    stage.seed();
  }

  @BeforeEach
  void clear() {
    stage.clear();
  }

  private static String written() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    stage.files.write(
        MatterFilter.ALL, org.careline.customer.TableWriter.Format.CSV, number -> number, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static ImportResult read(String file, boolean dryRun) throws IOException {
    return stage.files.read(
        new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)),
        dryRun,
        new ByteArrayOutputStream(),
        Locale.ENGLISH,
        "boss");
  }

  private static List<Matter> all() {
    return stage.matters.list(MatterFilter.ALL, Optional.empty(), 100).matters();
  }

  private static String counts(ImportResult result) {
    return result.added()
        + " "
        + result.changed()
        + " "
        + result.unchanged()
        + " "
        + result.rejected();
  }

  @Test
  void whatIsWrittenIsReadAgainUnchanged() throws Exception {
    Contact call = stage.call("c-1", NINE, RJ, S1, SHOP, "8001");
    MatterForm nasty =
        new MatterForm(
            "repair-power",
            Optional.of("RJ"),
            Optional.of("S1"),
            Optional.of(1L),
            "",
            Optional.of(SHOP),
            "=E4",
            "  =HYPERLINK(\"http://x\",\"y\")\r\n\"quoted\", '=and 中文\n ",
            Optional.of(NINE.minusMillis(1)));
    Matter first = stage.matters.open(nasty, Optional.of(call), LI);
    Matter second = stage.matters.open(form("advice", null, null, HEAD), Optional.empty(), LI);
    stage.matters.decide(
        second.id(),
        1,
        new Decision(
            Matter.Result.DISPATCH,
            "@note",
            Optional.of("-Wu"),
            Optional.of(NINE.plus(Duration.ofDays(1)))),
        LI);
    stage.matters.dispatched(second.id(), 2, Optional.empty(), LI);
    Matter third = stage.matters.open(form("praise", "MT", "S1", null), Optional.empty(), BOSS);
    stage.matters.decide(
        third.id(),
        1,
        new Decision(Matter.Result.SOLVED, "+thanks", Optional.empty(), Optional.empty()),
        LI);
    // what is not offered any more stays readable
    stage.matters.saveKind(
        new MatterKind("praise", Optional.empty(), "Praise", "表扬", true, 5, false));
    List<Matter> before = all();
    String file = written();
    assertThat(file).startsWith("\uFEFFreference,kind,").contains("'=E4", "'-Wu", "'@note");
    assertThat(file.lines().skip(1).flatMap(line -> List.of(line.split(",")).stream()))
        .as("no cell begins as a formula; a number with + is one")
        .noneMatch(cell -> cell.matches("\"?[=@].*"));
    assertThat(file).contains(SHOP);
    assertThat(counts(read(file, true))).isEqualTo("0 0 3 0");
    assertThat(counts(read(file, false))).isEqualTo("0 0 3 0");
    assertThat(all()).as("nothing changed, not even a version").isEqualTo(before);
    assertThat(written()).isEqualTo(file);
    assertThat(stage.matters.find(first.id()).orElseThrow().history()).hasSize(1);
  }

  @Test
  void newRowsComeInChangedOnesAreNoted() throws Exception {
    String head = "reference,kind,chain_code,site_code,device,phone,opened_at\n";
    String file =
        head
            + "T-1,repair-leak,RJ,S1,boiler 5 x-7,02161234567,2026-03-01T10:00:00+08:00\n"
            + "T-2,enquiry,,,kettle,13800138000,\n";
    assertThat(counts(read(file, true))).isEqualTo("2 0 0 0");
    assertThat(all()).as("a dry run writes nothing").isEmpty();
    assertThat(counts(read(file, false))).isEqualTo("2 0 0 0");
    Matter told = all().getLast();
    assertThat(told.reference()).isEqualTo("T-1");
    assertThat(told.deviceId()).as("the known device").isEqualTo(1L);
    assertThat(told.number()).isEqualTo(SHOP);
    assertThat(told.openedAt()).isEqualTo(Instant.parse("2026-03-01T02:00:00Z"));
    assertThat(told.source()).isEqualTo(Matter.Source.IMPORT);
    assertThat(stage.open.lastAgent(new OpenMatters.Who(S1, RJ, null)))
        .as("no agent of ours served it")
        .isEmpty();
    ImportResult more = read("kind,reference\nrepair-power,T-1\n", false);
    assertThat(counts(more)).as("columns that are not there stay").isEqualTo("0 1 0 0");
    Matters.Whole whole = stage.matters.find(told.id()).orElseThrow();
    assertThat(whole.matter().kind()).isEqualTo("repair-power");
    assertThat(whole.matter().siteCode()).isEqualTo("S1");
    assertThat(whole.history().getLast().what()).isEqualTo("imported");
    assertThat(whole.history().getLast().detail()).contains("repair-leak");
  }

  @Test
  void badRowsComeBackWithLineColumnAndReason() throws Exception {
    stage.matters.saveKind(
        new MatterKind("praise", Optional.empty(), "Praise", "表扬", true, 5, false));
    String file =
        "reference,kind,chain_code,site_code,phone,result,assigned_to,due_at,opened_at,"
            + "dispatched_at,done_at\n"
            + "OK,repair,RJ,,,,,,,,\n"
            + "OK,repair,RJ,,,,,,,,\n"
            + "A,repiar,RJ,,,,,,,,\n"
            + "B,praise,RJ,,,,,,,,\n"
            + "C,repair,RJ,S9,,,,,,,\n"
            + "D,repair,,,,,,,,,\n"
            + "E,repair,,S1,,,,,,,\n"
            + "F,repair,RJ,,12ab,,,,,,\n"
            + "G,repair,RJ,,,maybe,,,,,\n"
            + "H,repair,RJ,,,dispatch,,,,,\n"
            + "I,repair,RJ,,,,,,2026-03-02,,\n"
            + "J,repair,RJ,,,,,,2026-03-02T01:00:00.001Z,,\n"
            + "K,repair,RJ,,,dispatch,wu,2026-04-01T00:00:00Z,2026-03-01T00:00:00Z,"
            + "2026-02-28T00:00:00Z,\n"
            + "L,repair,RJ,,,solved,,,,,\n"
            + "M77,repair,RJ,,,,,,,,\n"
            + "N,repair,RJ\n"
            + "\"=1+1\",repair,RJ,,,,,,,,\n"
            + "A,repair,RJ,,,,,,,,\n";
    ByteArrayOutputStream rejects = new ByteArrayOutputStream();
    ImportResult result =
        stage.files.read(
            new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)),
            false,
            rejects,
            Locale.CHINESE,
            "boss");
    assertThat(
            result.rejects().stream().map(reject -> reject.line() + " " + reject.column()).toList())
        .containsExactly(
            "3 reference",
            "4 kind",
            "5 kind",
            "6 site_code",
            "7 chain_code",
            "8 chain_code",
            "9 phone",
            "10 result",
            "11 assigned_to",
            "12 opened_at",
            "13 opened_at",
            "14 opened_at",
            "15 done_at",
            "16 reference",
            "17 ",
            "18 reference");
    assertThat(result.added()).as("OK, and A where it is right").isEqualTo(2);
    assertThat(result.rejects().get(1).reason().in(Locale.ENGLISH)).contains("repair");
    assertThat(result.rejects().get(2).reason().in(Locale.ENGLISH))
        .isEqualTo("the kind praise is not offered any more: choose another");
    String back = rejects.toString(StandardCharsets.UTF_8);
    assertThat(back).contains("已停用").contains("'=1+1");
    assertThat(counts(read(back.replaceAll("repiar|praise", "repair"), true)))
        .as("what came back can be mended and sent again; A and OK are there meanwhile")
        .isEqualTo("1 0 2 13");
    assertThatThrownBy(() -> read("reference,knd\n", false)).isInstanceOf(ImportRefused.class);
  }
}
