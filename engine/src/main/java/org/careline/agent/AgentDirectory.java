package org.careline.agent;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Who is an agent, what he can do and which phone he has, as of the newest revision of the
 * reference data. Answers from memory. Thread-safe as its source is.
 */
public final class AgentDirectory {

  /**
   * @param grade 1 junior .. 5 senior
   * @param deskPhone he uses a fixed phone, not the browser's
   */
  public record Profile(
      AgentNumber number, String name, int grade, Set<String> skills, boolean deskPhone) {}

  private final Supplier<? extends List<Profile>> all;
  private final Function<AgentNumber, Optional<Profile>> one;

  public AgentDirectory(
      Supplier<? extends List<Profile>> all, Function<AgentNumber, Optional<Profile>> one) {
    this.all = all;
    this.one = one;
  }

  /** A directory that never changes. */
  public static AgentDirectory of(List<Profile> profiles) {
    Map<AgentNumber, Profile> byNumber =
        profiles.stream().collect(Collectors.toUnmodifiableMap(Profile::number, p -> p));
    return new AgentDirectory(() -> profiles, number -> Optional.ofNullable(byNumber.get(number)));
  }

  public List<Profile> all() {
    return all.get();
  }

  public Optional<Profile> find(AgentNumber number) {
    return one.apply(number);
  }
}
