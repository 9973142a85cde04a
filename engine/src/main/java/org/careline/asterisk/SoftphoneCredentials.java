package org.careline.asterisk;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.asteriskjava.manager.action.DbDelAction;
import org.asteriskjava.manager.action.DbGetAction;
import org.asteriskjava.manager.action.DbPutAction;
import org.asteriskjava.manager.event.DbGetResponseEvent;
import org.asteriskjava.manager.event.EndpointList;
import org.asteriskjava.manager.event.ResponseEvent;
import org.careline.agent.AgentNumber;
import org.careline.asterisk.Values.Refused;
import org.careline.telephony.Phones;
import org.careline.telephony.SwitchState.SwitchUnavailable;
import org.careline.telephony.Telephony.Accepted;
import org.careline.telephony.TelephonyEvent;
import org.careline.telephony.TelephonyEvent.ContactChanged;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Agents' phones as objects in Asterisk's own database (family {@code sip/<type>}), written by the
 * second manager user. A secret is effective at the next REGISTER without a reload; all options
 * stand in each object, for there are no templates. Thread-safe.
 */
public final class SoftphoneCredentials implements Phones {
  private static final Logger log = LoggerFactory.getLogger(SoftphoneCredentials.class);
  private static final int SECRET_BYTES = 30;

  private final AmiLink link;
  private final InstantSource clock;
  private final Consumer<TelephonyEvent> events;
  private final Media media;
  private final SecureRandom random = new SecureRandom();

  /** Addresses of the switch to which the audio of phones is bound; empty = all it has. */
  public record Media(String desk, String browser) {}

  /**
   * @param link of the user {@code cred}
   * @param events told that a new desk phone can be rung
   */
  public SoftphoneCredentials(
      AmiLink link, Media media, InstantSource clock, Consumer<TelephonyEvent> events) {
    this.link = link;
    this.media = media;
    this.clock = clock;
    this.events = events;
  }

  @Override
  public CompletableFuture<BrowserPhone> browser(AgentNumber agent) {
    String name = agent.endpoint();
    String secret = secret();
    Map<String, String> aor =
        options(
            "max_contacts", "1",
            "remove_existing", "yes",
            // a frozen browser is noticed within 3 s
            "qualify_frequency", "2",
            "qualify_timeout", "1.0",
            "minimum_expiration", "30");
    Map<String, String> endpoint =
        options(
            "context", "from-agent",
            "webrtc", "yes",
            "dtls_auto_generate_cert", "yes",
            "rewrite_contact", "yes",
            "rtp_timeout", "10",
            "rtp_timeout_hold", "3600",
            "auth", name,
            "aors", name);
    endpoint.putAll(common());
    bind(endpoint, media.browser());
    return put("aor", name, aor)
        .thenCompose(x -> put("auth", name, auth(name, secret)))
        .thenCompose(x -> put("endpoint", name, endpoint))
        .thenApply(x -> new BrowserPhone(name, secret));
  }

  @Override
  public CompletableFuture<Accepted> revoke(AgentNumber agent) {
    // A random secret, not a deleted object: without one REGISTER would be answered with 500.
    return put("auth", agent.endpoint(), auth(agent.endpoint(), secret()))
        .thenApply(x -> new Accepted(true, ""));
  }

  @Override
  public CompletableFuture<Accepted> remove(AgentNumber agent) {
    String name = agent.endpoint();
    // What is not there is answered with an error: then it is gone, too.
    return link.send(new DbDelAction("sip/endpoint", name))
        .thenCompose(x -> link.send(new DbDelAction("sip/aor", name)))
        .thenCompose(x -> link.send(new DbDelAction("sip/auth", name)))
        .thenApply(
            x -> {
              events.accept(new ContactChanged(clock.instant(), name, false, true));
              return new Accepted(true, "");
            });
  }

  @Override
  public CompletableFuture<Set<AgentNumber>> keepOnly(
      Set<AgentNumber> known, Set<AgentNumber> desks) {
    return CompletableFuture.supplyAsync(() -> strays(known, desks))
        .thenCompose(
            strays ->
                CompletableFuture.allOf(
                        strays.stream().map(this::remove).toArray(CompletableFuture[]::new))
                    .thenApply(x -> strays));
  }

  /**
   * Only what stands in Asterisk's own database: phones of its configuration files are not ours.
   */
  private Set<AgentNumber> strays(Set<AgentNumber> known, Set<AgentNumber> desks) {
    Set<AgentNumber> strays = new HashSet<>();
    for (ResponseEvent event : link.list(new ShowEndpointsAction()).getEvents()) {
      if (event instanceof EndpointList phone) {
        AgentNumber.ofEndpoint(phone.getObjectName())
            .filter(
                agent ->
                    known.contains(agent)
                        ? !desks.contains(agent)
                            && stored("aor", agent.endpoint()).contains("\"contact\":")
                        : !stored("endpoint", agent.endpoint()).isEmpty())
            .ifPresent(strays::add);
      }
    }
    return strays;
  }

  @Override
  public CompletableFuture<Accepted> desk(AgentNumber agent, String address) {
    String contact;
    try {
      contact = Values.deskPhone(address);
    } catch (Refused e) {
      log.warn("the desk phone of agent {} was refused: {}", agent, e.getMessage());
      return CompletableFuture.completedFuture(new Accepted(false, e.getMessage()));
    }
    String name = agent.endpoint();
    Map<String, String> aor =
        // one that freezes while it rings is noticed within 3.5 s
        options("contact", contact, "qualify_frequency", "2", "qualify_timeout", "1.5");
    Map<String, String> endpoint = options("aors", name);
    endpoint.putAll(common());
    bind(endpoint, media.desk());
    return CompletableFuture.supplyAsync(() -> stored("aor", name).equals(json(aor)))
        .thenCompose(
            known ->
                put("endpoint", name, endpoint)
                    .thenCompose(x -> put("aor", name, aor))
                    .thenCompose(x -> known ? CompletableFuture.completedFuture(null) : reload()))
        .thenApply(
            x -> {
              events.accept(new ContactChanged(clock.instant(), name, true));
              return new Accepted(true, "");
            });
  }

  private static Map<String, String> common() {
    return options(
        "context", "from-agent",
        "disallow", "all",
        "allow", "ulaw,alaw",
        "direct_media", "no",
        "allow_transfer", "no",
        "timers", "no");
  }

  private static void bind(Map<String, String> endpoint, String address) {
    if (!address.isEmpty()) {
      endpoint.put("media_address", address);
      endpoint.put("bind_rtp_to_media_address", "yes");
    }
  }

  private static Map<String, String> auth(String name, String secret) {
    return options("auth_type", "digest", "username", name, "password", secret);
  }

  private CompletableFuture<Void> put(String type, String name, Map<String, String> options) {
    return link.send(new DbPutAction("sip/" + type, name, json(options)))
        .thenAccept(
            response -> {
              if ("Error".equalsIgnoreCase(response.getResponse())) {
                throw new SwitchUnavailable("the switch did not store a phone", null);
              }
            });
  }

  private CompletableFuture<Void> reload() {
    return link.send(new ReloadPhonesAction()).thenAccept(response -> {});
  }

  private String stored(String type, String name) {
    try {
      return link.list(new DbGetAction("sip/" + type, name)).getEvents().stream()
          .filter(DbGetResponseEvent.class::isInstance)
          .map(event -> ((DbGetResponseEvent) event).getVal())
          .findFirst()
          .orElse("");
    } catch (SwitchUnavailable e) {
      // Answered with an error when the key is not there; a true outage shows at the next order.
      return "";
    }
  }

  /** Names and values are ours or checked: letters, digits and a few marks, nothing to escape. */
  static String json(Map<String, String> options) {
    for (Map.Entry<String, String> entry : options.entrySet()) {
      if (!(entry.getKey() + entry.getValue()).matches("[A-Za-z0-9_.:@,/-]*")) {
        throw new Refused("not a valid option of a phone");
      }
    }
    return options.entrySet().stream()
        .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static Map<String, String> options(String... pairs) {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      options.put(pairs[i], pairs[i + 1]);
    }
    return options;
  }

  private String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
