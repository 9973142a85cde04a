package org.careline.agent;

/** Addresses of fixed phones, such as {@code sip:8001@10.0.0.7:5060}. */
public final class DeskPhone {
  private DeskPhone() {}

  /** Whether the phone is on this machine's loopback by its address; names are not looked up. */
  public static boolean onLoopback(String address) {
    String host = address.replaceFirst("^sip:[^@]*@", "").replaceFirst(":[0-9]*$", "");
    return host.equals("localhost") || host.matches("127(\\.[0-9]{1,3}){3}");
  }
}
