package org.careline.web;

import java.util.List;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/** Remembers what is ordered about talks. */
final class FakeTalks implements Desks.TalkDesk {
  private final List<String> orders;

  FakeTalks(List<String> orders) {
    this.orders = orders;
  }

  @Override
  public void order(CallId call, Verb verb, Wanted wanted) {
    orders.add(
        verb
            + " "
            + call
            + wanted.agent().map(text -> " agent " + text).orElse("")
            + wanted.line().map(text -> " line " + text).orElse("")
            + wanted.number().map(text -> " number " + text).orElse(""));
  }

  @Override
  public Views.TransferTargets targets() {
    return new Views.TransferTargets(
        List.of(new Views.TransferAgent("8002", "Li", "ready")),
        List.of(new Views.TransferLine("main", "Main", "主线")));
  }

  @Override
  public void extendWrapUp(AgentNumber agent) {
    orders.add("extend " + agent);
  }

  @Override
  public void notReady(AgentNumber agent) {
    orders.add("notReady " + agent);
  }

  @Override
  public void release(AgentNumber agent) {
    orders.add("release " + agent);
  }

  @Override
  public void disposition(CallId call, AgentNumber agent, String code) {
    orders.add("disposition " + call + " " + agent + " " + code);
  }

  @Override
  public List<Views.DispositionView> dispositions() {
    return List.of(new Views.DispositionView("solved", "Solved", "已解决"));
  }

  @Override
  public void saveDispositions(List<Views.DispositionView> wanted) {
    orders.add("dispositions " + wanted.size());
  }
}
