package org.careline.questionnaire;

import java.util.List;

/** The devices of a site, in the order in which they are asked about. Immutable. */
public record Devices(List<Device> list) {
  public static final Devices NONE = new Devices(List.of());

  /**
   * @param model as devices have it
   * @param gone it was taken off the site after it was asked about; its model may have the serial
   *     number behind it
   */
  public record Device(long id, String model, boolean gone) {
    boolean in(Models models) {
      return gone ? models.fitNamed(model) : models.fit(model);
    }
  }

  public Devices {
    list = List.copyOf(list);
  }

  public List<Long> ids() {
    return list.stream().map(Device::id).toList();
  }

  public boolean has(long id) {
    return list.stream().anyMatch(device -> device.id() == id);
  }
}
