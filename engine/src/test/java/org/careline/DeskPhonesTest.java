package org.careline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.careline.agent.AgentNumber;
import org.careline.customer.ReferenceData;
import org.careline.telephony.Phones;
import org.careline.telephony.Telephony.Accepted;
import org.careline.telephony.TelephonyEvent.LinkUp;
import org.junit.jupiter.api.Test;

class DeskPhonesTest {
  private final List<String> orders = new ArrayList<>();
  private List<ReferenceData.Agent> agents = List.of();
  private boolean upToDate;
  private CompletableFuture<Set<AgentNumber>> strays = CompletableFuture.completedFuture(Set.of());
  private CompletableFuture<Accepted> answer =
      CompletableFuture.completedFuture(new Accepted(true, ""));
  private final DeskPhones desks = new DeskPhones(() -> agents, () -> upToDate, new Recorded());

  private static ReferenceData.Agent agent(String number, String address) {
    return new ReferenceData.Agent(
        new AgentNumber(number),
        "u" + number,
        "U",
        "zh",
        1,
        Set.of(),
        Optional.ofNullable(address));
  }

  private List<String> taken() {
    List<String> taken = List.copyOf(orders);
    orders.clear();
    return taken;
  }

  @Test
  void eachIsGivenOnceAgainWhenItChangesAndToEachNewSwitch() {
    agents = List.of(agent("8001", "sip:8001@10.0.0.1:5060"), agent("8002", null));
    desks.give();
    desks.give();
    assertThat(taken()).containsExactly("8001 sip:8001@10.0.0.1:5060");
    agents = List.of(agent("8001", "sip:8001@10.0.0.9:5060"));
    desks.give();
    assertThat(taken()).containsExactly("8001 sip:8001@10.0.0.9:5060");
    desks.on(new LinkUp(Instant.EPOCH, false));
    assertThat(taken()).containsExactly("8001 sip:8001@10.0.0.9:5060");
  }

  @Test
  void anAgentWhoLeftOrTookABrowserLosesIt() {
    agents =
        List.of(agent("8001", "sip:8001@10.0.0.1:5060"), agent("8002", "sip:8002@10.0.0.1:5060"));
    desks.give();
    taken();
    agents = List.of(agent("8002", null));
    desks.give();
    assertThat(taken()).containsExactlyInAnyOrder("8001 removed", "8002 removed");
    desks.give();
    assertThat(taken()).isEmpty();
  }

  @Test
  void whatTheSwitchDidNotTakeIsGivenAgain() {
    agents = List.of(agent("8001", "sip:8001@10.0.0.1:5060"));
    answer = CompletableFuture.failedFuture(new IllegalStateException("no link"));
    desks.give();
    answer = CompletableFuture.completedFuture(new Accepted(true, ""));
    desks.give();
    desks.give();
    assertThat(taken()).hasSize(2);
  }

  @Test
  void whoLeftMeanwhileLosesItOnceTheAccountsAreKnown() {
    agents = List.of(agent("8001", "sip:8001@10.0.0.1:5060"), agent("8002", null));
    desks.on(new LinkUp(Instant.EPOCH, true));
    assertThat(taken()).as("an old copy of the accounts").noneMatch(o -> o.startsWith("keep"));
    upToDate = true;
    strays = CompletableFuture.failedFuture(new IllegalStateException("no link"));
    desks.give();
    assertThat(taken()).containsExactly("keep 8001 8002, desks 8001");
    strays = CompletableFuture.completedFuture(Set.of(new AgentNumber("8009")));
    desks.give();
    assertThat(taken())
        .as("again, because it failed")
        .containsExactly("keep 8001 8002, desks 8001");
    desks.give();
    assertThat(taken()).isEmpty();
    desks.on(new LinkUp(Instant.EPOCH, false));
    assertThat(taken()).contains("keep 8001 8002, desks 8001");
  }

  private final class Recorded implements Phones {
    @Override
    public CompletableFuture<Set<AgentNumber>> keepOnly(
        Set<AgentNumber> known, Set<AgentNumber> given) {
      orders.add("keep " + sorted(known) + ", desks " + sorted(given));
      return strays;
    }

    private static String sorted(Set<AgentNumber> agents) {
      return agents.stream().map(AgentNumber::value).sorted().collect(Collectors.joining(" "));
    }

    @Override
    public CompletableFuture<BrowserPhone> browser(AgentNumber agent) {
      throw new AssertionError("not its business");
    }

    @Override
    public CompletableFuture<Accepted> desk(AgentNumber agent, String address) {
      orders.add(agent + " " + address);
      return answer;
    }

    @Override
    public CompletableFuture<Accepted> revoke(AgentNumber agent) {
      throw new AssertionError("not its business");
    }

    @Override
    public CompletableFuture<Accepted> remove(AgentNumber agent) {
      orders.add(agent + " removed");
      return answer;
    }
  }
}
