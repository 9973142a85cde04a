package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.harness.CallerAudio;
import org.careline.harness.MySqlExtension;
import org.careline.harness.Sipp;
import org.careline.harness.TestFolders;
import org.careline.local.ChildProcess;
import org.careline.telephony.TelephonyEvent;
import org.careline.telephony.Whispers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A SIPp caller waits on a real Asterisk; what he hears is judged packet by packet. */
class AnnouncementEndToEndTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();
  private static final int PLACE = 2100;
  private static final int COMFORT = 1900;
  private static final int DESK = 1000;
  private static final double VOICE_SECONDS = 6;
  private static LiveHotline live;

  @BeforeAll
  static void start() throws Exception {
    live = new LiveHotline(MYSQL.database(), Map.of("PROMPTS", prompts().toString()));
  }

  @AfterAll
  static void stop() {
    if (live != null) {
      live.close();
    }
  }

  @Test
  void announcedOverHisMusicAndSilentTheMomentAnAgentIsFound() throws Exception {
    live.announceEvery = Duration.ofSeconds(14);
    Path folder = TestFolders.create("caller");
    try (CallerAudio ear = new CallerAudio("127.0.0.2");
        ChildProcess caller = caller(folder, ear)) {
      CallId id = live.in("waiting");
      Instant joined = live.joinedAt(id);
      await().until(() -> ear.loud() > 50);

      // half way: comfort, mixed with the music
      Instant comfort = heard(ear, COMFORT);
      assertThat(Duration.between(joined, comfort)).isBetween(seconds(6.5), seconds(10));
      // once more, as by an engine that has just started: the switch has this name already
      live.whispers
          .whisper(
              id, live.live().getFirst().channel(), new Whispers.Words("zh", List.of("place-next")))
          .join();
      Instant to = comfort.plusSeconds(3);
      await().until(() -> Instant.now().isAfter(to));
      assertThat(ear.loudness(joined.plusSeconds(2), comfort.minusSeconds(1)))
          .as("music before it")
          .isGreaterThan(200);
      double voice = ear.tone(COMFORT, comfort, to);
      double all = ear.loudness(comfort, to);
      assertThat(voice).isGreaterThan(2000);
      assertThat(Math.sqrt(Math.max(0, all * all - voice * voice / 2)))
          .as("music under it")
          .isGreaterThan(100);
      assertThat(live.asterisk.cli("core show channels concise")).contains("whisper-" + id);

      assertThat(ear.tone(PLACE, comfort, to)).as("nothing twice").isLessThan(300);

      // the interval is over: his place
      Instant place = heard(ear, PLACE);
      assertThat(Duration.between(joined, place)).isBetween(seconds(13.5), seconds(18));
      assertThat(live.joinedAt(id)).isEqualTo(joined);
      assertThat(live.asterisk.cli("queue show waitroom")).contains("1. PJSIP/");

      // an agent: the voice is gone before it would have ended by itself
      live.ready("8001");
      assertThat(live.in("talking")).isEqualTo(id);
      await().until(() -> Instant.now().isAfter(place.plusSeconds(7)));
      CallRepository.Story soFar = live.repository.story(id).orElseThrow();
      Instant offered =
          soFar.events().stream()
              .filter(event -> event.kind().equals("offer_made"))
              .findFirst()
              .orElseThrow()
              .at();
      assertThat(offered).as("in the midst of it").isBefore(place.plusSeconds(5));
      assertThat(ear.tone(PLACE, offered.minusMillis(300), offered)).isGreaterThan(2000);
      assertThat(ear.tone(PLACE, offered.plusMillis(250), offered.plusMillis(2000)))
          .isLessThan(300);
      assertThat(ear.tone(DESK, Instant.now().minusSeconds(1), Instant.now())).isGreaterThan(2000);
      live.mailbox.execute(() -> live.hotline.calls().hangUp(id));
      CallRepository.Story story = live.story(id);
      assertThat(story.events().stream().map(CallRepository.Event::kind))
          .as("he never left the waitroom")
          .containsExactly(
              "arrived",
              "recognised",
              "joined",
              "entered_room",
              "offer_made",
              "answered",
              "hung_up");
      await().until(() -> !live.asterisk.cli("core show channels concise").contains("whisper-"));
    } finally {
      live.announceEvery = Duration.ZERO;
      live.notReady("8001");
    }
  }

  /** The key of the waitroom works through the voice; he comes back to his old place. */
  @Test
  void hisKeyStillWorks() throws Exception {
    live.announceEvery = Duration.ofSeconds(10);
    Path folder = TestFolders.create("caller");
    try (CallerAudio ear = new CallerAudio("127.0.0.2");
        ChildProcess caller = caller(folder, ear, "caller-presses-key.xml")) {
      CallId id = live.in("waiting");
      Instant joined = live.joinedAt(id);
      heard(ear, COMFORT);
      assertThat(laps(id)).as("he spoke no key yet").isEqualTo(1);
      await().atMost(Duration.ofSeconds(10)).until(() -> laps(id) == 2);
      assertThat(Duration.between(joined, Instant.now()))
          .as("long before a lap of the waitroom ends by itself")
          .isLessThan(seconds(11));
      assertThat(live.in("waiting")).isEqualTo(id);
      assertThat(live.joinedAt(id)).isEqualTo(joined);
      live.mailbox.execute(() -> live.hotline.calls().hangUp(id));
      live.story(id);
    } finally {
      live.announceEvery = Duration.ZERO;
    }
  }

  private static long laps(CallId id) {
    return live.events.stream()
        .filter(
            event ->
                event instanceof TelephonyEvent.QueueJoined joined
                    && joined.uniqueId().equals(id.value()))
        .count();
  }

  @Test
  void theVoiceEndsWithTheCaller() throws Exception {
    live.announceEvery = Duration.ofSeconds(4);
    Path folder = TestFolders.create("caller");
    try (CallerAudio ear = new CallerAudio("127.0.0.2");
        ChildProcess caller = caller(folder, ear)) {
      CallId id = live.in("waiting");
      heard(ear, COMFORT);
      live.mailbox.execute(() -> live.hotline.calls().hangUp(id));
      await()
          .atMost(Duration.ofSeconds(2))
          .until(() -> !live.asterisk.cli("core show channels concise").contains("whisper-"));
      assertThat(live.story(id).call().outcome()).isEqualTo("short_abandoned");
    } finally {
      live.announceEvery = Duration.ZERO;
    }
  }

  /** The instant from which on the tone is there. */
  private static Instant heard(CallerAudio ear, int hertz) {
    await()
        .atMost(Duration.ofSeconds(25))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> ear.tone(hertz, Instant.now().minusMillis(200), Instant.now()) > 2000);
    return Instant.now().minusMillis(200);
  }

  private static ChildProcess caller(Path folder, CallerAudio ear) throws Exception {
    return caller(folder, ear, "caller-with-audio.xml");
  }

  private static ChildProcess caller(Path folder, CallerAudio ear, String scenario)
      throws Exception {
    return Sipp.start(
        Path.of(AnnouncementEndToEndTest.class.getResource("/sipp/" + scenario).toURI()),
        folder,
        "-s",
        LiveHotline.PLAIN,
        "-i",
        "127.0.0.2",
        "-p",
        "" + live.ports.outsideHttp(),
        "-key",
        "audio_port",
        "" + ear.port(),
        "-m",
        "1",
        "127.0.0.1:" + live.ports.sip());
  }

  private static Path prompts() throws IOException {
    Path folder = Files.createDirectories(TestFolders.create("tones").resolve("zh"));
    for (String name : List.of("place-next", "comfort")) {
      int hertz = name.equals("comfort") ? COMFORT : PLACE;
      int frames = (int) (8000 * VOICE_SECONDS);
      ByteBuffer sound = ByteBuffer.allocate(2 * frames).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < frames; i++) {
        sound.putShort((short) (8000 * Math.sin(2 * Math.PI * hertz * i / 8000)));
      }
      AudioSystem.write(
          new AudioInputStream(
              new ByteArrayInputStream(sound.array()),
              new AudioFormat(8000, 16, 1, true, false),
              frames),
          AudioFileFormat.Type.WAVE,
          folder.resolve(name + ".wav").toFile());
    }
    return folder.getParent();
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (1000 * seconds));
  }
}
