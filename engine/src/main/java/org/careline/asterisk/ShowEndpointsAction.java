package org.careline.asterisk;

import org.asteriskjava.manager.action.AbstractManagerAction;
import org.asteriskjava.manager.action.EventGeneratingAction;
import org.asteriskjava.manager.event.EndpointListComplete;
import org.asteriskjava.manager.event.ResponseEvent;

/** Lists all endpoints with their state; the library has the events but not the action. */
public final class ShowEndpointsAction extends AbstractManagerAction
    implements EventGeneratingAction {
  private static final long serialVersionUID = 1L;

  @Override
  public String getAction() {
    return "PJSIPShowEndpoints";
  }

  @Override
  public Class<? extends ResponseEvent> getActionCompleteEventClass() {
    return EndpointListComplete.class;
  }
}
