package org.careline.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.careline.config.Configuration;
import org.careline.config.Secret;
import org.careline.language.Sentence;

/**
 * Which part of an instance is reached where and with which password: the configuration's word
 * first, else the usual port and a secret of our own. Immutable.
 */
record Wiring(Path home, Ports ports, Configuration configuration, Secrets secrets) {

  /**
   * @throws CannotStart naming the first port somebody else has
   */
  void requirePorts(boolean outside) {
    if (configuration.database().local()) {
      Ports.requireFree("127.0.0.1", ports.mysql(), "MySQL");
    }
    Ports.requireFree(configuration.http().bind(), httpPort(), "HTTP");
    Ports.requireFree(configuration.asterisk().agiBind(), agiPort(), "AGI");
    if (configuration.asterisk().local()) {
      Ports.requireFree("127.0.0.1", amiPort(), "AMI");
      Ports.requireFree("127.0.0.1", ports.sip(), "SIP");
      Ports.requireFree("127.0.0.1", ports.sipWebSocket(), "SIP over WebSocket");
    } else {
      foreignSwitchPlaceholders();
    }
    if (outside) {
      Ports.requireFree("127.0.0.2", ports.outsideSip(), "SIP (outside)");
      Ports.requireFree("127.0.0.1", ports.outsideAmi(), "AMI (outside)");
    }
  }

  /** What the engine and the commands must know and nobody has configured. */
  Map<String, Map<String, Object>> runtime() {
    Map<String, Map<String, Object>> runtime = new LinkedHashMap<>();
    runtime.put("http", Map.of("port", httpPort()));
    if (configuration.database().local()) {
      runtime.put(
          "database",
          Map.of(
              "url", LocalMySql.url(ports.mysql(), LocalMySql.SCHEMA),
              "user", LocalMySql.USER,
              "password", secrets.mysql()));
    }
    Map<String, Object> switchKeys = new LinkedHashMap<>();
    switchKeys.put("amiPort", amiPort());
    switchKeys.put("agiPort", agiPort());
    if (configuration.asterisk().local()) {
      Map<String, String> values = placeholders("");
      switchKeys.put("engineSecret", values.get("AMI_ENGINE_SECRET"));
      switchKeys.put("credSecret", values.get("AMI_CRED_SECRET"));
      switchKeys.put("agiToken", agiToken());
      switchKeys.put("recordings", recordings().toString());
      switchKeys.put("logDirectory", home.resolve("asterisk/log").toString());
    }
    if (configuration.asterisk().sipWebsocket().isEmpty()) {
      switchKeys.put("sipWebsocket", "ws://127.0.0.1:" + ports.sipWebSocket() + "/ws");
    }
    runtime.put("asterisk", switchKeys);
    return runtime;
  }

  /** For the templates of our Asterisk. */
  Map<String, String> switchPlaceholders() {
    Map<String, String> values = placeholders("c" + ports.base());
    String[] sound = asterisk().rtpPorts().split("-");
    boolean named = sound.length == 2;
    values.put("RTP_START", named ? sound[0] : "" + ports.rtpStart());
    values.put("RTP_END", named ? sound[1] : "" + ports.rtpEnd());
    values.put("RECORDINGS", recordings().toString());
    values.put("PROMPTS", prompts().toString());
    return values;
  }

  /**
   * For Careline's part of an administrator's Asterisk: nothing of it is made up here.
   *
   * @throws CannotStart naming the key that is not set
   */
  Map<String, String> foreignSwitchPlaceholders() {
    Map<String, String> values = new HashMap<>();
    questions(values);
    values.put("AMI_ENGINE_SECRET", plain("engineSecret", asterisk().engineSecret(), ""));
    values.put("AMI_CRED_SECRET", plain("credSecret", asterisk().credSecret(), ""));
    values.put("AGI_TOKEN", plain("agiToken", asterisk().agiToken(), ""));
    return values;
  }

  /** Who asks whom, and as whom; and who need not ask. */
  private void questions(Map<String, String> values) {
    values.put("CALLS_PER_NUMBER", "" + configuration.hotline().callsPerNumber());
    String bind = asterisk().agiBind();
    boolean everywhere = bind.equals("0.0.0.0") || bind.equals("::");
    values.put("ENGINE_ADDRESS", everywhere ? "127.0.0.1" : bind);
    values.put("AGI_PORT", "" + agiPort());
    values.put("AMI_ENGINE_USER", user("engineUser", asterisk().engineUser()));
    values.put("AMI_CRED_USER", user("credUser", asterisk().credUser()));
  }

  private Configuration.Asterisk asterisk() {
    return configuration.asterisk();
  }

  /** For the templates of the outside world. */
  Map<String, String> outsidePlaceholders() {
    Map<String, String> values = placeholders("o" + ports.base());
    values.put("RTP_START", "" + ports.outsideRtpStart());
    values.put("RTP_END", "" + ports.outsideRtpEnd());
    return values;
  }

  private Map<String, String> placeholders(String systemName) {
    Map<String, String> values = new HashMap<>();
    values.put("SYSTEMNAME", systemName);
    values.put("SIP_PORT", "" + ports.sip());
    values.put("WS_PORT", "" + ports.sipWebSocket());
    values.put("AMI_PORT", "" + amiPort());
    questions(values);
    values.put(
        "AMI_ENGINE_SECRET",
        plain("engineSecret", configuration.asterisk().engineSecret(), secrets.amiEngine()));
    values.put(
        "AMI_CRED_SECRET",
        plain("credSecret", configuration.asterisk().credSecret(), secrets.amiCred()));
    values.put("AGI_TOKEN", agiToken());
    values.put("OUTSIDE_SIP_PORT", "" + ports.outsideSip());
    values.put("OUTSIDE_AMI_PORT", "" + ports.outsideAmi());
    values.put("OUTSIDE_HTTP_PORT", "" + ports.outsideHttp());
    values.put("OUTSIDE_ADDRESS", "127.0.0.2");
    values.put("OUR_ADDRESS", "127.0.0.1");
    return values;
  }

  /** Where the switch finds what callers are played. */
  Path prompts() {
    Path folder = Prompts.folder(configuration, home);
    Folders.requirePlain(folder);
    return folder;
  }

  private Path recordings() {
    return configuration.asterisk().recordings().orElse(home.resolve("recordings"));
  }

  private String agiToken() {
    return plain("agiToken", configuration.asterisk().agiToken(), secrets.agiToken());
  }

  /** Where this machine reaches the engine's HTTP server. */
  URI engineAddress() {
    String bind = configuration.http().bind();
    String host =
        switch (bind) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::" -> "[::1]";
          default -> bind.contains(":") ? "[" + bind + "]" : bind;
        };
    return URI.create("http://" + host + ":" + httpPort());
  }

  int httpPort() {
    return orElse(configuration.http().port(), ports.http());
  }

  private int amiPort() {
    return orElse(configuration.asterisk().amiPort(), ports.ami());
  }

  private int agiPort() {
    return orElse(configuration.asterisk().agiPort(), ports.agi());
  }

  private static int orElse(int configured, int usual) {
    return configured == 0 ? usual : configured;
  }

  /** These stand in the switch's configuration files, where other characters mean something. */
  private static String plain(String key, Secret configured, String own) {
    String value = configured.isEmpty() ? own : configured.reveal();
    if (!value.matches("[A-Za-z0-9._-]{8,128}")) {
      throw new CannotStart(Sentence.of("start.secret", "asterisk." + key));
    }
    return value;
  }

  private static String user(String key, String value) {
    if (!value.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new CannotStart(Sentence.of("start.user", "asterisk." + key));
    }
    return value;
  }
}
