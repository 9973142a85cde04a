package org.careline.asterisk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.asteriskjava.manager.action.DbPutAction;
import org.careline.agent.AgentNumber;

/** Agents' phones of tests, which register like a browser's but speak plain SIP over UDP. */
public final class UdpPhones {
  private UdpPhones() {}

  /**
   * After {@link SoftphoneCredentials#browser}, whose contact and its watching stay: another
   * endpoint, which needs no secret.
   */
  public static CompletableFuture<?> plain(AmiLink credentials, AgentNumber agent) {
    Map<String, String> endpoint = new LinkedHashMap<>();
    endpoint.put("context", "from-agent");
    endpoint.put("disallow", "all");
    endpoint.put("allow", "ulaw");
    endpoint.put("direct_media", "no");
    endpoint.put("allow_transfer", "no");
    endpoint.put("timers", "no");
    endpoint.put("aors", agent.endpoint());
    endpoint.put("media_address", "127.0.0.1");
    endpoint.put("bind_rtp_to_media_address", "yes");
    return credentials.send(
        new DbPutAction("sip/endpoint", agent.endpoint(), SoftphoneCredentials.json(endpoint)));
  }
}
