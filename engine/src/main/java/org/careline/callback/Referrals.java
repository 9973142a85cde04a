package org.careline.callback;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.DoNotCall;
import org.careline.customer.NumberReader;
import org.careline.customer.PhoneNumber;
import org.careline.language.Sentence;

/**
 * Reads whom somebody has named, as anything from outside: a whole number that may be dialled and
 * that nobody has asked not to be called at. Blocks on MySQL; thread-safe.
 */
public final class Referrals {
  private static final int NAME = 128;
  private static final int ROLE = 64;
  private final DataSource source;
  private final AllowedDestinations allowed;
  private final InstantSource clock;

  public Referrals(DataSource source, AllowedDestinations allowed, InstantSource clock) {
    this.source = source;
    this.allowed = allowed;
    this.clock = clock;
  }

  /** Throws {@link FormRefused}: {@code referral_name, referral_role, referral_number}. */
  public Referral read(String name, String role, String number, boolean next) throws SQLException {
    String named = name.strip();
    if (named.isEmpty() || named.length() > NAME) {
      throw new FormRefused("referral_name", Sentence.of("form.referral-name", NAME));
    }
    if (role.strip().length() > ROLE) {
      throw new FormRefused("referral_role", Sentence.of("form.referral-role", ROLE));
    }
    PhoneNumber read =
        switch (NumberReader.read(number)) {
          case NumberReader.Valid valid -> valid.number();
          case NumberReader.Invalid invalid -> throw refused(invalid.reason());
        };
    Optional<AllowedDestinations.Why> why = allowed.toPerson(PhoneNumber.of(read.e164()));
    if (why.isPresent()) {
      throw refused(
          switch (why.get()) {
            case SHORT -> Sentence.of("form.referral-short");
            case PREMIUM -> Sentence.of("form.referral-premium");
            case NOT_ALLOWED -> Sentence.of("form.referral-not-allowed");
          });
    }
    try (Connection connection = source.getConnection()) {
      if (DoNotCall.forbidsNumber(connection, read.e164(), clock.instant())) {
        throw refused(Sentence.of("form.referral-do-not-call"));
      }
    }
    return new Referral(named, role.strip(), read, next);
  }

  private static FormRefused refused(Sentence reason) {
    return new FormRefused("referral_number", reason);
  }
}
