package org.careline.asterisk;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.asteriskjava.manager.action.OriginateAction;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestOutside;
import org.careline.local.Ports;
import org.careline.telephony.Admissions;
import org.careline.telephony.Arrival;
import org.careline.telephony.Heard;
import org.careline.telephony.Step;
import org.careline.telephony.Telephony.Accepted;
import org.careline.telephony.TelephonyEvent;
import org.careline.telephony.TelephonyEvent.ContactChanged;

/** A real Asterisk, the outside world and our adapter, with scripted decisions. */
final class LiveSwitch implements AutoCloseable {
  final TestAsterisk asterisk;
  final TestOutside outside;
  final AmiLink engine;
  final AmiLink credentials;
  final AmiLink callers;
  final AsteriskTelephony telephony;
  final AsteriskState state;
  final SoftphoneCredentials phones;
  final AgiEntry agi;
  final List<TelephonyEvent> events = new CopyOnWriteArrayList<>();
  final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  final List<Heard> heard = new CopyOnWriteArrayList<>();
  volatile Function<Arrival, Step> admit = arrival -> new Step.Wait();
  volatile Function<CallId, Step> route = call -> new Step.Wait();

  /** Instead of {@link #route}, by what the caller did. */
  volatile Function<Heard, Step> answers;

  private final ScheduledExecutorService heart =
      java.util.concurrent.Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("test-heart").factory());

  private ScheduledFuture<?> beating;

  LiveSwitch() throws IOException {
    asterisk = TestAsterisk.start();
    Ports ports = asterisk.ports();
    outside = TestOutside.start(ports);
    engine = link(ports.ami(), "engine", TestAsterisk.ENGINE_SECRET);
    credentials = link(ports.ami(), "cred", TestAsterisk.CRED_SECRET);
    callers = link(ports.outsideAmi(), "outside", TestAsterisk.ENGINE_SECRET);
    Announcements announcements =
        Announcements.in(asterisk.home().resolve("recordings/announcements"));
    telephony = new AsteriskTelephony(engine, "trunk", InstantSource.system(), "", announcements);
    state = new AsteriskState(engine, credentials, InstantSource.system());
    phones =
        new SoftphoneCredentials(
            credentials,
            new SoftphoneCredentials.Media("127.0.0.1", "127.0.0.1"),
            InstantSource.system(),
            events::add);
    agi =
        new AgiEntry(
            "127.0.0.1",
            ports.agi(),
            TestAsterisk.AGI_TOKEN,
            trunk -> List.of("P-Asserted-Identity", "From"),
            new Admissions() {
              @Override
              public Step admit(Arrival arrival) {
                arrivals.add(arrival);
                return admit.apply(arrival);
              }

              @Override
              public Step route(CallId call, String channel, Heard said) {
                heard.add(said);
                return answers == null ? route.apply(call) : answers.apply(said);
              }
            },
            announcements,
            InstantSource.system());
    agi.start();
    await().until(() -> engine.session() > 0 && credentials.session() > 0);
    await().until(() -> callers.session() > 0);
  }

  private AmiLink link(int port, String user, String secret) {
    AmiLink link =
        new AmiLink(
            new AmiLink.Login("127.0.0.1", port, user, secret),
            AmiLink.Timing.usual(),
            InstantSource.system(),
            user.equals("engine") ? events::add : event -> {});
    link.start();
    return link;
  }

  /** Beats until the next test, or until closed. */
  void beat() {
    telephony.beat();
    await().until(() -> beats() > 0);
    beating = heart.scheduleAtFixedRate(telephony::beat, 1, 1, TimeUnit.SECONDS);
  }

  /** The time of the last beat as the switch knows it, in seconds; 0 = none. */
  private long beats() {
    return asterisk
        .cli("dialplan show globals")
        .lines()
        .filter(line -> line.contains("CARELINE_BEAT="))
        .map(line -> Long.parseLong(line.substring(line.indexOf('=') + 1).strip()))
        .findFirst()
        .orElse(0L);
  }

  /** As if it had just been started: no calls, phones, members and beats. */
  void afresh() throws Exception {
    if (beating != null) {
      beating.cancel(false);
    }
    for (String cli :
        List.of("channel request hangup all", "dialplan set global CARELINE_BEAT 0")) {
      asterisk.cli(cli);
    }
    outside.cli("channel request hangup all");
    await()
        .until(
            () ->
                asterisk.cli("core show channels concise").isBlank()
                    && outside.cli("core show channels concise").isBlank());
    for (var member : state.members()) {
      String phone = "PJSIP/" + member.endpoint();
      asterisk.cli("queue remove member " + phone + " from fallback");
    }
    phones.keepOnly(Set.of(), Set.of()).get(10, TimeUnit.SECONDS);
    await().until(() -> beats() == 0 && state.members().isEmpty());
    admit = arrival -> new Step.Wait();
    route = call -> new Step.Wait();
    answers = null;
    events.clear();
    arrivals.clear();
    heard.clear();
  }

  /** A desk phone of the outside world, ready to be rung. */
  AgentNumber agent(int number) throws Exception {
    AgentNumber agent = new AgentNumber("" + number);
    String address = "sip:%d@127.0.0.2:%d".formatted(number, asterisk.ports().outsideSip());
    taken(phones.desk(agent, address));
    await()
        .until(
            () ->
                events.stream()
                    .anyMatch(
                        event ->
                            event instanceof ContactChanged changed
                                && changed.endpoint().equals(agent.endpoint())
                                && changed.reachable()));
    return agent;
  }

  /** A caller of the outside world. */
  void call(String line, String from, int talkSeconds) {
    call(line, from, "", talkSeconds);
  }

  /** One who types these keys, w = half a second, and stays that long after the last. */
  void call(String line, String from, String keys, int talkSeconds) {
    OriginateAction originate = new OriginateAction();
    originate.setChannel("PJSIP/" + line + "@line");
    originate.setCallerId("<" + from + ">");
    originate.setAccount("caller");
    originate.setContext("caller");
    originate.setExten("s");
    originate.setPriority(1);
    originate.setVariables(java.util.Map.of("TALK", "" + talkSeconds, "KEYS", keys));
    originate.setAsync(true);
    callers.send(originate).join();
  }

  <T extends TelephonyEvent> List<T> seen(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  <T extends TelephonyEvent> T first(Class<T> type, java.util.function.Predicate<T> wanted) {
    return await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> seen(type).stream().filter(wanted).findFirst(), java.util.Optional::isPresent)
        .orElseThrow();
  }

  /** Somebody puts the receiver down. */
  void talkEnds(String channel) {
    asterisk.cli("channel request hangup " + channel);
  }

  static void taken(java.util.concurrent.CompletableFuture<Accepted> order)
      throws InterruptedException, ExecutionException, TimeoutException {
    Accepted accepted = order.get(10, TimeUnit.SECONDS);
    if (!accepted.taken()) {
      throw new AssertionError("refused: " + accepted.reason());
    }
  }

  Path recording(String call) {
    return asterisk.home().resolve("recordings").resolve(call + ".raw");
  }

  String log() throws IOException {
    return Files.readString(asterisk.home().resolve("log/messages"), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    heart.shutdownNow();
    agi.close();
    engine.close();
    credentials.close();
    callers.close();
    outside.close();
    asterisk.close();
  }
}
