package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Which row decides is tested with the transitions; here, that the documents have the table. */
class EndingsTest {
  @Test
  void theDocumentsHaveTheTableAsItIs() throws IOException {
    assertThat(Files.readString(Path.of("..", "docs", "endings.md"))).contains(Endings.markdown());
  }
}
