package org.careline.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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

    for (RoundReport report : java.util.List.of(rj, mt)) {
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
  }
}
