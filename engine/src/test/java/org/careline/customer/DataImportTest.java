package org.careline.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.careline.database.Database;
import org.careline.harness.MySqlExtension;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files of all kinds, in, out and in again. */
class DataImportTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  private static final String SITES =
      """
      chain_code,chain_name,site_code,site_name,contact_name,contact_role,phone1,device_model,device_serial
      RJ,瑞居,S1,南京路店,王,经理,021-58881234转801,HP-3,SN1
      RJ,瑞居,S2,静安店,王,经理,021-58881234转801,HP-3,SN2
      RJ,瑞居,S3,虹桥店,李,店长,13800138003,,
      """;

  private Database database;
  private ChangeHistory history;

  @BeforeEach
  void empty() throws Exception {
    database = mysql.database();
    history = new ChangeHistory(database.jdbi());
    database
        .jdbi()
        .useHandle(
            h -> {
              for (String table :
                  List.of(
                      "change_history",
                      "column_mapping",
                      "do_not_call_number",
                      "visit",
                      "device",
                      "phone",
                      "contact",
                      "site",
                      "region",
                      "customer")) {
                h.execute("DELETE FROM " + table);
              }
            });
    run(FileKind.SITES, SITES);
  }

  private ImportResult run(FileKind kind, String csv) throws Exception {
    return run(kind, csv.getBytes(StandardCharsets.UTF_8), false, false, null, Map.of());
  }

  private ImportResult run(
      FileKind kind,
      byte[] file,
      boolean dryRun,
      boolean fullList,
      String customer,
      Map<String, String> heads)
      throws Exception {
    return new DataImport(database, 8 << 20)
        .run(
            new DataImport.Order(
                kind,
                "f.csv",
                dryRun,
                fullList,
                Optional.ofNullable(customer),
                heads,
                Locale.ENGLISH,
                "li",
                (done, all) -> {}),
            new ByteArrayInputStream(file),
            OutputStream.nullOutputStream());
  }

  /** Three of ten: the good ones go in, each bad one is told with line, column and reason. */
  @Test
  void aListWithThirtyPercentBadRowsAndExtensionsWithLetters() throws Exception {
    StringBuilder file =
        new StringBuilder("chain_code,site_codes,contact_name,contact_role,phone1,ext1\n");
    for (int i = 0; i < 10; i++) {
      String number = i == 3 ? "110" : "021-5888123" + i;
      String extension = i == 6 || i == 9 ? "80a" : "801";
      file.append("RJ,S1,王" + i + ",,").append(number).append(',').append(extension).append('\n');
    }
    byte[] bytes = file.toString().getBytes(StandardCharsets.UTF_8);
    for (Locale language : List.of(Locale.ENGLISH, Locale.CHINESE)) {
      ByteArrayOutputStream back = new ByteArrayOutputStream();
      ImportResult result =
          new DataImport(database, 8 << 20)
              .run(
                  DataImport.Order.of(FileKind.CONTACTS, "f.csv", true, language),
                  new ByteArrayInputStream(bytes),
                  back);
      assertThat(counts(result)).isEqualTo(tuple(7L, 0L, 0L, 3L));
      assertThat(result.rejects())
          .extracting(ImportResult.Reject::line, ImportResult.Reject::column)
          .containsExactly(tuple(5L, "phone1"), tuple(8L, "ext1"), tuple(11L, "ext1"));
      String told =
          language.equals(Locale.ENGLISH) ? "an extension has 1 to 8 digits" : "分机号应为 1 至 8 位数字";
      assertThat(result.rejects().get(1).reason().in(language)).contains(told);
      assertThat(back.toString(StandardCharsets.UTF_8)).contains(told, "80a", "110");
    }
  }

  /** A refusal is kept as long whichever way it came. */
  @Test
  void aRefusalThatCameByFileIsKeptSixMonths() throws Exception {
    run(FileKind.DO_NOT_CALL, "chain_code,site_code,reason\nRJ,S1,refused\n");
    run(
        FileKind.SITES,
        "chain_code,site_code,site_name,phone1,do_not_call\n"
            + "RJ,S2,静安店,021-58881234转801,yes\n"
            + "RJ,S4,新店,13800138004,yes\nRJ,S40,旧店,13800138005,\n");
    database
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "UPDATE change_history SET at = '2030-03-01' + INTERVAL"
                        + " IF(name LIKE '%/S40 %', 40, 0) DAY"));
    InstantSource sameDay = () -> Instant.parse("2030-03-01T09:00:00Z");
    CallGrounds grounds = new CallGrounds(database.jdbi(), sameDay);
    for (String site : List.of("S1", "S2", "S4")) {
      CallGrounds.Place place = new CallGrounds.Place("RJ", site);
      CallGrounds.Standing listed = grounds.site(place);
      assertThat(listed.earliest()).as(site).isEqualTo("2030-09-01");
      assertThatThrownBy(() -> grounds.free(place, "mistake", "", listed.version(), "boss"))
          .as(site)
          .isInstanceOf(CallersRefused.class);
    }
    run(FileKind.DO_NOT_CALL, "chain_code,site_code,reason,until\nRJ,S4,refused,2031-01-01\n");
    assertThat(grounds.site(new CallGrounds.Place("RJ", "S4")).earliest())
        .as("a file that lists it for another time says so anew")
        .isNotEqualTo(LocalDate.parse("2030-09-01"));
  }

  /** Whoever reads slowly keeps nobody from the database. */
  @Test
  void anExportHoldsNoConnectionWhileItWrites() throws Exception {
    HikariPoolMXBean pool = ((HikariDataSource) database.dataSource()).getHikariPoolMXBean();
    List<Integer> held = new ArrayList<>();
    OutputStream reader =
        new OutputStream() {
          @Override
          public void write(int b) {
            held.add(pool.getActiveConnections());
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            held.add(pool.getActiveConnections());
          }
        };
    int before = pool.getActiveConnections();
    for (TableWriter.Format format : TableWriter.Format.values()) {
      new DataExport(database).write(FileKind.SITES, Optional.empty(), format, reader);
    }
    assertThat(held).isNotEmpty().containsOnly(before);
  }

  @Test
  void aVisitIsOfTheFutureByTheClockThatWasGiven() throws Exception {
    byte[] visits =
        "chain_code,site_code,kind,done_on\nRJ,S1,visit,2026-01-02\n"
            .getBytes(StandardCharsets.UTF_8);
    DataImport.Order order = DataImport.Order.of(FileKind.VISITS, "f.csv", true, Locale.CHINESE);
    for (Map.Entry<String, Long> day :
        Map.of("2026-01-01T15:59:59Z", 1L, "2026-01-01T16:00:00Z", 0L).entrySet()) {
      ImportResult result =
          new DataImport(database, 8 << 20, InstantSource.fixed(Instant.parse(day.getKey())))
              .run(order, new ByteArrayInputStream(visits), OutputStream.nullOutputStream());
      assertThat(result.rejected()).as(day.getKey()).isEqualTo(day.getValue());
    }
  }

  private byte[] export(FileKind kind, TableWriter.Format format) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new DataExport(database).write(kind, Optional.empty(), format, out);
    return out.toByteArray();
  }

  private <T> List<T> query(Class<T> type, String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(type).list());
  }

  private static Tuple counts(ImportResult result) {
    return tuple(result.added(), result.changed(), result.unchanged(), result.rejected());
  }

  private static List<String> reasons(ImportResult result) {
    return result.rejects().stream()
        .map(reject -> reject.line() + " " + reject.column() + ": " + reject.reason())
        .toList();
  }

  @Test
  void aContactAnswersForAllSitesThatHaveHimAndFollowsHisOwnRow() throws Exception {
    assertThat(query(Long.class, "SELECT COUNT(*) FROM contact")).containsExactly(2L);
    assertThat(run(FileKind.SITES, SITES).unchanged()).isEqualTo(3);
    run(FileKind.SITES, SITES.replaceFirst("王,经理", "赵,经理"));
    assertThat(
            query(
                String.class,
                "SELECT c.name FROM site_contact sc JOIN contact c ON c.id = sc.contact_id"
                    + " JOIN site s ON s.id = sc.site_id ORDER BY s.code"))
        .as("what is said of one site is not said of the other")
        .containsExactly("赵", "王", "李");
    run(FileKind.SITES, SITES);
    assertThat(query(Long.class, "SELECT COUNT(*) FROM contact")).containsExactly(2L);

    String contacts =
        """
        chain_code,site_codes,contact_code,contact_name,contact_role,phone1,ext1,phone2,phone3
        RJ,S1；S3,W-1,王,区域经理,021-58881234,801,13900139000,13900139001
        RJ,S2,,周,工程师,13700137000,,,
        RJ,S9,,吴,,13700137001,,,
        XX,S1,,吴,,13700137001,,,
        RJ,S2,,周,,13700137000,,,
        RJ,S1,,郑,,13700137009,,,13700137008
        RJ,S1,,冯,,13700137009,801,,
        RJ,S1,C999999,陈,,13700137007,,,
        """;
    ImportResult first = run(FileKind.CONTACTS, contacts);
    assertThat(counts(first)).isEqualTo(tuple(1L, 1L, 0L, 6L));
    assertThat(first.duplicates()).isEqualTo(1);
    assertThat(reasons(first))
        .containsExactly(
            "4 site_codes: the customer has no site S9; import his sites first or correct the code",
            "5 chain_code: there is no customer XX; import him or his sites first",
            "6 contact_name: stands already in line 3; put all his sites into one row, separated"
                + " by ;",
            "7 phone3: stands before phone2 is filled in; leave no gap",
            "8 ext1: a mobile number has no extension",
            "9 contact_code: no contact of this customer has this number of ours; leave the cell"
                + " empty for a new one");
    assertThat(counts(run(FileKind.CONTACTS, contacts))).isEqualTo(tuple(0L, 0L, 2L, 6L));
    assertThat(
            query(
                String.class,
                "SELECT CONCAT(s.code, ' ', c.name, ' ', p.position, ' ', p.e164, p.extension)"
                    + " FROM site s JOIN site_contact sc ON sc.site_id = s.id"
                    + " JOIN contact c ON c.id = sc.contact_id"
                    + " JOIN phone p ON p.contact_id = c.id"
                    + " ORDER BY s.code, sc.position, p.position"))
        .containsExactly(
            "S1 王 1 +862158881234801",
            "S1 王 2 +8613900139000",
            "S1 王 3 +8613900139001",
            "S2 周 1 +8613700137000",
            "S3 李 1 +8613800138003",
            "S3 王 1 +862158881234801",
            "S3 王 2 +8613900139000",
            "S3 王 3 +8613900139001");
    assertThat(history.read("RJ", Optional.empty(), Optional.empty(), 50))
        .extracting(
            ChangeHistory.Entry::by,
            ChangeHistory.Entry::what,
            ChangeHistory.Entry::field,
            ChangeHistory.Entry::former,
            ChangeHistory.Entry::value)
        .contains(
            tuple("li", "contacts", "contact_role", "经理", "区域经理"),
            tuple("li", "contacts", "site_codes", "S1;S2", "S1;S3"),
            tuple("li", "contacts", "phone2", "", "+8613900139000"),
            tuple("li", "contacts", "", "", ""));
  }

  @Test
  void devicesVisitsAndGroundsGoInOnceAndComeOutAsTheyWent() throws Exception {
    String devices =
        """
        chain_code,site_code,device_model,device_serial,install_date,warranty_until
        RJ,S1,HP-4,SN1,2025/3/1,2027-03-01
        RJ,S1,HP-9,,,
        RJ,S3,HP-3,SN3,2025-03-01,2024-03-01
        RJ,S1,HP-8,SN1,,
        """;
    ImportResult device = run(FileKind.DEVICES, devices);
    assertThat(counts(device)).isEqualTo(tuple(1L, 1L, 0L, 2L));
    assertThat(device.details())
        .contains(
            new ImportResult.Detail(
                2,
                ImportResult.What.CHANGED,
                "RJ/S1 HP-4 SN1",
                List.of(
                    new ImportResult.Field("device_model", "HP-3", "HP-4"),
                    new ImportResult.Field("install_date", "", "2025-03-01"),
                    new ImportResult.Field("warranty_until", "", "2027-03-01"))));
    LocalDate tomorrow = LocalDate.now().plusDays(2);
    String visits =
        """
        chain_code,site_code,kind,done_on,reference,device_serial,done_by,fault_code,note
        RJ,S1,visit,2026-01-05,,,,,
        RJ,S1,repair,2026-02-05,R-7,SN1,张,E4,=1+1
        RJ,S1,repairs,2026-02-05,,,,,
        RJ,S1,visit,%s,,,,,
        """
            .formatted(tomorrow);
    ImportResult visit = run(FileKind.VISITS, visits);
    assertThat(counts(visit)).isEqualTo(tuple(2L, 0L, 0L, 2L));
    assertThat(reasons(visit))
        .containsExactly(
            "4 kind: is none of the known words; nearest: repair; known: visit, repair,"
                + " installation, hand_over, acceptance",
            "5 done_on: is in the future; only what is done goes in");
    assertThat(counts(run(FileKind.VISITS, visits.replace("R-7,SN1,张", "R-7,SN1,陈"))))
        .isEqualTo(tuple(0L, 1L, 1L, 2L));
    ImportResult ground =
        run(
            FileKind.CONSENT,
            """
            chain_code,consent_basis,consent_until,consent_evidence
            RJ,contract,2030-12-31,合同 2026-7
            MT,contract,2030-12-31,
            """);
    assertThat(counts(ground)).isEqualTo(tuple(0L, 1L, 0L, 1L));
    assertThat(
            counts(
                run(
                    FileKind.CUSTOMERS,
                    """
                    chain_code,chain_name,customer_kind,contract_terms,account_manager,consent_basis,consent_until
                    RJ,,key_account,"年度
                    服务",ZHANG,contract,2031-12-31
                    MT,满堂,other,,,request,2030-12-31
                    """)))
        .isEqualTo(tuple(1L, 1L, 0L, 0L));
    String doNotCall =
        """
        chain_code,site_code,phone,reason,until,evidence
        RJ,S3,,停业装修,2026-12-31,通话 7
        ,,13800138003,asked,,
        RJ,S1,13800138003,both,,
        RJ,S1,,,,
        """;
    ImportResult refused = run(FileKind.DO_NOT_CALL, doNotCall);
    assertThat(counts(refused)).isEqualTo(tuple(2L, 0L, 0L, 2L));
    assertThat(
            query(
                String.class,
                "SELECT CONCAT_WS(' ', do_not_call, do_not_call_reason, do_not_call_until)"
                    + " FROM site WHERE code = 'S3'"))
        .containsExactly("1 停业装修 2026-12-31");
    aRoster();
    for (FileKind kind : FileKind.ALL) {
      for (TableWriter.Format format : TableWriter.Format.values()) {
        ImportResult again = run(kind, export(kind, format), false, false, null, Map.of());
        assertThat(reasons(again)).as(kind.key() + " " + format).isEmpty();
        assertThat(again.added() + again.changed()).as(kind.key() + " " + format).isZero();
        assertThat(again.unchanged()).as(kind.key() + " " + format).isPositive();
      }
    }
    assertThat(new String(export(FileKind.VISITS, TableWriter.Format.CSV), StandardCharsets.UTF_8))
        .contains(",陈,E4,'=1+1");
  }

  private void aRoster() throws Exception {
    database
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "INSERT IGNORE INTO user_account (login, name, password_hash, roles, agent_number)"
                        + " VALUES ('ros', 'Ros', 'x', 'agent', '8077')"));
    String roster =
        """
        agent,date,from,to
        8077,2026-12-01,9:00,12:00
        8077,2026/12/1,13:00,24:00
        8077,2026-12-01,11:30,13:30
        8077,2026-12-01,23:00,22:00
        7999,2026-12-01,09:00,12:00
        8077,2026-13-01,09:00,12:00
        8077,2026-12-02,25:00,26:00
        8077,2026-12-01,09:00,10:00
        """;
    ImportResult result = run(FileKind.ROSTER, roster);
    assertThat(counts(result)).isEqualTo(tuple(2L, 0L, 0L, 6L));
    assertThat(reasons(result))
        .containsExactly(
            "4 from: overlaps with the shift of 8077 on 2026-12-01 from 09:00 to 12:00",
            "5 to: the shift ends at 22:00, not after it begins at 23:00; one that passes midnight"
                + " is two shifts",
            "6 agent: no active agent has the number 7999",
            "7 date: is not a date such as 2026-03-31",
            "8 from: is not a time such as 09:30; to: is not a time such as 09:30",
            "9 from: stands already in line 2; keep one of the two rows");
    String later = "agent,date,from,to\n8077,2026-12-01,09:00,12:30\n8077,2026-12-01,08:00,09:30\n";
    ImportResult changed = run(FileKind.ROSTER, later);
    assertThat(counts(changed)).isEqualTo(tuple(0L, 1L, 0L, 1L));
    assertThat(reasons(changed))
        .containsExactly(
            "3 from: overlaps with the shift of 8077 on 2026-12-01 from 09:00 to 12:30");
  }

  @Test
  void aFullListAsksAboutTheSitesItLacks() throws Exception {
    String list =
        SITES.lines().limit(2).reduce("", (a, b) -> a + b + "\n")
            + "RJ,瑞居,S7,虹桥新店,李,店长,13800138003,,\n"
            + "RJ,瑞居,S2,静安店,王,经理,12,HP-3,SN2\n";
    byte[] bytes = list.getBytes(StandardCharsets.UTF_8);
    ImportResult dry = run(FileKind.SITES, bytes, true, true, null, Map.of());
    assertThat(dry.toConfirm()).isEqualTo(1);
    assertThat(query(String.class, "SELECT code FROM site WHERE status <> 'active'")).isEmpty();
    ImportResult full = run(FileKind.SITES, bytes, false, true, null, Map.of());
    assertThat(full.toConfirm()).as("S2 is on the list, if badly").isEqualTo(1);
    assertThat(full.details())
        .filteredOn(detail -> detail.what() == ImportResult.What.TO_CONFIRM)
        .extracting(ImportResult.Detail::name)
        .containsExactly("RJ/S3 虹桥店");
    assertThat(
            query(
                String.class,
                "SELECT CONCAT_WS(' ', code, status, status_reason) FROM site ORDER BY code"))
        .containsExactly("S1 active ", "S2 active ", "S3 to_confirm renamed", "S7 active ");
    assertThat(history.read("RJ", Optional.of("S3"), Optional.empty(), 1))
        .extracting(ChangeHistory.Entry::field, ChangeHistory.Entry::value)
        .containsExactly(tuple("status", "to_confirm"));
    assertThat(run(FileKind.SITES, bytes, false, true, null, Map.of()).toConfirm()).isZero();
    byte[] whole = SITES.getBytes(StandardCharsets.UTF_8);
    assertThat(counts(run(FileKind.SITES, whole, false, true, null, Map.of())))
        .as("it is on the list again")
        .isEqualTo(tuple(0L, 1L, 2L, 0L));
    assertThat(query(String.class, "SELECT status FROM site WHERE code = 'S3'"))
        .containsExactly("active");
    assertThatThrownBy(() -> run(FileKind.DEVICES, whole, false, true, null, Map.of()))
        .hasMessage("only a list of sites can be a full list");
  }

  @Test
  void aCustomersOwnHeadsAreRememberedAndHisFileNeedsNoCode() throws Exception {
    String own = "门店编号,门店,电话,备注2\nS1,南京路店,021-58881234转801,\nS9,新店,13800138009,\n";
    Map<String, String> heads =
        Map.of("门店编号", "site_code", "门店", "site_name", "电话", "phone1", "备注2", "remark");
    byte[] gbk = own.getBytes(Charset.forName("GBK"));
    assertThatThrownBy(() -> run(FileKind.SITES, gbk, false, false, "RJ", Map.of()))
        .isInstanceOf(ImportRefused.class);
    assertThat(counts(run(FileKind.SITES, gbk, false, false, "RJ", heads)))
        .isEqualTo(tuple(1L, 0L, 1L, 0L));
    ColumnMappings mappings = new ColumnMappings(database.jdbi());
    mappings.save("RJ", FileKind.SITES, heads);
    assertThat(counts(run(FileKind.SITES, gbk, false, false, "RJ", Map.of())))
        .isEqualTo(tuple(0L, 0L, 2L, 0L));
    assertThatThrownBy(() -> mappings.save("RJ", FileKind.SITES, Map.of("a", "b")))
        .hasMessageStartingWith("no column b; known: chain_code,");
    assertThatThrownBy(() -> mappings.save("RJ", FileKind.SITES, Map.of("a", "tier", "b", "tier")))
        .hasMessage("the column tier is named twice");
    assertThat(
            reasons(
                run(
                    FileKind.SITES,
                    SITES.replace("RJ,", "MT,").getBytes(StandardCharsets.UTF_8),
                    false,
                    false,
                    "RJ",
                    Map.of())))
        .first()
        .isEqualTo(
            "2 chain_code: the file is RJ's; leave the cell empty or import the row with his own"
                + " file");
  }

  @Test
  void aWorkbookIsReadAsPeopleSeeIt() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Workbook book = new Workbook(out, "x", "1.0")) {
      Worksheet sheet = book.newWorksheet("门店");
      List<String> head =
          List.of(
              "chain_code",
              "site_code",
              "site_name",
              "phone1",
              "device_model",
              "install_date",
              "remark");
      for (int i = 0; i < head.size(); i++) {
        sheet.value(0, i, head.get(i));
      }
      sheet.value(1, 0, "RJ");
      sheet.value(1, 1, 1001);
      sheet.value(1, 2, "表格店");
      sheet.value(1, 3, 13800138011L);
      sheet.value(1, 4, "HP-1");
      sheet.value(1, 5, LocalDate.of(2025, 3, 31));
      sheet.style(1, 5).format("yyyy/m/d").set();
      sheet.value(3, 0, "RJ");
      sheet.value(3, 1, "1002");
      sheet.value(3, 2, "表格二店");
      sheet.value(3, 3, "1");
    }
    ImportResult result = run(FileKind.SITES, out.toByteArray(), false, false, null, Map.of());
    assertThat(counts(result)).isEqualTo(tuple(1L, 0L, 0L, 1L));
    assertThat(reasons(result)).containsExactly("4 phone1: invalid number: too short");
    assertThat(
            query(
                String.class,
                "SELECT CONCAT_WS(' ', s.code, s.name, p.e164, d.install_date) FROM site s"
                    + " JOIN device d ON d.site_id = s.id JOIN site_contact sc ON sc.site_id = s.id"
                    + " JOIN phone p ON p.contact_id = sc.contact_id WHERE s.code = '1001'"))
        .containsExactly("1001 表格店 +8613800138011 2025-03-31");
    byte[] broken = java.util.Arrays.copyOf(out.toByteArray(), 400);
    assertThatThrownBy(() -> run(FileKind.SITES, broken, false, false, null, Map.of()))
        .isInstanceOf(ImportRefused.class)
        .hasMessageContaining("XLSX");
  }

  @Test
  void aSiteUnderAnotherCodeIsPointedOut() throws Exception {
    ImportResult result =
        run(
            FileKind.SITES,
            "chain_code,site_code,site_name,phone1\nRJ,S30,虹桥店,13800138003\n"
                + "RJ,S31,他店,13800138003\n");
    assertThat(result.added()).isEqualTo(2);
    assertThat(result.twins())
        .extracting(ImportResult.Reject::line, twin -> twin.reason().toString())
        .containsExactly(
            tuple(
                2L, "has name and number of the site S3; if it is the same one, correct the code"));
  }
}
