package org.careline.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.careline.local.Prompts;
import picocli.CommandLine.Command;

/**
 * Speaks what is new and takes over what was recorded, as each start does; a running instance plays
 * it from then on. Prints one line per prompt: language, name, spoken or recorded, new or same.
 */
@Command(name = "prompts")
final class PromptsCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    Instance instance = Instance.load();
    List<Prompts.Prompt> prompts =
        Prompts.prepare(
            Prompts.folder(instance.configuration(), instance.home()),
            instance.configuration().prompts(),
            System.err::println);
    for (Prompts.Prompt prompt : prompts) {
      System.out.println(
          String.join(
              "\t",
              prompt.language(),
              prompt.name(),
              prompt.recorded() ? "recorded" : "spoken",
              prompt.changed() ? "new" : "same"));
    }
    return 0;
  }
}
