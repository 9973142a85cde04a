package org.careline.call;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A process that journals as fast as it can and notes each acknowledgement, until it is killed.
 * Arguments: journal, file of acknowledgements.
 */
final class JournalChild {
  private JournalChild() {}

  public static void main(String[] arguments) throws Exception {
    Journal journal = new Journal(Path.of(arguments[0]), InstantSource.system());
    FileOutputStream acknowledged = new FileOutputStream(arguments[1], true);
    for (int t = 0; t < 4; t++) {
      int thread = t;
      Thread.ofPlatform()
          .start(
              () -> {
                CompletableFuture<?> last = CompletableFuture.completedFuture(null);
                for (int i = 0; ; i++) {
                  String key = "t" + thread + "-" + i;
                  last =
                      journal
                          .appendDurably("call", key, Map.of("text", key.repeat(20)))
                          .thenAccept(seq -> note(acknowledged, seq + " " + key + "\n"));
                  if (i % 16 == 0) {
                    last.join();
                  }
                }
              });
    }
  }

  private static void note(FileOutputStream file, String line) {
    try {
      file.write(line.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
