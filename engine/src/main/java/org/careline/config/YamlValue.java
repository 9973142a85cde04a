package org.careline.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A piece of a YAML file that still knows where it stood. Immutable by convention. */
public sealed interface YamlValue {
  String file();

  /** From 1. */
  int line();

  /**
   * {@code text} as written; {@code plain} = without quotes; {@code empty} = nothing was written.
   */
  record Scalar(String file, int line, String text, boolean plain, boolean empty)
      implements YamlValue {}

  record Sequence(String file, int line, List<YamlValue> items) implements YamlValue {}

  /** The entries in the order of the file. */
  record Mapping(String file, int line, Map<String, Entry> entries) implements YamlValue {
    public YamlValue get(String key) {
      Entry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }

    /**
     * This mapping with {@code over} laid on it: mappings are merged key by key, lists and scalars
     * are replaced. Where the lower list holds mappings, its first one gives the defaults for every
     * mapping of the upper list.
     */
    public Mapping overlaidBy(Mapping over) {
      Map<String, Entry> merged = new LinkedHashMap<>(entries);
      over.entries.forEach(
          (key, entry) ->
              merged.merge(
                  key,
                  entry,
                  (low, high) -> new Entry(high.line(), overlay(low.value(), high.value()))));
      return new Mapping(over.file, over.line, merged);
    }

    private static YamlValue overlay(YamlValue low, YamlValue high) {
      if (low instanceof Mapping below && high instanceof Mapping above) {
        return below.overlaidBy(above);
      }
      if (low instanceof Mapping && high instanceof Scalar nothing && nothing.empty()) {
        return low;
      }
      if (low instanceof Sequence below
          && high instanceof Sequence above
          && !below.items.isEmpty()
          && below.items.getFirst() instanceof Mapping defaults) {
        List<YamlValue> items =
            above.items.stream()
                .map(item -> item instanceof Mapping own ? defaults.overlaidBy(own) : item)
                .toList();
        return new Sequence(above.file, above.line, items);
      }
      return high;
    }
  }

  /** A value under a key; {@code line} is the key's. */
  record Entry(int line, YamlValue value) {}
}
