package org.careline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.careline.harness.TestAsterisk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentVoicesTest {
  @TempDir Path folder;

  @Test
  void aNumberIsItsWordsInTheirOrderForEachLanguage() throws Exception {
    Path prompts = TestAsterisk.prompts();
    try (AgentVoices voices = new AgentVoices(prompts, folder)) {
      voices.speak(Set.of("zh", "en"), List.of("8023", "801"));
      for (String language : List.of("zh", "en")) {
        Path file = folder.resolve(language + "/8023.wav");
        await().until(() -> Files.isRegularFile(file));
        long words = 0;
        for (String name :
            List.of("agent-before", "digit-8", "digit-0", "digit-2", "digit-3", "agent-after")) {
          words += Files.size(prompts.resolve(language + "/" + name + ".wav")) - 44;
        }
        assertThat(Files.size(file)).isEqualTo(44 + words);
        assertThat(PhoneSound.flaw(file)).isEmpty();
        await().until(() -> Files.isRegularFile(folder.resolve(language + "/801.wav")));
      }
    }
  }
}
