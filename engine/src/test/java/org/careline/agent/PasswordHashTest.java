package org.careline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "          ",
        "short",
        "aaaaaaaaaaaa",
        "1212121212",
        "password12",
        "Password2026!",
        "1234567890",
        "8023-li.lei-8023",
        "careline2026"
      })
  void weakOnesAreRefused(String password) {
    assertThat(PasswordHash.weakness("li.lei", password)).isPresent();
  }

  @Test
  void goodOnesAreNot() {
    assertThat(PasswordHash.weakness("li.lei", "correct-horse-7")).isEmpty();
    assertThat(PasswordHash.weakness("li.lei", "热水器很好用今天是好日子")).isEmpty();
    String generated = PasswordHash.generate();
    assertThat(PasswordHash.weakness("li.lei", generated)).isEmpty();
    assertThat(generated).hasSize(16).isNotEqualTo(PasswordHash.generate());
  }

  @Test
  void matchesOnlyItself() {
    String hash = PasswordHash.of("correct-horse-7");
    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(PasswordHash.matches("correct-horse-7", hash)).isTrue();
    assertThat(PasswordHash.matches("correct-horse-8", hash)).isFalse();
    assertThat(PasswordHash.matches("correct-horse-7", "!")).isFalse();
  }
}
