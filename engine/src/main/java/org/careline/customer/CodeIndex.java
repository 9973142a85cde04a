package org.careline.customer;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Finds customers and sites by what is typed on a keypad: a site's code alone, its customer's code
 * and its own one after the other, or a customer's code. Holds 8 bytes per code: the upper 40 bits
 * of a hash and the place; what is found is compared with the code itself. Immutable.
 */
final class CodeIndex {
  private static final int PLACE_BITS = 24;
  private static final long PLACE = (1L << PLACE_BITS) - 1;

  private final List<NumberOwner.Customer> customers;
  private final ReferenceData.Sites sites;
  private final long[] entries;

  CodeIndex(List<NumberOwner.Customer> customers, ReferenceData.Sites sites) {
    this.customers = customers;
    this.sites = sites;
    int all = sites.ids().length + customers.size();
    if (all > PLACE) {
      throw new IllegalArgumentException("too many sites and customers for keypad codes: " + all);
    }
    String[] keys = new String[customers.size()];
    long[] found = new long[all + sites.ids().length];
    int count = 0;
    for (int i = 0; i < keys.length; i++) {
      keys[i] = KeypadCode.of(customers.get(i).code()).orElse(null);
      if (keys[i] != null) {
        found[count++] = entry(keys[i], sites.ids().length + i);
      }
    }
    for (int i = 0; i < sites.ids().length; i++) {
      Optional<String> own = KeypadCode.of(sites.codes().get(i));
      if (own.isPresent()) {
        found[count++] = entry(own.get(), i);
        String customer = keys[sites.customers()[i]];
        if (customer != null) {
          found[count++] = entry(customer + own.get(), i);
        }
      }
    }
    entries = Arrays.copyOf(found, count);
    Arrays.sort(entries);
  }

  private static long entry(String keys, int place) {
    return hash(keys) << PLACE_BITS | place;
  }

  /** 39 bits, so that entries sort as they are. */
  private static long hash(String keys) {
    long hash = 7;
    for (int i = 0; i < keys.length(); i++) {
      hash = (hash + keys.charAt(i)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return hash >>> 25;
  }

  /**
   * @param keys digits
   * @param site given places of sites
   * @param customer given places of customers
   */
  void find(String keys, IntConsumer site, IntConsumer customer) {
    long wanted = hash(keys);
    int at = Arrays.binarySearch(entries, wanted << PLACE_BITS);
    for (int i = at < 0 ? -at - 1 : at;
        i < entries.length && entries[i] >>> PLACE_BITS == wanted;
        i++) {
      int place = (int) (entries[i] & PLACE);
      if (place >= sites.ids().length) {
        int owner = place - sites.ids().length;
        if (KeypadCode.of(customers.get(owner).code()).filter(keys::equals).isPresent()) {
          customer.accept(owner);
        }
      } else if (names(place, keys)) {
        site.accept(place);
      }
    }
  }

  private boolean names(int site, String keys) {
    String own = KeypadCode.of(sites.codes().get(site)).orElse("");
    String customer = KeypadCode.of(customers.get(sites.customers()[site]).code()).orElse("none");
    return keys.equals(own) || keys.equals(customer + own);
  }
}
