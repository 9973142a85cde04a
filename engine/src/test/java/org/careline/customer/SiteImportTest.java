package org.careline.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.careline.database.Database;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteImportTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  private static final String HEAD =
      String.join(",", FileKind.SITES.columnKeys().subList(0, 21)) + "\n";
  private static final String GOOD =
      "RJ,瑞居,S1,南京路店,gold,hotel,EAST,上海,上海,南京路1号,王,经理,021-58881234,801,"
          + "13800138000,HP-3,SN1,2025-03-31,ZHANG,备注,no\n";

  private final ByteArrayOutputStream rejects = new ByteArrayOutputStream();
  private Locale language = Locale.ENGLISH;
  private Database database;

  @BeforeEach
  void empty() {
    database = mysql.database();
    database
        .jdbi()
        .useHandle(
            h -> {
              for (String table :
                  List.of("device", "phone", "contact", "site", "region", "customer")) {
                h.execute("DELETE FROM " + table);
              }
            });
  }

  private ImportResult run(byte[] bytes, boolean dryRun) throws Exception {
    rejects.reset();
    return new DataImport(database, 8 << 20)
        .sites(new ByteArrayInputStream(bytes), "sites.csv", dryRun, rejects, language);
  }

  private ImportResult run(String csv) throws Exception {
    return run(csv.getBytes(StandardCharsets.UTF_8), false);
  }

  private static Consumer<ImportResult> counts(
      long added, long changed, long unchanged, long rejected) {
    return result ->
        assertThat(List.of(result.added(), result.changed(), result.unchanged(), result.rejected()))
            .containsExactly(added, changed, unchanged, rejected);
  }

  private long count(String table) {
    return database
        .jdbi()
        .withHandle(h -> h.createQuery("SELECT COUNT(*) FROM " + table).mapTo(Long.class).one());
  }

  private long revision() {
    return database
        .jdbi()
        .withHandle(
            h ->
                h.createQuery("SELECT number FROM revision WHERE topic = 'reference'")
                    .mapTo(Long.class)
                    .one());
  }

  private Map<String, Object> site(String code) {
    return database
        .jdbi()
        .withHandle(
            h ->
                h.createQuery(
                        """
                        SELECT s.name, s.tier_code, s.remark, s.address, s.do_not_call AS dnc,
                               s.account_manager AS am, r.code AS region, c.name AS contact,
                               p1.e164 AS e1, p1.extension AS x1, p2.e164 AS e2,
                               d.model, d.serial, d.install_date AS installed
                        FROM site s LEFT JOIN region r ON r.id = s.region_id
                        JOIN site_contact sc ON sc.site_id = s.id AND sc.position = 1
                        JOIN contact c ON c.id = sc.contact_id
                        JOIN phone p1 ON p1.contact_id = c.id AND p1.position = 1
                        LEFT JOIN phone p2 ON p2.contact_id = c.id AND p2.position = 2
                        LEFT JOIN device d ON d.site_id = s.id
                        WHERE s.code = :code""")
                    .bind("code", code)
                    .mapToMap()
                    .one());
  }

  @Test
  void aGoodRowGoesInWithAllItSays() throws Exception {
    assertThat(run(HEAD + GOOD)).satisfies(counts(1, 0, 0, 0));
    assertThat(site("S1"))
        .containsEntry("name", "南京路店")
        .containsEntry("tier_code", "gold")
        .containsEntry("region", "EAST")
        .containsEntry("contact", "王")
        .containsEntry("e1", "+862158881234")
        .containsEntry("x1", "801")
        .containsEntry("e2", "+8613800138000")
        .containsEntry("model", "HP-3")
        .containsEntry("serial", "SN1")
        .containsEntry("am", "ZHANG")
        .containsEntry("dnc", false);
    assertThat(site("S1").get("installed")).hasToString("2025-03-31");
    assertThat(rejects.size()).isZero();
  }

  @Test
  void theSameFileAgainChangesNothing() throws Exception {
    String csv = HEAD + GOOD + "MT,,S1,x,,,,,,,,,13800138001,,,,,,,,\n";
    long before = revision();
    assertThat(run(csv).added()).isEqualTo(2);
    long after = revision();
    assertThat(after).isGreaterThan(before);
    assertThat(run(csv)).satisfies(counts(0, 0, 2, 0));
    assertThat(revision()).isEqualTo(after);
  }

  @Test
  void whatDiffersIsChanged() throws Exception {
    run(HEAD + GOOD);
    long before = revision();
    String other =
        GOOD.replace("南京路店", "北京路店")
            .replace("EAST", "")
            .replace(",801,", ",,")
            .replace("13800138000", "")
            .replace("HP-3,SN1,2025-03-31", ",,");
    assertThat(run(HEAD + other)).satisfies(counts(0, 1, 0, 0));
    assertThat(revision()).isGreaterThan(before);
    assertThat(site("S1"))
        .containsEntry("name", "北京路店")
        .containsEntry("region", null)
        .containsEntry("x1", "")
        .containsEntry("e2", null)
        .containsEntry("model", null);
    assertThat(run(HEAD + other).unchanged()).isEqualTo(1);
    assertThat(run(HEAD + GOOD).changed()).isEqualTo(1);
    assertThat(run(HEAD + GOOD).unchanged()).isEqualTo(1);
    assertThat(run(HEAD + GOOD.replace("瑞居", "瑞居酒店")).changed()).isEqualTo(1);
    assertThat(run(HEAD + GOOD.replace("瑞居", "瑞居酒店")).unchanged()).isEqualTo(1);
  }

  @Test
  void aDryRunTellsTheSameAndChangesNothing() throws Exception {
    String csv = HEAD + GOOD + GOOD.replace("S1", "S2").replace("gold", "brass");
    byte[] bytes = csv.getBytes(StandardCharsets.UTF_8);
    long revision = revision();
    ImportResult dry = run(bytes, true);
    String dryRejects = rejects.toString(StandardCharsets.UTF_8);
    assertThat(count("customer") + count("site") + count("region")).isZero();
    assertThat(revision()).isEqualTo(revision);
    assertThat(run(bytes, false)).isEqualTo(dry);
    assertThat(rejects.toString(StandardCharsets.UTF_8)).isEqualTo(dryRejects).contains("brass");
    assertThat(run(bytes, true).unchanged()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"UTF-8,false", "UTF-8,true", "GBK,false"})
  void encodings(String charset, boolean bom) throws Exception {
    byte[] bytes = ((bom ? "\uFEFF" : "") + HEAD + GOOD).getBytes(Charset.forName(charset));
    assertThat(run(bytes, false).added()).isEqualTo(1);
    assertThat(site("S1")).containsEntry("name", "南京路店");
  }

  @Test
  void linesMayEndAsOnWindows() throws Exception {
    assertThat(run((HEAD + GOOD + "\n").replace("\n", "\r\n")).added()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ,x,S2,n,,,,,,,,,13800138000,,,,,,,,                  | chain_code     | is empty; fill it in
          RJ,x,,n,,,,,,,,,13800138000,,,,,,,,                  | site_code      | is empty; fill it in
          RJ,x,S2,,,,,,,,,,13800138000,,,,,,,,                 | site_name      | is empty; fill it in
          RJ,x,S2,n,,,,,,,,,,,,,,,,,                           | phone1         | is empty; fill it in
          RJ,x,S2,n,brass,,,,,,,,13800138000,,,,,,,,           | tier           | unknown tier; known: gold, platinum, silver, standard
          RJ,x,S2,n,,,,,,,,,1380013800,,,,,,,,                 | phone1         | invalid number: a mobile number has 11 digits, not 10
          RJ,x,S2,n,,,,,,,,,58881234,,,,,,,,                   | phone1         | invalid number: the area code is missing
          RJ,x,S2,n,,,,,,,,,110,,,,,,,,                        | phone1         | a short number does not belong to a site
          RJ,x,S2,n,,,,,,,,,02158881234,80a,,,,,,,             | ext1           | an extension has 1 to 8 digits
          RJ,x,S2,n,,,,,,,,,13800138000,801,,,,,,,             | ext1           | a mobile number has no extension
          RJ,x,S2,n,,,,,,,,,02158881234转802,801,,,,,,,        | ext1           | phone1 has the extension 802; give one of the two
          RJ,x,S2,n,,,,,,,,,13800138000,,1234,,,,,,             | phone2         | invalid number
          RJ,x,S2,n,,,,,,,,,13800138000,,+8613800138000,,,,,,  | phone2         | is the same as phone1
          RJ,x,S2,n,,,,,,,,,13800138000,,,M,,31.03.2025,,,     | install_date   | is not a date such as 2026-03-31
          RJ,x,S2,n,,,,,,,,,13800138000,,,M,,2025-02-30,,,     | install_date   | is not a date
          RJ,x,S2,n,,,,,,,,,13800138000,,,,SN,,,,              | device_serial  | stands without a device_model
          RJ,x,S2,n,,,,,,,,,13800138000,,,,,,,,maybe           | do_not_call    | is neither yes nor no
          =RJ,x,S2,n,,,,,,,,,13800138000,,,,,,,,               | chain_code     | a code must not begin with =
          RJ,x,"S\\n2",n,,,,,,,,,13800138000,,,,,,,,            | site_code      | contains a line break
          RJ,x,S2,n\\a,,,,,,,,,13800138000,,,,,,,,          | site_name      | contains the control character U+0007
          RJ,y,S1,n,,,,,,,,,13800138000,,,,,,,,                | site_code      | stands already in line 2 for this chain
          RJ,y,S2,n,,,,,,,,,13800138000,,,,,,,,                | chain_name     | differs from the name in line 2
          RJ,x,S2                                              | ``             | has 3 cells, not 21
          RJ,x,S2,n,brass,,,,,,,,1,,,,,,,,                     | tier           | unknown tier; known: gold, platinum, silver, standard; phone1: invalid number: too short
          """)
  void aBadRowComesBackWithLineColumnAndReason(String row, String column, String reason)
      throws Exception {
    String good = GOOD.replace("瑞居", "x");
    String bad = row.strip().replace("\\n", "\n").replace("\\a", "\u0007");
    ImportResult result = run(HEAD + good + bad + "\n" + good.replace("S1", "S3"));
    assertThat(result.added()).isEqualTo(2);
    assertThat(result.rejected()).isEqualTo(1);
    ImportResult.Reject reject = result.rejects().getFirst();
    assertThat(reject.line()).isEqualTo(3);
    assertThat(reject.column()).isEqualTo(column == null ? "" : column);
    assertThat(reject.reason().toString()).startsWith(reason);
    assertThat(rejects.toString(StandardCharsets.UTF_8))
        .startsWith("\uFEFFline,column,reason,chain_code,")
        .contains("\n3," + reject.column() + ",");
    assertThat(count("site")).isEqualTo(2);
  }

  @Test
  void theReasonsAreInTheLanguageOfWhoAsked() throws Exception {
    language = Locale.SIMPLIFIED_CHINESE;
    ImportResult result = run(HEAD + "RJ,,S9,x,brass,,,,,,,,12,,,,,,,,\n");
    assertThat(result.rejects().getFirst().reason().in(language))
        .isEqualTo("没有这个等级，可用的等级：gold, platinum, silver, standard；phone1：号码无效：位数太少");
    assertThat(rejects.toString(StandardCharsets.UTF_8))
        .startsWith("\uFEFFline,column,reason,chain_code,")
        .contains(
            "\n2,tier,\"没有这个等级，可用的等级：gold, platinum, silver, standard；phone1：号码无效：位数太少\",RJ,,S9,x,brass,");
    assertThatThrownBy(() -> run("nonsense"))
        .hasMessageStartingWith("line 1: the first line must name the columns")
        .isInstanceOfSatisfying(
            ImportRefused.class,
            refused -> assertThat(refused.in(language)).startsWith("第 1 行：首行必须是列名"));
  }

  @Test
  void tooLongTextsAreRejectedByCharacters() throws Exception {
    String row = "RJ,,%s,%s,,,,,,,,,13800138000,,,,,,,,\n";
    String han = "\uD840\uDC0B";
    ImportResult result =
        run(
            HEAD
                + String.format(row, "S1", han.repeat(200))
                + String.format(row, "S2", han.repeat(201)));
    assertThat(site("S1")).containsEntry("name", han.repeat(200));
    assertThat(result.rejects())
        .extracting(ImportResult.Reject::column, reject -> reject.reason().toString())
        .containsExactly(tuple("site_name", "has 201 characters, at most 200"));
  }

  @Test
  void strangeTextsAreStoredAsTheyAre() throws Exception {
    String[] names = {
      "=1+1",
      "=HYPERLINK(\"http://x\",\"y\")",
      "+SUM(A1)",
      "-1+1",
      "@import",
      "a \"quoted\" name",
      "comma, name",
      "O'Brien'; DROP TABLE site; --",
      "${EXTEN}{}$[1+1]",
      "酒店😀𠀋",
      "<script>alert(1)</script>",
      "%0d%0a&|()"
    };
    StringBuilder csv = new StringBuilder(HEAD);
    for (int i = 0; i < names.length; i++) {
      csv.append("RJ,,N" + i + ",\"" + names[i].replace("\"", "\"\"") + "\",,,,,,\"a\nb\",,,")
          .append("13800138000,,,,,,,\"r\r\n" + names[i].replace("\"", "\"\"") + "\",\n");
    }
    assertThat(run(csv.toString()).added()).isEqualTo(names.length);
    for (int i = 0; i < names.length; i++) {
      assertThat(site("N" + i))
          .containsEntry("name", names[i])
          .containsEntry("address", "a\nb")
          .containsEntry("remark", "r\r\n" + names[i]);
    }
    assertThat(run(csv.toString()).unchanged()).isEqualTo(names.length);
  }

  @Test
  void rejectsAreSafeForSpreadsheetsAndCanBeImportedAgain() throws Exception {
    run(HEAD + "RJ,,S9,=1+1,brass,,,,,,,,+8613800138000,,,,,,,,\n");
    String returned = rejects.toString(StandardCharsets.UTF_8);
    assertThat(returned).contains(",'=1+1,").contains(",+8613800138000,");
    assertThat(run(returned.replace("brass", "gold")).added()).isEqualTo(1);
    assertThat(site("S9")).containsEntry("name", "=1+1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          chain_code,site_code,site_nam,phone1\\nRJ,S,n,13800138000\\n | line 1: unknown column 'site_nam'; nearest: site_name. the column site_name is missing
          chain_code,site_code,site_name,phone1,phone1\\n             | line 1: the column phone1 is twice
          RJ,S,n,13800138000\\n                                       | line 1: the first line must name the columns
          chain_code;site_code;site_name;phone1\\n                    | line 1: the first line must name the columns
          ``                                                          | the file is empty
          \\n\\n                                                      | the file is empty
          chain_code,site_code,site_name,phone1\\nRJ,"S,n,1\\nRJ,S2,n,13800138000\\n | line 2: a quote is opened and never closed
          chain_code,site_code,site_name,phone1\\nRJ,S,n,13800138000\\nRJ,"S"2,n,1\\n | is not CSV
          """)
  void aFileThatIsWrongAsAWholeChangesNothing(String csv, String message) {
    assertThatThrownBy(() -> run(csv.replace("\\n", "\n")))
        .isInstanceOf(ImportRefused.class)
        .hasMessageContaining(message);
    assertThat(count("customer")).isZero();
    assertThat(rejects.size()).isZero();
  }

  @Test
  void otherEncodingsAreRefusedWithTheByte() {
    byte[] latin =
        (HEAD + GOOD.replace("南京路店", "Caf\u00e9 x")).getBytes(StandardCharsets.ISO_8859_1);
    latin[latin.length - 2] = (byte) 0xFF;
    assertThatThrownBy(() -> run(latin, false))
        .isInstanceOf(ImportRefused.class)
        .hasMessageMatching(
            "the file is neither UTF-8 \\(wrong at byte \\d+\\) nor GBK \\(wrong at byte \\d+\\).*");
    assertThatThrownBy(() -> run((HEAD + GOOD).getBytes(StandardCharsets.UTF_16), false))
        .hasMessageContaining("UTF-8 (wrong at byte 0)");
    byte[] cut = (HEAD + GOOD).getBytes(StandardCharsets.UTF_8);
    byte[] broken = java.util.Arrays.copyOf(cut, HEAD.length() + 4);
    assertThatThrownBy(() -> run(broken, false))
        .isInstanceOf(ImportRefused.class)
        .hasMessageContaining("UTF-8 (wrong at byte " + (HEAD.length() + 3) + ")");
    assertThat(count("customer")).isZero();
  }

  @Test
  void aHugeFileIsRefusedWithoutBeingHeldInMemory() {
    byte[] row = GOOD.getBytes(StandardCharsets.UTF_8);
    InputStream endless =
        new InputStream() {
          private long given;

          @Override
          public int read() {
            return given++ < 100L << 20 ? row[(int) (given % row.length)] : -1;
          }
        };
    assertThatThrownBy(
            () ->
                new DataImport(database, 8 << 20)
                    .sites(endless, "big.csv", false, rejects, language))
        .isInstanceOf(ImportRefused.class)
        .hasMessageContaining("larger than 8 MB");
    assertThatThrownBy(
            () ->
                run(HEAD + "RJ,,S1,\"" + "x".repeat(1 << 20) + "\",,,,,,,,,13800138000,,,,,,,,\n"))
        .isInstanceOf(ImportRefused.class)
        .hasMessageContaining("is not CSV");
    assertThat(count("customer")).isZero();
  }

  @Test
  void columnsThatAreMissingLeaveWhatIsStored() throws Exception {
    run(HEAD + GOOD);
    String narrow = "phone1,site_name,site_code,chain_code\n021 5888 1234,新店,S1,RJ\n";
    assertThat(run(narrow).changed()).isEqualTo(1);
    assertThat(site("S1"))
        .containsEntry("name", "新店")
        .containsEntry("tier_code", "gold")
        .containsEntry("x1", "801")
        .containsEntry("model", "HP-3")
        .containsEntry("region", "EAST");
    assertThat(run(narrow).unchanged()).isEqualTo(1);
  }

  @Test
  void aFileSetsDoNotCallButNeverTakesItBack() throws Exception {
    run(HEAD + GOOD);
    database.jdbi().useHandle(h -> h.execute("UPDATE site SET do_not_call = TRUE"));
    assertThat(run(HEAD + GOOD).unchanged()).isEqualTo(1);
    assertThat(site("S1")).containsEntry("dnc", true);
    for (String yes : List.of("yes", "1", "TRUE", "是")) {
      empty();
      run(HEAD + GOOD.replace(",no\n", "," + yes + "\n"));
      assertThat(site("S1")).as(yes).containsEntry("dnc", true);
    }
  }

  @Test
  void codesAreExactAndAChainHasTheBestTierOfItsSites() throws Exception {
    String csv =
        HEAD + GOOD + GOOD.replace("S1", "s1").replace("gold", "") + GOOD.replace("RJ", "rj");
    assertThat(run(csv).added()).isEqualTo(3);
    assertThat(count("customer")).isEqualTo(2);
    assertThat(run(csv).unchanged()).isEqualTo(3);
    run(HEAD + GOOD.replace("S1", "S4").replace("gold", "platinum"));
    String tier =
        database
            .jdbi()
            .withHandle(
                h ->
                    h.createQuery("SELECT tier_code FROM customer WHERE code = 'RJ'")
                        .mapTo(String.class)
                        .one());
    assertThat(tier).isEqualTo("platinum");
  }

  /** As many as need several batches. */
  @Test
  void aFileOfManyBatchesGoesInWhole() throws Exception {
    int rows = 2_600;
    StringBuilder csv = new StringBuilder(HEAD);
    for (int i = 0; i < rows; i++) {
      csv.append(
          String.format(
              "C%d,,S%d,酒店%d,gold,hotel,R%d,上海,上海,南京路%d号,王,经理,021-5%07d,801,138%08d,HP-3,SN%d,2025-03-31,Z,备注,no\n",
              i % 7, i, i, i % 6, i, i, i, i));
    }
    byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
    assertThat(run(bytes, false).added()).isEqualTo(rows);
    assertThat(run(bytes, false).unchanged()).isEqualTo(rows);
    assertThat(count("site")).isEqualTo(rows);
    assertThat(count("phone")).isEqualTo(2L * rows);
  }
}
