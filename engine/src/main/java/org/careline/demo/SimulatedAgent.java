package org.careline.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.careline.language.Sentence;

/**
 * An agent who is played: his desk phone stands in the outside world and answers by itself, his
 * hands use the same HTTP interface as the console. He dials when a site is shown to him, fills in
 * the questionnaire while he talks, says how the call went and finishes his after-call work. All of
 * it runs on his own client's thread.
 */
public final class SimulatedAgent implements AutoCloseable {
  private final ConsoleClient console;
  private final String password;
  private final Pace pace;
  private final Function<String, Destiny> destinies;
  private final Consumer<Sentence> story;
  private String dialled = "";
  private String talking = "";
  private String closing = "";
  private String wrappedUp = "";

  /** How long he takes. */
  public record Pace(Duration read, Duration perAnswer, Duration wrapUp) {}

  /**
   * @param destinies from {@code <chain>/<site code>} to what the site will say; null = nobody
   *     staged it
   * @param story told in one line what happens
   */
  public SimulatedAgent(
      URI base,
      String login,
      String password,
      Pace pace,
      Function<String, Destiny> destinies,
      Consumer<Sentence> story) {
    console = new ConsoleClient(base, login);
    this.password = password;
    this.pace = pace;
    this.destinies = destinies;
    this.story = story;
  }

  /** Logs in, announces the desk phone and gets ready. Blocks for a few seconds at most. */
  public void start() {
    console.logIn(password);
    console.post("/softphone", Map.of());
    console.follow(this::hear);
    ready();
  }

  /** Takes no more work; what he has he finishes. */
  public void goHome() {
    console.put("/agents/me/presence", Map.of("wish", "not_ready", "reason", "break"));
  }

  private void ready() {
    console.put("/agents/me/presence", Map.of("wish", "ready", "reason", ""));
  }

  private void hear(JsonNode message) {
    JsonNode work =
        switch (message.path("type").asText()) {
          case "snapshot", "work" -> message.path("work");
          default -> null;
        };
    boolean anew = message.path("type").asText().equals("snapshot");
    if (anew) {
      // the engine is back: what was on its way to it may be lost
      dialled = "";
      talking = "";
      closing = "";
      wrappedUp = "";
    }
    if (work == null || !work.isObject()) {
      return;
    }
    switch (work.path("kind").asText()) {
      case "attempt" -> attempt(work);
      case "call" -> call(work);
      default -> {
        // nothing to do
      }
    }
  }

  private void call(JsonNode work) {
    String id = work.path("callId").asText();
    if (work.path("state").asText().equals("after_call_work") && !id.equals(wrappedUp)) {
      wrappedUp = id;
      console.later(pace.wrapUp(), () -> console.post("/agents/me/wrap-up/end", Map.of()));
    }
  }

  private void attempt(JsonNode work) {
    String id = work.path("attemptId").asText();
    switch (work.path("state").asText()) {
      case "inserted" -> {
        if (work.path("mode").asText().equals("preview") && !id.equals(dialled)) {
          dialled = id;
          console.later(pace.read(), () -> console.post("/attempts/" + id + "/dial", Map.of()));
        }
      }
      case "talking" -> {
        if (!id.equals(talking)) {
          talking = id;
          talk(id, work);
        }
      }
      case "ended" -> {
        if (!id.equals(closing)) {
          closing = id;
          // what he had no time to write down, or was lost on its way to the engine
          answers(id, destiny(work));
          console.later(pace.wrapUp(), () -> close(id, work));
        }
      }
      default -> {
        // ringing and dialling: he waits
      }
    }
  }

  private Destiny destiny(JsonNode work) {
    JsonNode site = work.path("site");
    return destinies.apply(
        site.path("customer").path("code").asText(site.path("customer").asText())
            + "/"
            + site.path("code").asText());
  }

  /** One question after the other, as he hears the answers; then he says goodbye. */
  private void talk(String id, JsonNode work) {
    Destiny destiny = destiny(work);
    if (destiny == null || destiny.contact() != Destiny.Contact.ANSWERS) {
      console.later(pace.perAnswer(), () -> console.post("/attempts/" + id + "/hang-up", Map.of()));
      return;
    }
    Duration at = Duration.ZERO;
    for (Map.Entry<String, Object> answer : answers(destiny).entrySet()) {
      at = at.plus(pace.perAnswer());
      console.later(at, () -> answer(id, answer));
    }
    console.later(
        at.plus(pace.perAnswer()), () -> console.post("/attempts/" + id + "/hang-up", Map.of()));
  }

  /** All at once: he knows them already. */
  private void answers(String id, Destiny destiny) {
    if (destiny != null && destiny.contact() == Destiny.Contact.ANSWERS) {
      answers(destiny).entrySet().forEach(each -> answer(id, each));
    }
  }

  private void answer(String id, Map.Entry<String, Object> answer) {
    console.put("/attempts/" + id + "/answers", Map.of(answer.getKey(), answer.getValue()));
  }

  private static Map<String, Object> answers(Destiny destiny) {
    Map<String, Object> answers = new LinkedHashMap<>();
    answers.put("fault", destiny.fault() ? "yes" : "no");
    if (destiny.fault()) {
      answers.put("fault_solved", destiny.solved() ? "yes" : "no");
    }
    answers.put("hidden_danger", destiny.hiddenDanger() ? "yes" : "no");
    answers.put("satisfaction", String.valueOf(destiny.satisfaction()));
    return answers;
  }

  private void close(String id, JsonNode work) {
    Destiny destiny = destiny(work);
    String disposition =
        destiny == null || destiny.contact() != Destiny.Contact.ANSWERS
            ? "refused_this_round"
            : "completed";
    String note = disposition.equals("completed") ? "" : "does not want to take part this time";
    console.post(
        "/attempts/" + id + "/disposition", Map.of("disposition", disposition, "note", note));
    Sentence line =
        Sentence.plain(
            console.login() + "\t" + work.path("site").path("code").asText() + "\t" + disposition);
    if (destiny != null && destiny.fault()) {
      line =
          Sentence.joined(
              "\t",
              List.of(
                  line,
                  destiny.solved()
                      ? Sentence.of("demo.fault")
                      : Sentence.of("demo.fault-unresolved")));
    }
    story.accept(line);
  }

  @Override
  public void close() {
    console.close();
  }
}
