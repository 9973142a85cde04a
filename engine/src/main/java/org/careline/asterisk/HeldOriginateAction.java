package org.careline.asterisk;

import org.asteriskjava.manager.action.OriginateAction;

/**
 * Originate with a subroutine that runs on the new channel before it is sent, which puts our
 * headers on the INVITE. The library has no field for it; a getter is enough.
 */
public final class HeldOriginateAction extends OriginateAction {
  private static final long serialVersionUID = 1L;
  private final String preDialGoSub;

  HeldOriginateAction(String preDialGoSub) {
    this.preDialGoSub = preDialGoSub;
  }

  public String getPreDialGoSub() {
    return preDialGoSub;
  }
}
