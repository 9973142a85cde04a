package org.careline.callback;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.careline.callback.Campaign.Mode;

/**
 * A site leased to this engine, with all that a decision and the agent's screen need, so that no
 * decision has to ask the database. Immutable.
 *
 * @param phones in the order of trial
 * @param phonePosition which of them is next, from 1
 * @param calling when it may be rung
 * @param referredAt when somebody there has named who is to be rung now
 * @param appointment it is due because it was promised
 */
public record ClaimedSite(
    long roundSiteId,
    long roundId,
    int roundNumber,
    LocalDate periodFrom,
    LocalDate periodTo,
    String campaignCode,
    Mode mode,
    String shownNumber,
    String questionnaireCode,
    int questionnaireVersion,
    long siteId,
    String siteCode,
    String siteName,
    String customerCode,
    String customerName,
    String tierCode,
    int minGrade,
    String trade,
    String province,
    String city,
    String address,
    String remark,
    String accountManager,
    List<Phone> phones,
    int phonePosition,
    CampaignRules rules,
    SiteRules calling,
    Optional<Appointment> appointment,
    Optional<Instant> referredAt) {

  /** A number of the site and whom it belongs to. */
  public record Phone(
      String e164, String extension, String contactName, String contactRole, long contactId) {}

  /** One that is due, and nothing has been promised. */
  public ClaimedSite(
      long roundSiteId,
      long roundId,
      int roundNumber,
      LocalDate periodFrom,
      LocalDate periodTo,
      String campaignCode,
      Mode mode,
      String shownNumber,
      String questionnaireCode,
      int questionnaireVersion,
      long siteId,
      String siteCode,
      String siteName,
      String customerCode,
      String customerName,
      String tierCode,
      int minGrade,
      String trade,
      String province,
      String city,
      String address,
      String remark,
      String accountManager,
      List<Phone> phones,
      int phonePosition,
      CampaignRules rules,
      SiteRules calling) {
    this(
        roundSiteId,
        roundId,
        roundNumber,
        periodFrom,
        periodTo,
        campaignCode,
        mode,
        shownNumber,
        questionnaireCode,
        questionnaireVersion,
        siteId,
        siteCode,
        siteName,
        customerCode,
        customerName,
        tierCode,
        minGrade,
        trade,
        province,
        city,
        address,
        remark,
        accountManager,
        phones,
        phonePosition,
        rules,
        calling,
        Optional.empty(),
        Optional.empty());
  }

  public ClaimedSite {
    phones = List.copyOf(phones);
  }

  /** Empty when the import has taken the number away since the round was opened. */
  public Optional<Phone> phone() {
    return phonePosition <= phones.size()
        ? Optional.of(phones.get(phonePosition - 1))
        : Optional.empty();
  }

  /** A switchboard wants somebody on the line who asks for the extension: always previewed. */
  public Mode modeFor(Phone phone) {
    return phone.extension().isEmpty() ? mode : Mode.PREVIEW;
  }
}
