package org.careline.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.careline.agent.AgentNumber;
import org.careline.callback.Seed;
import org.careline.database.Database;
import org.careline.database.DatabaseUnusable;
import org.careline.harness.FreePorts;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the call path knows without asking: from MySQL, or from the file while MySQL is away. */
class ReferenceSnapshotTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final Duration QUICK = Duration.ofMillis(50);
  private static final String OWN = "+8613800138001";
  private static final String TWO_SITES = "+8613800138002";
  private static final String TWO_CHAINS = "+8613800138003";

  @TempDir Path folder;
  private Path file;

  @BeforeAll
  static void seed() {
    mysql
        .database()
        .jdbi()
        .useTransaction(
            handle -> {
              long one = Seed.customer(handle, "one");
              long two = Seed.customer(handle, "two");
              Seed.site(handle, one, null, "a", "gold", OWN, TWO_SITES);
              Seed.site(handle, one, null, "b", "silver", TWO_SITES, TWO_CHAINS);
              Seed.site(handle, two, null, "c", "standard", TWO_CHAINS, TWO_CHAINS);
            });
  }

  @BeforeEach
  void file() {
    file = folder.resolve("state/reference.bin");
  }

  private ReferenceSnapshot snapshot(Database database) {
    return new ReferenceSnapshot(database.dataSource(), file, QUICK);
  }

  /** A database that does not answer. */
  private static Database away(FreePorts.Range range) {
    return new Database("jdbc:mysql://127.0.0.1:" + range.ports().mysql() + "/none", "u", "p", 1);
  }

  @Test
  void aNumberOfSeveralSitesNamesNoSiteAndOneOfSeveralChainsNobody() {
    try (ReferenceSnapshot snapshot = snapshot(mysql.database())) {
      snapshot.start();
      assertKnown(snapshot);
      assertThat(snapshot.current().numberCount()).isEqualTo(3);
    }
  }

  private static void assertKnown(ReferenceSnapshot snapshot) {
    NumberOwner own = ((NumberOwner.Known) snapshot.find(OWN).orElseThrow()).owner();
    assertThat(own.site().orElseThrow().code()).isEqualTo("a");
    assertThat(own.tierCode()).isEqualTo("gold");
    NumberOwner shared = ((NumberOwner.Known) snapshot.find(TWO_SITES).orElseThrow()).owner();
    assertThat(shared.site()).isEmpty();
    assertThat(shared.customer().code()).isEqualTo("one");
    assertThat(shared.tierCode()).as("the best of the chain's").isEqualTo("gold");
    NumberOwner.Shared several = (NumberOwner.Shared) snapshot.find(TWO_CHAINS).orElseThrow();
    assertThat(several.candidates())
        .extracting(NumberOwner.Customer::code)
        .containsExactly("one", "two");
    assertThat(snapshot.find("+8613800138999")).isEmpty();
    assertThat(snapshot.find("not a number")).isEmpty();
  }

  @Test
  void aChangeIsSeenWhenTheRevisionRisesAndIsKeptInTheFile() throws IOException {
    List<Long> told = new CopyOnWriteArrayList<>();
    try (ReferenceSnapshot snapshot = snapshot(mysql.database())) {
      snapshot.onChange(data -> told.add(data.revision()));
      snapshot.start();
      long before = snapshot.current().revision();
      mysql
          .database()
          .jdbi()
          .useTransaction(
              handle -> {
                handle.execute("UPDATE site SET tier_code = 'platinum' WHERE code = 'a'");
                handle.execute("UPDATE revision SET number = number + 1");
              });
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> snapshot.current().revision() == before + 1);
      assertThat(tier(snapshot)).isEqualTo("platinum");
      await().until(() -> told.contains(before + 1));
      // on a busy machine it may have begun from the file: then the first reading is told too
      assertThat(told).containsOnlyOnce(before + 1);
      assertThat(ReferenceFile.read(file).revision()).isEqualTo(before + 1);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    } finally {
      mysql
          .database()
          .jdbi()
          .useHandle(
              handle -> handle.execute("UPDATE site SET tier_code = 'gold' WHERE code = 'a'"));
    }
  }

  private static String tier(ReferenceSnapshot snapshot) {
    return ((NumberOwner.Known) snapshot.find(OWN).orElseThrow()).owner().tierCode();
  }

  @Test
  void withoutMySqlTheFileServesAndAFirstStartSaysWhatIsMissing() {
    try (FreePorts.Range range = FreePorts.range();
        Database none = away(range)) {
      try (ReferenceSnapshot first = snapshot(none)) {
        assertThatThrownBy(first::start)
            .isInstanceOf(DatabaseUnusable.class)
            .hasMessageContaining("the first start needs MySQL");
      }
      try (ReferenceSnapshot snapshot = snapshot(mysql.database())) {
        snapshot.start();
        assertThat(snapshot.servingFromFile()).isFalse();
      }
      try (ReferenceSnapshot snapshot = snapshot(none)) {
        snapshot.start();
        assertThat(snapshot.servingFromFile()).isTrue();
        assertThat(snapshot.trouble()).isPresent();
        assertKnown(snapshot);
      }
    }
  }

  /** One wrong byte anywhere, or an end that is missing, and the file is not believed. */
  @Test
  void aDamagedFileIsNotBelievedAndReplacedWhenMySqlIsThere() throws IOException {
    try (ReferenceSnapshot snapshot = snapshot(mysql.database())) {
      snapshot.start();
    }
    byte[] good = Files.readAllBytes(file);
    List<byte[]> damaged = new ArrayList<>();
    for (int at = 0; at < good.length; at++) {
      byte[] wrong = good.clone();
      wrong[at] ^= 0x10;
      damaged.add(wrong);
    }
    for (int length : new int[] {0, 7, 8, 16, good.length / 2, good.length - 1}) {
      damaged.add(Arrays.copyOf(good, length));
    }
    damaged.add(Arrays.copyOf(good, good.length + 1));
    for (byte[] wrong : damaged) {
      Files.write(file, wrong);
      assertThatThrownBy(() -> ReferenceFile.read(file)).isInstanceOf(IOException.class);
    }
    try (FreePorts.Range range = FreePorts.range();
        Database none = away(range);
        ReferenceSnapshot snapshot = snapshot(none)) {
      assertThatThrownBy(snapshot::start)
          .isInstanceOf(DatabaseUnusable.class)
          .hasMessageContaining("cannot be read")
          .hasMessageContaining("checksum");
    }
    try (ReferenceSnapshot snapshot = snapshot(mysql.database())) {
      snapshot.start();
      assertKnown(snapshot);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(good);
  }

  @Test
  void aFileThatCannotBeWrittenKeepsNobodyFromServing() throws IOException {
    Files.createDirectories(file.resolve("in-the-way"));
    try (ReferenceSnapshot snapshot = snapshot(mysql.database())) {
      snapshot.start();
      assertKnown(snapshot);
    }
  }

  /** Half a million sites with two numbers each, as they lie in memory and on the disk. */
  @Test
  void aMillionNumbersTakeLittleMemory() throws IOException {
    int sites = 500_000;
    long before = used();
    ReferenceData data = many(sites);
    long megabytes = (used() - before) >> 20;
    assertThat(data.numberCount()).isEqualTo(2 * sites);
    assertThat(megabytes).as("MB of a million numbers").isLessThan(110);

    ReferenceFile.write(file(sites), data);
    assertThat(Files.size(file) >> 20).as("MB on disk").isLessThan(60);
    ReferenceData read = ReferenceFile.read(file);
    for (int i = 0; i < sites; i += 9_973) {
      for (int n = 0; n < 2; n++) {
        assertThat(read.find(number(i, n))).isPresent().isEqualTo(data.find(number(i, n)));
      }
    }
  }

  private Path file(int sites) {
    return file = folder.resolve("reference-" + sites + ".bin");
  }

  /** A saved policy, a manager and a leave are seen without loading the sites again. */
  @Test
  void whatDecidesOnCallersIsLoadedByItselfAndKeptInTheFile() throws IOException {
    try (ReferenceSnapshot snapshot = snapshot(mysql.database())) {
      snapshot.start();
      long revision = snapshot.current().revision();
      assertThat(snapshot.current().routing().policy("").version()).isEqualTo(1);
      mysql
          .database()
          .jdbi()
          .useTransaction(
              handle -> {
                handle.execute(
                    "INSERT INTO policy (code, version, document, saved_by, saved_at) SELECT code,"
                        + " 2, document, 'x', saved_at FROM policy WHERE code = 'default'");
                handle.execute(
                    "INSERT INTO policy (code, version, document, saved_by, saved_at) VALUES"
                        + " ('broken', 1, '{}', 'x', UTC_TIMESTAMP(3))");
                for (String agent : List.of("8101", "8102")) {
                  handle.execute(
                      "INSERT INTO user_account (login, name, password_hash, roles, agent_number)"
                          + " VALUES (?, ?, '', 'agent', ?)",
                      "m" + agent,
                      "m" + agent,
                      agent);
                }
                handle.execute(
                    "INSERT INTO account_manager (name, login, deputy_login, mobile) VALUES ('Liu"
                        + " Qian', 'm8101', 'm8102', '+8613800000001')");
                handle.execute(
                    "INSERT INTO agent_leave (login, from_at, to_at) VALUES ('m8101', '2026-01-01',"
                        + " '2099-01-01')");
                handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'routing'");
              });
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> snapshot.current().routing().policy("").version() == 2);
      assertThat(snapshot.current().revision()).as("the rest stays").isEqualTo(revision);
      await().until(() -> ReferenceFile.read(file).routing().policy("").version() == 2);
      for (ReferenceData data : List.of(snapshot.current(), ReferenceFile.read(file))) {
        RoutingData routing = data.routing();
        assertThat(routing.policies()).as("a broken one is left out").hasSize(1);
        assertThat(routing.policy("nobody knows it").code()).isEqualTo("default");
        AccountManager manager = routing.manager("Liu Qian").orElseThrow();
        assertThat(manager.deputy()).hasValue(new AgentNumber("8102"));
        assertThat(manager.mobile()).hasValue("+8613800000001");
        AgentNumber agent = manager.agent().orElseThrow();
        assertThat(routing.leave(agent, Instant.parse("2026-06-01T00:00:00Z"))).isPresent();
        assertThat(routing.leave(agent, Instant.parse("2099-01-01T00:00:00Z"))).isEmpty();
        assertThat(routing.nextChange(Instant.parse("2026-06-01T00:00:00Z")))
            .hasValue(Instant.parse("2099-01-01T00:00:00Z"));
      }
    } finally {
      mysql
          .database()
          .jdbi()
          .useHandle(
              handle -> handle.execute("DELETE FROM policy WHERE version = 2 OR code = 'broken'"));
    }
  }

  @Test
  void aSiteHasItsOwnAccountManagerElseItsCustomers() throws IOException {
    mysql
        .database()
        .jdbi()
        .useTransaction(
            handle -> {
              handle.execute("UPDATE customer SET account_manager = 'Zhou' WHERE code = 'one'");
              handle.execute("UPDATE site SET account_manager = 'Liu Qian' WHERE code = 'a'");
            });
    try (ReferenceSnapshot snapshot = snapshot(mysql.database())) {
      snapshot.start();
      NumberOwner owner = ((NumberOwner.Known) snapshot.find(OWN).orElseThrow()).owner();
      Long customer = owner.customer().id();
      Long site = owner.site().orElseThrow().id();
      for (ReferenceData data : List.of(snapshot.current(), ReferenceFile.read(file))) {
        assertThat(data.managerName(customer, site)).hasValue("Liu Qian");
        assertThat(data.managerName(customer, site + 1)).hasValue("Zhou");
        assertThat(data.managerName(customer, null)).hasValue("Zhou");
        assertThat(data.managerName(null, null)).isEmpty();
        assertThat(data.managerName(customer + 1, site + 2)).isEmpty();
      }
    }
  }

  /** Bound and blocked numbers are there at once, without the sites being loaded again. */
  @Test
  void boundAndBlockedNumbersAreTakenUpAtOnceAndKeptInTheFile() throws Exception {
    String bound = "+8613800138077";
    try (ReferenceSnapshot snapshot = snapshot(mysql.database())) {
      snapshot.start();
      NumberOwner owner = ((NumberOwner.Known) snapshot.find(OWN).orElseThrow()).owner();
      assertThat(snapshot.find(bound)).isEmpty();
      assertThat(snapshot.blocked(bound)).isFalse();
      mysql
          .database()
          .jdbi()
          .useTransaction(
              handle -> {
                String insert =
                    "INSERT INTO known_number (e164, customer_id, site_id, source, bound_by,"
                        + " bound_at) VALUES (?, ?, ?, 'call', 'li', UTC_TIMESTAMP(3))";
                handle.execute(insert, bound, owner.customer().id(), owner.site().get().id());
                handle.execute(insert, TWO_CHAINS, owner.customer().id(), null);
                handle.execute(insert, OWN, owner.customer().id(), null);
                handle.execute(
                    "INSERT INTO blocked_number (e164, reason, until_at, blocked_by, blocked_at)"
                        + " VALUES (?, 'rude', ?, 'li', UTC_TIMESTAMP(3)),"
                        + " (?, 'rude', '2020-01-01', 'li', UTC_TIMESTAMP(3))",
                    bound,
                    "2099-01-01",
                    TWO_SITES);
                handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'callers'");
              });
      snapshot.refreshCallers();
      for (NumberOwner.Book book : List.of(snapshot, ReferenceFile.read(file))) {
        assertThat(book.find(bound)).contains(new NumberOwner.Known(owner));
        assertThat(((NumberOwner.Shared) book.find(TWO_CHAINS).orElseThrow()).candidates())
            .hasSize(2);
        assertThat(((NumberOwner.Known) book.find(OWN).orElseThrow()).owner().site())
            .as("also the whole customer's")
            .isEmpty();
      }
      for (ReferenceData data : List.of(snapshot.current(), ReferenceFile.read(file))) {
        assertThat(data.blocked(bound, Instant.parse("2098-12-31T00:00:00Z"))).isTrue();
        assertThat(data.blocked(bound, Instant.parse("2099-01-01T00:00:00Z"))).isFalse();
      }
      assertThat(snapshot.blocked(TWO_SITES)).as("its time is over").isFalse();
    } finally {
      mysql
          .database()
          .jdbi()
          .useTransaction(
              handle -> {
                handle.execute("DELETE FROM known_number");
                handle.execute("DELETE FROM blocked_number");
                handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'callers'");
              });
    }
  }

  /** What can be typed on a telephone's keys, and what it means. */
  @Test
  void codesAreTypedWithDigitsAndOnTheKeysOfTheirLetters() {
    NumberOwner.Customer rose = new NumberOwner.Customer(1, "RJ", "Rose", "gold");
    NumberOwner.Customer moon = new NumberOwner.Customer(2, "MT-2", "Moon", "standard");
    NumberOwner.Customer china = new NumberOwner.Customer(3, "瑞嘉", "Ruijia", "standard");
    PackedTexts.Builder codes = new PackedTexts.Builder();
    PackedTexts.Builder names = new PackedTexts.Builder();
    for (String code : List.of("0001", "0002", "0001", "SH.01", "7S-01", "门店1", "0003")) {
      codes.add(code);
      names.add("site " + code);
    }
    ReferenceData.Sites sites =
        new ReferenceData.Sites(
            new long[] {11, 12, 13, 14, 15, 16, 17},
            new int[] {0, 0, 1, 0, 0, 2, 2},
            new short[7],
            codes.build(),
            names.build());
    ReferenceData data =
        new ReferenceData(
            1,
            List.of(new ReferenceData.Tier("standard", "Standard", "普通", 100, 1, 1)),
            Map.of(),
            List.of(),
            List.of(),
            List.of(rose, moon, china),
            sites,
            new NumberMap(1),
            Map.of(),
            new ReferenceData.Managers(List.of(), new int[7], new int[3]),
            RoutingData.NONE,
            CallerData.NONE);
    assertThat(code(data, "0002")).isEqualTo("RJ/0002");
    assertThat(code(data, "0001")).as("of two customers").isEqualTo("nobody");
    assertThat(code(data, "750001")).isEqualTo("RJ/0001");
    assertThat(code(data, "75*0001")).isEqualTo("RJ/0001");
    assertThat(code(data, "6820001")).isEqualTo("MT-2/0001");
    assertThat(code(data, "0001", moon)).isEqualTo("MT-2/0001");
    assertThat(code(data, "75")).isEqualTo("RJ");
    assertThat(code(data, "7401")).isEqualTo("RJ/SH.01");
    assertThat(code(data, "7701")).isEqualTo("RJ/7S-01");
    assertThat(code(data, "0003")).isEqualTo("瑞嘉/0003");
    for (String none : List.of("", "1", "001", "75000", "*", "9".repeat(18), "7500010", "x")) {
      assertThat(code(data, none)).as(none).isEqualTo("nobody");
    }
  }

  private static String code(
      NumberOwner.Book book, String typed, NumberOwner.Customer... candidates) {
    Set<NumberOwner.Customer> allowed = Set.of(candidates);
    return NumberOwner.together(
            book.code(typed).stream()
                .filter(owner -> allowed.isEmpty() || allowed.contains(owner.customer()))
                .toList())
        .map(
            owner ->
                owner.customer().code() + owner.site().map(site -> "/" + site.code()).orElse(""))
        .orElse("nobody");
  }

  private static ReferenceData many(int count) {
    long[] ids = new long[count];
    int[] customers = new int[count];
    short[] tiers = new short[count];
    PackedTexts.Builder codes = new PackedTexts.Builder();
    PackedTexts.Builder names = new PackedTexts.Builder();
    NumberMap numbers = new NumberMap(count);
    Map<Long, int[]> shared = new HashMap<>();
    for (int i = 0; i < count; i++) {
      ids[i] = i + 1;
      codes.add("S" + i);
      names.add("瑞嘉酒店上海虹桥路" + i + "号店");
    }
    ReferenceData.Sites sites =
        new ReferenceData.Sites(ids, customers, tiers, codes.build(), names.build());
    for (int i = 0; i < count; i++) {
      for (int n = 0; n < 2; n++) {
        ReferenceData.add(numbers, shared, sites, NumberMap.key(number(i, n)), i);
      }
    }
    return new ReferenceData(
        1,
        List.of(new ReferenceData.Tier("standard", "Standard", "普通", 100, 1, 1)),
        Map.of(),
        List.of(),
        List.of(),
        List.of(new NumberOwner.Customer(1, "RJ", "Ruijia", "standard")),
        sites,
        numbers,
        shared,
        new ReferenceData.Managers(List.of("刘倩"), new int[count], new int[1]),
        RoutingData.NONE,
        CallerData.NONE);
  }

  private static String number(int site, int n) {
    return String.format("+861%d%08d", 38 + n, site);
  }

  /** Bytes that are reachable; the collector is asked until it frees no more. */
  private static long used() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
