package org.careline.routing;

import java.util.AbstractList;
import java.util.Collections;
import java.util.RandomAccess;

/**
 * Callers by age, the oldest first. Taking out or putting in costs what lies between the place and
 * the nearer end, so that the first of a very long line goes as quickly as the last. Confined to
 * one thread.
 */
final class AgeList extends AbstractList<WaitingCaller> implements RandomAccess {
  private WaitingCaller[] room = new WaitingCaller[8];
  private int head;
  private int size;

  @Override
  public WaitingCaller get(int index) {
    java.util.Objects.checkIndex(index, size);
    return room[head + index];
  }

  @Override
  public int size() {
    return size;
  }

  /** Where his age puts him. */
  void put(WaitingCaller caller) {
    if (size == 0 || Discipline.BY_AGE.compare(room[head + size - 1], caller) < 0) {
      insert(size, caller);
    } else {
      insert(-1 - Collections.binarySearch(this, caller, Discipline.BY_AGE), caller);
    }
  }

  void take(WaitingCaller caller) {
    int index = Collections.binarySearch(this, caller, Discipline.BY_AGE);
    int after = size - index - 1;
    if (index < after) {
      System.arraycopy(room, head, room, head + 1, index);
      room[head++] = null;
    } else {
      System.arraycopy(room, head + index + 1, room, head + index, after);
      room[head + size - 1] = null;
    }
    size--;
  }

  private void insert(int index, WaitingCaller caller) {
    if (index < size - index && head > 0) {
      System.arraycopy(room, head, room, head - 1, index);
      head--;
    } else {
      makeRoom();
      System.arraycopy(room, head + index, room, head + index + 1, size - index);
    }
    room[head + index] = caller;
    size++;
  }

  /** For one more at the end: what was left free at the front is used before more is taken. */
  private void makeRoom() {
    if (head + size < room.length) {
      return;
    }
    WaitingCaller[] larger = head >= room.length / 2 ? room : new WaitingCaller[2 * room.length];
    System.arraycopy(room, head, larger, 0, size);
    if (larger == room) {
      java.util.Arrays.fill(room, size, head + size, null);
    }
    room = larger;
    head = 0;
  }
}
