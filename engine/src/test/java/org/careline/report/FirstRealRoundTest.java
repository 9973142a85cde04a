package org.careline.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.careline.callback.FaultState;
import org.careline.callback.FirstRealRound;
import org.careline.harness.MySqlExtension;
import org.careline.report.RoundReport.Share;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The figures of the first real round, through the real services. */
class FirstRealRoundTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  @Test
  void reproducesTheFigures(@TempDir Path folder) throws Exception {
    FirstRealRound staged = new FirstRealRound(mysql.database(), folder);
    RoundReport rj = staged.run(FirstRealRound.RJ);
    RoundReport mt = staged.run(FirstRealRound.MT);

    assertThat(rj.sitesLoaded()).isEqualTo(108);
    assertThat(rj.bins())
        .containsOnly(
            java.util.Map.entry("completed", 100),
            java.util.Map.entry("not_reached", 6),
            java.util.Map.entry("refused_this_round", 2));
    assertThat(rj.faults()).isEqualTo(new Share(27, 100));
    assertThat(rj.unresolved()).isEqualTo(new Share(11, 100));
    assertThat(rj.satisfied()).isEqualTo(new Share(85, 100));
    assertThat(rj.responseRate()).isEqualTo(0.9259);

    assertThat(mt.sitesLoaded()).isEqualTo(92);
    assertThat(mt.bins())
        .containsOnly(
            java.util.Map.entry("completed", 85),
            java.util.Map.entry("not_reached", 6),
            java.util.Map.entry("refused_this_round", 1));
    assertThat(mt.faults()).isEqualTo(new Share(19, 85));
    assertThat(mt.unresolved()).isEqualTo(new Share(8, 85));
    assertThat(mt.satisfied()).isEqualTo(new Share(73, 85));

    // 100 completed and 2 refused were spoken to, 6 were not; nobody is left open
    RoundEffort effort = rj.effort();
    assertThat(effort.cooperation()).isEqualTo(new Share(100, 102));
    assertThat(effort.refusal()).isEqualTo(new Share(2, 108));
    assertThat(effort.contact()).isEqualTo(new Share(102, 108));
    assertThat(effort.contacted()).isEqualTo(new Share(102, 108));
    assertThat(effort.tried()).isEqualTo(new Share(108, 108));
    assertThat(effort.satisfactionUnanswered()).isZero();
    assertThat(effort.notReached()).hasSize(6).doesNotHaveDuplicates();
    // 102 answered, 20 of them (3, 8, ... 98) on the second call; 6 silent ones, 6 calls each
    assertThat(effort.connected()).isEqualTo(new Share(102, 158));
    assertThat(effort.attempts()).isEqualTo(158);
    assertThat(effort.attemptsPerCompleted()).isEqualTo(1.58);
    // 86 answered, 17 of them (3, 8, ... 83) on the second call; 6 silent ones: 139 / 85
    assertThat(mt.effort().connected()).isEqualTo(new Share(86, 139));
    assertThat(mt.effort().attemptsPerCompleted()).isEqualTo(1.64);
    assertThat(mt.effort().cooperation()).isEqualTo(new Share(85, 86));
    assertThat(mt.effort().refusal()).isEqualTo(new Share(1, 92));
    assertThat(mt.effort().contact()).isEqualTo(new Share(86, 92));

    for (RoundReport report : List.of(rj, mt)) {
      assertThat(report.bins().values().stream().mapToInt(n -> n).sum())
          .isEqualTo(report.sitesLoaded());
      assertThat(report.regions()).hasSize(4);
      assertThat(report.regions().stream().mapToInt(RoundReport.Region::sitesLoaded).sum())
          .isEqualTo(report.sitesLoaded());
      assertThat(report.regions().stream().mapToInt(region -> region.faults().n()).sum())
          .isEqualTo(report.faults().n());
      assertThat(report.regions().getLast().responseRate()).as("a small region").isNull();
    }
    staged.assertRules();
    // of the even sites, which have a device each: heard 0-98, fault 0-26, unresolved 0-10
    assertThat(rj.devices())
        .isEqualTo(
            new RoundReport.Devices(
                54, new Share(14, 50), new Share(6, 50), new Share(6, 14), new Share(0, 14)));
    assertThat(rj.unresolvedOfFaults()).isEqualTo(new Share(11, 27));
    assertThat(mt.unresolvedOfFaults()).isEqualTo(new Share(8, 19));
    assertThat(rj.sources()).isEqualTo(new RoundReport.Sources(27, 0, 0));
    assertThat(rj.agents()).hasSize(1);
    assertThat(rj.agents().getFirst().completed()).isEqualTo(new Share(100, 108));
    assertThat(rj.agents().getFirst().connected()).isEqualTo(new Share(102, 158));
    assertThat(rj.regions().stream().mapToInt(region -> region.effort().attempts()).sum())
        .isEqualTo(158);
    // 90 days before the opening and its own: 27 of 100 sites in 91 days
    assertThat(rj.period().days()).isEqualTo(91);
    assertThat(rj.period().faultsPer100SiteMonths()).isEqualTo(9.0309);
    String text = RoundReportText.english(rj, staged.heading(FirstRealRound.RJ));
    assertThat(text)
        .contains("11 of 27 sites with a fault")
        .contains("Sites not reached: 6 of 108 sites loaded")
        .contains("1.58 (attempts / completed)")
        .contains(rj.effort().notReached().getFirst().code())
        .contains("11 of 100 sites that answered")
        .contains("sum of bins 108 = sites loaded 108");
    assertThat(RoundReportText.chinese(mt, staged.heading(FirstRealRound.MT)))
        .contains("8/19")
        .contains("未联系上的门店：6/92")
        .contains("8/85");
    secondRound(staged);
    secondRoundOfTheOtherChain(staged);
  }

  private static void secondRoundOfTheOtherChain(FirstRealRound staged) throws Exception {
    RoundReport second = staged.second(FirstRealRound.MT);
    assertThat(second.sitesLoaded()).isEqualTo(93);
    assertThat(second.bins())
        .containsOnly(
            java.util.Map.entry("completed", 89),
            java.util.Map.entry("not_reached", 2),
            java.util.Map.entry("refused_this_round", 2));
    Transitions seen =
        new RoundComparison(mysql.database().jdbi(), java.time.InstantSource.system())
            .compare("mt", 1, "mt", 2);
    assertThat(seen.sites().cells())
        .as("none, hidden danger, resolved, unresolved, not heard, not listed")
        .isEqualTo(
            List.of(
                List.of(48, 6, 5, 4, 2, 1),
                List.of(0, 0, 0, 0, 0, 0),
                List.of(4, 0, 3, 3, 1, 0),
                List.of(4, 0, 0, 4, 0, 0),
                List.of(1, 0, 2, 0, 1, 3),
                List.of(5, 0, 0, 0, 0, 0)));
    assertThat(seen.sites().sum()).as("92 and 5 new ones").isEqualTo(97);
    assertThat(seen.from().faults()).isEqualTo(new Share(19, 85));
    assertThat(seen.from().unresolved()).isEqualTo(new Share(8, 85));
    assertThat(seen.to().faults()).isEqualTo(new Share(21, 89));
    assertThat(seen.groups())
        .containsEntry("new_fault", 9)
        .containsEntry("fixed", 4)
        .containsEntry("still_unresolved", 4)
        .containsEntry("repeat", 6)
        .containsEntry("new_site", 5)
        .containsEntry("gone", 4);
  }

  /** Each staged change is in its cell, and every site of both lists in one. */
  private static void secondRound(FirstRealRound staged) throws Exception {
    RoundReport second = staged.second(FirstRealRound.RJ);
    assertThat(second.sitesLoaded()).isEqualTo(109);
    assertThat(second.bins())
        .containsOnly(
            java.util.Map.entry("completed", 105),
            java.util.Map.entry("not_reached", 2),
            java.util.Map.entry("refused_this_round", 2));
    // asked since the first round was opened: shorter than the 91 days of that one
    assertThat(second.period().from()).isEqualTo("2026-11-23");
    assertThat(second.period().days()).isEqualTo(22);
    RoundComparison comparison =
        new RoundComparison(mysql.database().jdbi(), java.time.InstantSource.system());
    Transitions seen = comparison.compare("rj", 1, "rj", 2);
    assertThat(seen.sites().cells())
        .as("none, hidden danger, resolved, unresolved, not heard, not listed")
        .isEqualTo(
            List.of(
                List.of(55, 6, 5, 4, 2, 1),
                List.of(0, 0, 0, 0, 0, 0),
                List.of(12, 0, 1, 3, 0, 0),
                List.of(4, 0, 2, 4, 1, 0),
                List.of(2, 0, 2, 0, 1, 3),
                List.of(5, 0, 0, 0, 0, 0)));
    assertThat(seen.sites().sum()).as("108 and 5 new ones").isEqualTo(113);
    assertThat(seen.groups())
        .containsEntry("new_fault", 9)
        .containsEntry("fixed", 6)
        .containsEntry("still_unresolved", 4)
        .containsEntry("repeat", 4)
        .containsEntry("silent_this_time", 3)
        .containsEntry("still_silent", 1)
        .containsEntry("heard_again", 4)
        .containsEntry("new_site", 5)
        .containsEntry("gone", 4)
        .containsEntry("well", 73);
    assertThat(seen.content().sum()).isEqualTo(113);
    // 0, 10, ..., 84 gave 4 or 5, those from 85 on 3; now every tenth gives 2
    assertThat(seen.content().cells().get(0).get(1)).as("0, 20, ... 80 but 10").isEqualTo(8);
    assertThat(seen.content().cells().get(1).get(0)).as("85 to 98 but 90").isEqualTo(13);
    assertThat(seen.devices().sum()).as("even ones; new sites have none").isEqualTo(54);
    assertThat(seen.devices().cells().get(3)).as("0 to 10").isEqualTo(List.of(2, 0, 1, 2, 1, 0));
    assertThat(seen.sameLength()).isFalse();
    assertThat(seen.broken()).isEmpty();
    assertThat(seen.from().unheard())
        .isEqualTo(java.util.Map.of("not_reached", 6, "refused_this_round", 2));
    assertThat(seen.from().responseRate()).isEqualTo(new Share(100, 108));
    assertThat(TransitionsText.of(seen, java.util.Locale.ENGLISH))
        .contains("sum 113 = on the earlier list 108 + on the later list 109 - on both 104")
        .contains("per 100 site-months 9.03")
        .contains("compare faults per 100 site-months");
    assertThat(TransitionsText.of(seen, java.util.Locale.CHINESE)).contains("合计 113");
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  "INSERT INTO questionnaire (code, version, definition) SELECT code, 2,"
                      + " REPLACE(definition, 'Any fault?', 'Any fault at all?')"
                      + " FROM questionnaire WHERE code = 'standard'");
              handle.execute("UPDATE round SET questionnaire_version = 2 WHERE number = 2");
            });
    assertThat(comparison.compare("rj", 1, "rj", 2).broken())
        .as("asked in other words: a break")
        .containsExactly("fault");
    long first = id(1);
    List<String> fixed = new java.util.ArrayList<>();
    RoundSites.each(
        mysql.database().jdbi(),
        id(2),
        new RoundSites.Filter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(FaultState.NONE),
            Optional.empty(),
            Optional.of(new RoundSites.Other(first, Optional.of(FaultState.UNRESOLVED)))),
        new RoundSites.Order(RoundSites.Sort.CODE, true),
        site -> fixed.add(site.code()));
    assertThat(fixed).as("the sites of a cell, sorted").containsExactly("rj7", "rj6", "rj5", "rj4");
  }

  private static long id(int round) {
    return mysql
        .database()
        .jdbi()
        .withHandle(
            handle ->
                new org.careline.callback.RoundRepository()
                    .find(handle, "rj", round)
                    .orElseThrow()
                    .id());
  }
}
