package org.careline.matter;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * One row of a file of matters. Immutable.
 *
 * @param reference finds the matter again; M and digits = the id of one of ours
 * @param number E.164
 * @param openedAt empty = now
 */
record MatterRow(
    String reference,
    String kind,
    String customer,
    String site,
    String device,
    Optional<String> number,
    String faultCode,
    String description,
    Optional<Matter.Result> result,
    String resultNote,
    Optional<String> assignedTo,
    Optional<Instant> dueAt,
    Optional<Instant> openedAt,
    Optional<Instant> dispatchedAt,
    Optional<Instant> doneAt) {

  /** This row for a matter that is there: columns the file does not have keep what is stored. */
  MatterRow over(Matter there, Set<MatterColumn> absent) {
    boolean owner = absent.contains(MatterColumn.CHAIN_CODE);
    return new MatterRow(
        reference,
        kind,
        owner ? text(there.customerCode()) : customer,
        owner || absent.contains(MatterColumn.SITE_CODE) ? text(there.siteCode()) : site,
        absent.contains(MatterColumn.DEVICE) ? there.device() : device,
        absent.contains(MatterColumn.PHONE) ? Optional.ofNullable(there.number()) : number,
        absent.contains(MatterColumn.FAULT_CODE) ? there.faultCode() : faultCode,
        absent.contains(MatterColumn.DESCRIPTION) ? there.description() : description,
        absent.contains(MatterColumn.RESULT) ? Optional.ofNullable(there.result()) : result,
        absent.contains(MatterColumn.RESULT_NOTE) ? there.resultNote() : resultNote,
        absent.contains(MatterColumn.ASSIGNED_TO)
            ? Optional.ofNullable(there.assignedTo())
            : assignedTo,
        absent.contains(MatterColumn.DUE_AT) ? Optional.ofNullable(there.dueAt()) : dueAt,
        openedAt.or(() -> Optional.of(there.openedAt())),
        absent.contains(MatterColumn.DISPATCHED_AT)
            ? Optional.ofNullable(there.dispatchedAt())
            : dispatchedAt,
        absent.contains(MatterColumn.DONE_AT) ? Optional.ofNullable(there.doneAt()) : doneAt);
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }
}
