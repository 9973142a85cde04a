package org.careline.asterisk;

import org.asteriskjava.manager.action.AbstractManagerAction;

/**
 * Reads the SIP objects again. Needed once per new desk phone: a fixed contact written behind the
 * switch's back is dialled but counts as unavailable until then. Calls and registrations go on.
 */
public final class ReloadPhonesAction extends AbstractManagerAction {
  private static final long serialVersionUID = 1L;

  @Override
  public String getAction() {
    return "Reload";
  }

  public String getModule() {
    return "res_pjsip.so";
  }
}
