package org.careline.asterisk;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.asteriskjava.manager.action.HangupAction;
import org.asteriskjava.manager.action.ManagerAction;
import org.asteriskjava.manager.action.OriginateAction;
import org.asteriskjava.manager.action.PlayDtmfAction;
import org.asteriskjava.manager.action.QueueAddAction;
import org.asteriskjava.manager.action.QueuePauseAction;
import org.asteriskjava.manager.action.RedirectAction;
import org.asteriskjava.manager.action.SetVarAction;
import org.careline.agent.AgentNumber;
import org.careline.asterisk.Values.Refused;
import org.careline.call.CallId;
import org.careline.telephony.Heartbeat;
import org.careline.telephony.TalkControl;
import org.careline.telephony.Telephony;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our orders as actions of Asterisk's manager interface. Names of contexts and variables are
 * constants of this class; only checked ids, digits and channel names vary. Thread-safe.
 */
public final class AsteriskTelephony implements Telephony, Heartbeat {
  private static final Logger log = LoggerFactory.getLogger(AsteriskTelephony.class);
  private static final Accepted TAKEN = new Accepted(true, "");
  // The switch's session thread sleeps while it plays a key: short keys, gaps kept by us.
  private static final int KEY_MILLIS = 80;
  private static final int KEY_EVERY_MILLIS = 220;
  private static final int REDIRECT_AGAIN_MILLIS = 150;

  private final AmiLink link;
  private final String trunk;
  private final InstantSource clock;
  private final String questions;
  private final Announcements announcements;
  private final Shown shown;

  /** Says what number is shown to somebody outside. Answers from memory. */
  @FunctionalInterface
  public interface Shown {
    /**
     * @param endpoint of the trunk
     * @param wanted digits, or empty: no wish
     * @return digits; empty = none is given
     */
    String on(String endpoint, String wanted);
  }

  /** Answers the dialplan's questions where its files say. */
  public AsteriskTelephony(AmiLink link, String trunk, InstantSource clock) {
    this(link, trunk, clock, "", Announcements.NONE);
  }

  /**
   * @param trunk the endpoint by which sites are dialled
   * @param questions host:port where this engine answers AGI; told to the dialplan with each beat,
   *     so that it asks whoever leads; empty = as the dialplan's files say
   */
  public AsteriskTelephony(
      AmiLink link,
      String trunk,
      InstantSource clock,
      String questions,
      Announcements announcements) {
    this(link, trunk, clock, questions, announcements, (endpoint, wanted) -> wanted);
  }

  /**
   * @param shown asked for every number outside that is dialled
   */
  public AsteriskTelephony(
      AmiLink link,
      String trunk,
      InstantSource clock,
      String questions,
      Announcements announcements,
      Shown shown) {
    if (!questions.matches("([A-Za-z0-9.-]+:[0-9]{1,5})?")) {
      throw new IllegalArgumentException("not host:port: " + questions);
    }
    this.link = link;
    this.trunk = Values.id(trunk);
    this.clock = clock;
    this.questions = questions;
    this.announcements = announcements;
    this.shown = shown;
  }

  @Override
  public CompletableFuture<Accepted> offer(
      String channel, AgentNumber agent, Duration ring, Optional<String> announceIn) {
    return checked(
        () -> {
          String seconds = String.valueOf(Values.ringSeconds(ring));
          // Also where nothing is announced: the agent before him may have been, on another line.
          variable(Values.channel(channel), "CARELINE_ANNOUNCE", announced(agent, announceIn));
          // Same session, same order: the variables are there when the redirect is carried out. The
          // agent too: when the question's guard fires in the same instant, the extension is lost.
          variable(channel, "CARELINE_RING", seconds);
          variable(channel, "CARELINE_AGENT", agent.value());
          return redirect(channel, "careline-offer", agent.value());
        });
  }

  private String announced(AgentNumber agent, Optional<String> announceIn) {
    return announceIn.map(language -> announcements.option(agent, language)).orElse("");
  }

  @Override
  public CompletableFuture<Accepted> external(
      String channel, String number, Duration ring, boolean confirm) {
    return checked(
        () -> {
          String seconds = String.valueOf(Values.ringSeconds(ring));
          variable(Values.channel(channel), "CARELINE_EXTERNAL", Values.number(number));
          variable(channel, "CARELINE_RING", seconds);
          variable(channel, "CARELINE_CONFIRM", confirm ? "1" : "");
          variable(channel, "CARELINE_SHOWN", Values.digits(shown.on(endpoint(channel), "")));
          return redirect(channel, "careline-external", "s");
        });
  }

  @Override
  public CompletableFuture<Accepted> ask(String channel, String stage) {
    return checked(
        () -> {
          variable(Values.channel(channel), "CARELINE_STAGE", Values.id(stage));
          return redirect(channel, "careline-asked", "s");
        });
  }

  /**
   * In the moment between the end of the question's guard and the step after it Asterisk takes a
   * living channel for one that hangs up and refuses; a moment later it knows better.
   */
  private CompletableFuture<Accepted> redirect(String channel, String context, String extension) {
    return order(new RedirectAction(channel, context, extension, 1))
        .thenCompose(
            answer ->
                answer.taken() || !answer.reason().contains("not up")
                    ? unchanged(answer)
                    : unchanged(answer)
                        .thenComposeAsync(
                            again -> order(new RedirectAction(channel, context, extension, 1)),
                            CompletableFuture.delayedExecutor(
                                REDIRECT_AGAIN_MILLIS, TimeUnit.MILLISECONDS)));
  }

  private void variable(String channel, String name, String value) {
    link.send(new SetVarAction(channel, name, value)).exceptionally(e -> null);
  }

  @Override
  public CompletableFuture<Accepted> waitroom(String channel) {
    return checked(() -> redirect(Values.channel(channel), "careline-wait", "s"));
  }

  @Override
  public CompletableFuture<Accepted> callAgent(
      CallId attempt, int n, AgentNumber agent, Duration ring) {
    return checked(
        () -> {
          OriginateAction originate = new OriginateAction();
          originate.setChannel("PJSIP/" + agent.endpoint());
          originate.setChannelId(Values.id(Telephony.agentLeg(attempt, n)));
          originate.setContext("careline-agent");
          // Functions as variables' names put headers on the INVITE; Asterisk 22.10.1 does not run
          // PreDialGoSub of an asynchronous Originate. All names here are constants.
          originate.setVariables(
              Map.of(
                  "CARELINE_CALL",
                  attempt.value(),
                  "PJSIP_HEADER(add,X-Careline-Call)",
                  attempt.value(),
                  "PJSIP_HEADER(add,Call-Info)",
                  "<sip:careline>;answer-after=0",
                  "PJSIP_HEADER(add,Alert-Info)",
                  "<http://careline>;info=alert-autoanswer;delay=0"));
          return originate(originate, attempt, ring);
        });
  }

  @Override
  public CompletableFuture<Accepted> dialSite(
      CallId attempt, String destination, String shownNumber, String agentChannel, Duration ring) {
    return checked(
        () -> {
          OriginateAction originate = new OriginateAction();
          originate.setChannel("PJSIP/" + Values.number(destination) + "@" + trunk);
          originate.setChannelId(attempt.value());
          originate.setContext("careline-callback");
          String number = Values.digits(shown.on(trunk, shownNumber));
          if (!number.isEmpty()) {
            originate.setCallerId("<" + number + ">");
          }
          originate.setVariables(
              Map.of(
                  "CARELINE_CALL",
                  attempt.value(),
                  "CARELINE_AGENT_CHANNEL",
                  Values.channel(agentChannel)));
          return originate(originate, attempt, ring);
        });
  }

  private CompletableFuture<Accepted> originate(
      OriginateAction originate, CallId attempt, Duration ring) {
    originate.setExten("s");
    originate.setPriority(1);
    originate.setAccount(attempt.value());
    originate.setTimeout(Values.ringSeconds(ring) * 1000);
    originate.setAsync(true);
    return order(originate);
  }

  @Override
  public TalkControl talks() {
    return new AsteriskTalk(link, trunk, shown);
  }

  /** The endpoint of a channel such as {@code PJSIP/trunk-00000012}. */
  static String endpoint(String channel) {
    return channel.replaceFirst("^[^/]*/", "").replaceFirst("-[0-9a-f]+$", "");
  }

  @Override
  public CompletableFuture<Accepted> hangUp(String channelOrId) {
    return checked(() -> order(new HangupAction(Values.channel(channelOrId))));
  }

  @Override
  public CompletableFuture<Accepted> listen(CallId attempt, String agentChannel) {
    return checked(
        () -> {
          variable(Values.channel(agentChannel), "CARELINE_SITE", Values.id(attempt.value()));
          return redirect(agentChannel, "careline-listen", "s");
        });
  }

  @Override
  public CompletableFuture<Accepted> sendDigits(String channel, String digits) {
    return checked(
        () -> {
          Values.channel(channel);
          CompletableFuture<Accepted> all = CompletableFuture.completedFuture(TAKEN);
          for (char key : Values.keys(digits).toCharArray()) {
            all = all.thenCompose(before -> before.taken() ? key(channel, key) : unchanged(before));
          }
          return all;
        });
  }

  private CompletableFuture<Accepted> key(String channel, char key) {
    PlayDtmfAction play = new PlayDtmfAction(channel, String.valueOf(key));
    play.setDuration(KEY_MILLIS);
    return order(play)
        .thenApplyAsync(
            answer -> answer,
            CompletableFuture.delayedExecutor(KEY_EVERY_MILLIS, TimeUnit.MILLISECONDS));
  }

  @Override
  public CompletableFuture<Accepted> mirror(AgentNumber agent, boolean ready) {
    return checked(
        () -> {
          String phone = "PJSIP/" + agent.endpoint();
          return order(new QueuePauseAction(phone, "fallback", !ready))
              .thenCompose(
                  answer -> {
                    if (answer.taken() || !answer.reason().contains("not found")) {
                      return unchanged(answer);
                    }
                    // Not a member yet; one who is not ready needs no place.
                    return ready ? order(member(phone)) : unchanged(TAKEN);
                  });
        });
  }

  @Override
  public CompletableFuture<Accepted> standIns(Collection<AgentNumber> agents) {
    String list = agents.stream().map(AgentNumber::value).collect(Collectors.joining("&"));
    return checked(() -> order(new SetVarAction("CARELINE_STAND_INS", list)));
  }

  private static QueueAddAction member(String phone) {
    QueueAddAction add = new QueueAddAction("fallback", phone, 0);
    add.setPaused(false);
    add.setStateInterface(phone);
    return add;
  }

  @Override
  public void beat() {
    // In this order: a fresh beat sends callers to the question.
    if (!questions.isEmpty()) {
      tell("CARELINE_AGI", questions);
    }
    tell("CARELINE_BEAT", String.valueOf(clock.instant().getEpochSecond()));
  }

  /**
   * Leaves in the switch what callers of its fallback queue must hear before they are recorded.
   *
   * @param byNumber number at which calls arrive to prompt with its language, as {@code
   *     zh/recording-notice}; empty = its line has no notice
   */
  public void notices(Map<String, String> byNumber) {
    byNumber.forEach(
        (number, prompt) -> {
          if (number.matches("[0-9]{1,20}") && prompt.matches("([a-z]{2}/[a-z0-9_-]{1,64})?")) {
            tell("CARELINE_NOTICE_" + number, prompt.isEmpty() ? "none" : prompt);
          }
        });
  }

  private void tell(String global, String value) {
    link.send(new SetVarAction(global, value))
        .whenComplete(
            (answer, e) -> {
              if (e != null) {
                log.debug("a word for the dialplan was lost: {}", e.getMessage());
              }
            });
  }

  private CompletableFuture<Accepted> order(ManagerAction action) {
    return link.send(action)
        .thenApply(
            response ->
                "Error".equalsIgnoreCase(response.getResponse())
                    ? new Accepted(false, String.valueOf(response.getMessage()))
                    : TAKEN);
  }

  private static CompletableFuture<Accepted> unchanged(Accepted answer) {
    return CompletableFuture.completedFuture(answer);
  }

  /** A wrong order is an answer, not a failure: it certainly has not been carried out. */
  private static CompletableFuture<Accepted> checked(
      Supplier<CompletableFuture<Accepted>> ordering) {
    try {
      return ordering.get();
    } catch (Refused e) {
      log.warn("an order was refused: {}", e.getMessage());
      return CompletableFuture.completedFuture(new Accepted(false, e.getMessage()));
    }
  }
}
