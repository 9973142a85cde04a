package org.careline.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.careline.language.Sentence;

/**
 * Who is signed in. The id is 256 random bits which only the browser has; here and in the file
 * stands its SHA-256. A session ends when it was silent for {@code idle}, when it is {@code life}
 * old, at sign-out, and when the account is closed or its password changed. Thread-safe.
 */
final class Sessions implements AutoCloseable {
  /** How much later than in memory the file may know that somebody was seen. */
  private static final Duration SAVE_EVERY = Duration.ofMinutes(1);

  private static final int MOST_SESSIONS = 10_000;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> byHash = new ConcurrentHashMap<>();
  private final SessionStore store;
  private final InstantSource clock;
  private final Duration idle;
  private final Duration life;
  private volatile Consumer<Principal> gone = principal -> {};

  Sessions(SessionStore store, InstantSource clock, Duration idle, Duration life) {
    this.store = store;
    this.clock = clock;
    this.idle = idle;
    this.life = life;
    for (Session session : store.load()) {
      if (live(session, clock.instant())) {
        byHash.put(session.idHash(), session);
      } else {
        store.delete(session.idHash());
      }
    }
  }

  /**
   * @param passwordPrint changes with the password; a session with an old one ends
   */
  record Session(
      String idHash, Principal principal, String passwordPrint, Instant beganAt, Instant seenAt) {

    Session seen(Instant at) {
      return new Session(idHash, principal, passwordPrint, beganAt, at);
    }

    Session as(Principal now) {
      return new Session(idHash, now, passwordPrint, beganAt, seenAt);
    }
  }

  /** Begins a session with a fresh id, always: an id known before the sign-in is worth nothing. */
  String begin(Accounts.Account account) {
    if (byHash.size() >= MOST_SESSIONS) {
      sweep();
      if (byHash.size() >= MOST_SESSIONS) {
        throw Refusal.unavailable("busy", Sentence.of("web.sessions"));
      }
    }
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant now = clock.instant();
    Session session =
        new Session(hash(id), account.principal(), print(account.passwordHash()), now, now);
    byHash.put(session.idHash(), session);
    store.save(session);
    return id;
  }

  /** The living session of this id; being asked counts as a sign of life. */
  Optional<Session> find(String id) {
    if (id == null || id.length() > 64) {
      return Optional.empty();
    }
    return touch(hash(id));
  }

  /** As {@link #find}, by hash: for a connection that outlives its request. */
  Optional<Session> touch(String idHash) {
    Session session = byHash.get(idHash);
    if (session == null) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (!live(session, now)) {
      end(idHash);
      return Optional.empty();
    }
    if (Duration.between(session.seenAt(), now).compareTo(Duration.ofSeconds(1)) > 0) {
      Session seen = byHash.computeIfPresent(idHash, (key, old) -> old.seen(now));
      if (seen == null) {
        return Optional.empty();
      }
      if (Duration.between(session.seenAt(), now).compareTo(SAVE_EVERY) > 0
          || now.getEpochSecond() / SAVE_EVERY.toSeconds()
              != session.seenAt().getEpochSecond() / SAVE_EVERY.toSeconds()) {
        store.save(seen);
      }
    }
    return Optional.of(session);
  }

  /** The living session with its present roles. Does not count as a sign of life. */
  Optional<Session> peek(String idHash) {
    return Optional.ofNullable(byHash.get(idHash)).filter(found -> live(found, clock.instant()));
  }

  void end(String idHash) {
    Session ended = byHash.remove(idHash);
    if (ended != null) {
      store.delete(idHash);
      if (!elsewhere(ended.principal().login(), idHash)) {
        gone.accept(ended.principal());
      }
    }
  }

  /** Told of everybody whose last session has ended, for whatever reason; must return soon. */
  void whenGone(Consumer<Principal> listener) {
    gone = listener;
  }

  /** Has the same person another living session? */
  private boolean elsewhere(String login, String butNotHash) {
    return byHash.values().stream()
        .anyMatch(
            session ->
                session.principal().login().equals(login)
                    && !session.idHash().equals(butNotHash)
                    && live(session, clock.instant()));
  }

  /** Ends what is over. Called each minute. */
  void sweep() {
    Instant now = clock.instant();
    for (Session session : List.copyOf(byHash.values())) {
      if (!live(session, now)) {
        end(session.idHash());
      }
    }
  }

  /**
   * Compares all sessions with the accounts: a closed account or a new password ends them, new
   * roles count at once. Throws when the database is away; the sessions then stay as they are.
   */
  void review(Accounts accounts) {
    for (Session session : List.copyOf(byHash.values())) {
      Optional<Accounts.Account> account = accounts.find(session.principal().login());
      if (account.isEmpty()
          || !print(account.get().passwordHash()).equals(session.passwordPrint())) {
        end(session.idHash());
      } else if (!account.get().principal().equals(session.principal())) {
        Session now =
            byHash.computeIfPresent(
                session.idHash(), (key, old) -> old.as(account.get().principal()));
        if (now != null) {
          store.save(now);
        }
      }
    }
  }

  private boolean live(Session session, Instant now) {
    return now.isBefore(session.seenAt().plus(idle)) && now.isBefore(session.beganAt().plus(life));
  }

  static String hash(String id) {
    return HexFormat.of().formatHex(sha256(id));
  }

  private static String print(String passwordHash) {
    return HexFormat.of().formatHex(sha256(passwordHash), 0, 8);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
