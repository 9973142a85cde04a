package org.careline.customer;

import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * What a file of sites says about one site, and what the database has in the same places.
 * Immutable.
 *
 * @param region empty = none
 * @param phone1 null only in what is stored, for a site without any number
 */
record SiteData(
    String name,
    String tier,
    String trade,
    String region,
    String province,
    String city,
    String address,
    String contactName,
    String contactRole,
    PhoneNumber phone1,
    Optional<PhoneNumber> phone2,
    String deviceModel,
    String deviceSerial,
    Optional<LocalDate> installDate,
    String accountManager,
    String remark,
    boolean doNotCall) {

  /**
   * This data for a site that is stored already. Columns the file does not have keep what is
   * stored. Do-not-call is only ever set by a file: it may have been set since by the person on the
   * phone, and an old file must not bring the calls back.
   */
  SiteData over(SiteData stored, Set<SiteColumn> absent) {
    return new SiteData(
        name,
        keep(absent, SiteColumn.TIER, stored.tier, tier),
        keep(absent, SiteColumn.TRADE, stored.trade, trade),
        keep(absent, SiteColumn.REGION_CODE, stored.region, region),
        keep(absent, SiteColumn.PROVINCE, stored.province, province),
        keep(absent, SiteColumn.CITY, stored.city, city),
        keep(absent, SiteColumn.ADDRESS, stored.address, address),
        keep(absent, SiteColumn.CONTACT_NAME, stored.contactName, contactName),
        keep(absent, SiteColumn.CONTACT_ROLE, stored.contactRole, contactRole),
        phone1Over(stored, absent),
        keep(absent, SiteColumn.PHONE2, stored.phone2, phone2),
        keep(absent, SiteColumn.DEVICE_MODEL, stored.deviceModel, deviceModel),
        keep(absent, SiteColumn.DEVICE_SERIAL, stored.deviceSerial, deviceSerial),
        keep(absent, SiteColumn.INSTALL_DATE, stored.installDate, installDate),
        keep(absent, SiteColumn.ACCOUNT_MANAGER, stored.accountManager, accountManager),
        keep(absent, SiteColumn.REMARK, stored.remark, remark),
        stored.doNotCall || doNotCall);
  }

  private PhoneNumber phone1Over(SiteData stored, Set<SiteColumn> absent) {
    boolean sameLine = stored.phone1 != null && stored.phone1.e164().equals(phone1.e164());
    return absent.contains(SiteColumn.EXT1) && phone1.extension().isEmpty() && sameLine
        ? stored.phone1
        : phone1;
  }

  private static <T> T keep(Set<SiteColumn> absent, SiteColumn column, T stored, T fresh) {
    return absent.contains(column) ? stored : fresh;
  }
}
