package org.careline.callback;

import org.careline.language.Sentence;

/** Who has made a calling rule. The word is what commands and interfaces show. */
public enum RuleSource {
  HOUSE("house rule"),
  CAMPAIGN("campaign"),
  CUSTOMER("customer"),
  SITE("site");

  private final String word;

  RuleSource(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  /** For people. */
  public Sentence sentence() {
    return switch (this) {
      case HOUSE -> Sentence.of("calling.by-house");
      case CAMPAIGN -> Sentence.of("calling.by-campaign");
      case CUSTOMER -> Sentence.of("calling.by-customer");
      case SITE -> Sentence.of("calling.by-site");
    };
  }
}
