package org.careline.customer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careline.agent.AgentNumber;
import org.careline.line.LineSettings;
import org.careline.line.OfficeCalendar;
import org.careline.routing.Policy;

/**
 * Everything the call path must know without asking the database: tiers, lines, agents and whose
 * number it is, as of one revision. Lean: a million numbers of half a million sites take about 100
 * MB. Immutable, thread-safe; made by {@link ReferenceLoader} or read from {@link ReferenceFile}.
 */
public final class ReferenceData implements NumberOwner.Book {

  /**
   * @param rank 1 is served first
   * @param weight score = weight x seconds waited
   * @param minGrade lowest grade of agent that may serve it
   */
  public record Tier(
      String code, String nameEn, String nameZh, int rank, double weight, int minGrade) {}

  /**
   * @param number digits as the trunk delivers them
   * @param greeting name of the prompt; empty = none
   */
  public record Line(
      String code,
      String number,
      String nameEn,
      String nameZh,
      String language,
      String greeting,
      Duration ringTimeout,
      Duration wrapUp,
      LineSettings settings) {

    /** A line without settings of its own. */
    public Line(
        String code,
        String number,
        String nameEn,
        String nameZh,
        String language,
        String greeting,
        Duration ringTimeout,
        Duration wrapUp) {
      this(
          code,
          number,
          nameEn,
          nameZh,
          language,
          greeting,
          ringTimeout,
          wrapUp,
          LineSettings.DEFAULT);
    }

    /** All numbers at which its calls arrive, its own first. */
    public List<String> landingNumbers() {
      return Stream.concat(Stream.of(number), settings.landingNumbers().stream()).toList();
    }
  }

  /**
   * @param grade 1 junior .. 5 senior
   * @param deskPhone SIP address; empty = browser softphone
   */
  public record Agent(
      AgentNumber number,
      String login,
      String name,
      String language,
      int grade,
      Set<String> skills,
      Optional<String> deskPhone) {}

  /**
   * Who looks after whom, by name: a place in {@code names} for each site and customer, in their
   * order; -1 = nobody.
   */
  record Managers(List<String> names, int[] bySite, int[] byCustomer) {
    static final int NOBODY = -1;
  }

  /** The sites in columns; texts in one block. */
  record Sites(long[] ids, int[] customers, short[] tiers, PackedTexts codes, PackedTexts names) {}

  /** Values of the number map from here down are customers, with {@link #SHARED} between. */
  static final int SHARED = -2;

  private static final int FIRST_CUSTOMER = -3;

  private final long revision;
  private final List<Tier> tiers;
  private final Map<String, OfficeCalendar> calendars;
  private final List<Line> lines;
  private final List<Agent> agents;
  private final List<NumberOwner.Customer> customers;
  private final Sites sites;
  private final NumberMap numbers;
  private final Map<Long, int[]> sharedBy;
  private final Managers managers;
  private final RoutingData routing;
  private final CallerData callers;
  private final CodeIndex codes;
  private final Set<String> ownNumbers;
  private final Map<String, Tier> tierByCode;
  private final Map<String, Line> lineByNumber;
  private final Map<AgentNumber, Agent> agentByNumber;

  ReferenceData(
      long revision,
      List<Tier> tiers,
      Map<String, OfficeCalendar> calendars,
      List<Line> lines,
      List<Agent> agents,
      List<NumberOwner.Customer> customers,
      Sites sites,
      NumberMap numbers,
      Map<Long, int[]> sharedBy,
      Managers managers,
      RoutingData routing,
      CallerData callers) {
    this(
        revision,
        tiers,
        calendars,
        lines,
        agents,
        customers,
        sites,
        numbers,
        sharedBy,
        managers,
        routing,
        callers,
        new CodeIndex(customers, sites));
  }

  private ReferenceData(
      long revision,
      List<Tier> tiers,
      Map<String, OfficeCalendar> calendars,
      List<Line> lines,
      List<Agent> agents,
      List<NumberOwner.Customer> customers,
      Sites sites,
      NumberMap numbers,
      Map<Long, int[]> sharedBy,
      Managers managers,
      RoutingData routing,
      CallerData callers,
      CodeIndex codes) {
    this.revision = revision;
    this.tiers = List.copyOf(tiers);
    this.calendars = Map.copyOf(calendars);
    this.lines = List.copyOf(lines);
    this.agents = List.copyOf(agents);
    this.customers = List.copyOf(customers);
    this.sites = sites;
    this.numbers = numbers;
    this.sharedBy = sharedBy;
    this.managers = managers;
    this.routing = routing;
    this.callers = callers;
    this.codes = codes;
    this.tierByCode = index(tiers, Tier::code);
    this.lineByNumber =
        lines.stream()
            .flatMap(line -> line.landingNumbers().stream().map(at -> Map.entry(at, line)))
            // a number stands in one line: whoever saves a line sees to it
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, Map.Entry::getValue, (first, second) -> first));
    this.agentByNumber = index(agents, Agent::number);
    this.ownNumbers = lineByNumber.keySet();
  }

  private static <K, V> Map<K, V> index(List<V> values, Function<V, K> key) {
    return values.stream().collect(Collectors.toUnmodifiableMap(key, Function.identity()));
  }

  public long revision() {
    return revision;
  }

  /** The same with other policies, account managers and leaves. */
  ReferenceData with(RoutingData newer) {
    return with(newer, callers);
  }

  /** The same with other bound and blocked numbers. */
  ReferenceData with(CallerData newer) {
    return with(routing, newer);
  }

  private ReferenceData with(RoutingData newRouting, CallerData newCallers) {
    return new ReferenceData(
        revision,
        tiers,
        calendars,
        lines,
        agents,
        customers,
        sites,
        numbers,
        sharedBy,
        managers,
        newRouting,
        newCallers,
        codes);
  }

  /** Bound and blocked numbers. */
  CallerData callers() {
    return callers;
  }

  /** Whether calls from this number are not served at that time. */
  public boolean blocked(String e164, Instant at) {
    return callers.blocked(e164, at);
  }

  @Override
  public Set<String> ownNumbers() {
    return ownNumbers;
  }

  @Override
  public List<NumberOwner> code(String typed) {
    List<NumberOwner> owners = new ArrayList<>();
    KeypadCode.typed(typed)
        .ifPresent(
            keys ->
                codes.find(
                    keys,
                    site -> owners.add(owner(site)),
                    customer -> owners.add(owner(customers.get(customer)))));
    return owners;
  }

  /** Policies, account managers, leave calendar. */
  public RoutingData routing() {
    return routing;
  }

  /**
   * Name of who looks after the site, else after the customer.
   *
   * @param customerId null = not known
   * @param siteId null = not known
   */
  public Optional<String> managerName(Long customerId, Long siteId) {
    int name = Managers.NOBODY;
    if (siteId != null) {
      int place = place(sites, siteId);
      name = place < 0 ? name : managers.bySite()[place];
    }
    if (name == Managers.NOBODY && customerId != null) {
      int place = customerPlace(customerId);
      name = place < 0 ? name : managers.byCustomer()[place];
    }
    return name == Managers.NOBODY ? Optional.empty() : Optional.of(managers.names().get(name));
  }

  /** Customers are in order of id. */
  private int customerPlace(long id) {
    int low = 0;
    int high = customers.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Long.compare(customers.get(middle).id(), id);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  public List<Tier> tiers() {
    return tiers;
  }

  public List<Line> lines() {
    return lines;
  }

  /** Office calendars by code, with the days the installation has changed. */
  public Map<String, OfficeCalendar> calendars() {
    return calendars;
  }

  /** The line of this code. */
  public Optional<Line> lineOf(String code) {
    return lines.stream().filter(line -> line.code().equals(code)).findFirst();
  }

  /** The policy of the line of this code; the default one for a line that is not known. */
  public Policy policyOf(String code) {
    return routing.policy(lineOf(code).map(line -> line.settings().policy()).orElse(""));
  }

  /** The active ones that have a number. */
  public List<Agent> agents() {
    return agents;
  }

  /** The tier, or the standard one when the code is unknown. */
  public Tier tier(String code) {
    Tier tier = tierByCode.get(code);
    return tier != null ? tier : tierByCode.get(Recognition.STANDARD);
  }

  /** By what was dialled, any of its numbers: digits, a leading plus does not matter. */
  public Optional<Line> line(String dialled) {
    return Optional.ofNullable(
        lineByNumber.get(dialled.startsWith("+") ? dialled.substring(1) : dialled));
  }

  public Optional<Agent> agent(AgentNumber number) {
    return Optional.ofNullable(agentByNumber.get(number));
  }

  /** By the numbers of contacts and by bound ones, put together. */
  @Override
  public Optional<NumberOwner.Entry> find(String e164) {
    Optional<NumberOwner.Entry> found = ofContacts(e164);
    for (CallerData.Bound bound : callers.bound(e164)) {
      Optional<NumberOwner> owner = owner(bound);
      if (owner.isPresent()) {
        NumberOwner.Entry other = new NumberOwner.Known(owner.get());
        found = Optional.of(found.map(one -> NumberOwner.merge(one, other)).orElse(other));
      }
    }
    return found;
  }

  private Optional<NumberOwner.Entry> ofContacts(String e164) {
    long key = NumberMap.key(e164);
    int value = key == 0 ? NumberMap.NONE : numbers.get(key);
    if (value == NumberMap.NONE) {
      return Optional.empty();
    }
    if (value == SHARED) {
      return Optional.of(
          new NumberOwner.Shared(
              Arrays.stream(sharedBy.getOrDefault(key, new int[0]))
                  .mapToObj(customers::get)
                  .toList()));
    }
    return Optional.of(
        new NumberOwner.Known(
            value < 0 ? owner(customers.get(FIRST_CUSTOMER - value)) : owner(value)));
  }

  /** Empty when the customer or site came after this data was loaded. */
  private Optional<NumberOwner> owner(CallerData.Bound bound) {
    if (bound.siteId() != 0) {
      int site = place(sites, bound.siteId());
      return site < 0 ? Optional.empty() : Optional.of(owner(site));
    }
    int customer = customerPlace(bound.customerId());
    return customer < 0 ? Optional.empty() : Optional.of(owner(customers.get(customer)));
  }

  private static NumberOwner owner(NumberOwner.Customer customer) {
    return new NumberOwner(customer, Optional.empty(), customer.tierCode());
  }

  private NumberOwner owner(int site) {
    return new NumberOwner(
        customers.get(sites.customers()[site]),
        Optional.of(
            new NumberOwner.Site(
                sites.ids()[site], sites.codes().get(site), sites.names().get(site))),
        tiers.get(sites.tiers()[site]).code());
  }

  /** The site of this id with its customer; empty when there is none in memory. */
  public Optional<NumberOwner> ownerOfSite(long siteId) {
    int site = place(sites, siteId);
    return site < 0 ? Optional.empty() : Optional.of(owner(site));
  }

  /** The customer of this id. */
  public Optional<NumberOwner> ownerOfCustomer(long customerId) {
    int customer = customerPlace(customerId);
    return customer < 0 ? Optional.empty() : Optional.of(owner(customers.get(customer)));
  }

  /** How many different numbers are known. */
  public int numberCount() {
    return numbers.size();
  }

  public int siteCount() {
    return sites.ids().length;
  }

  /**
   * Adds what one row says about a number; the same rule as {@link NumberOwner#merge}, on places in
   * the columns.
   *
   * @param sharedBy takes the customers of numbers that several have
   */
  static void add(NumberMap numbers, Map<Long, int[]> sharedBy, Sites sites, long key, int site) {
    int before = numbers.get(key);
    int customer = sites.customers()[site];
    if (before == NumberMap.NONE) {
      numbers.put(key, site);
    } else if (before == SHARED) {
      sharedBy.computeIfPresent(key, (number, owners) -> with(owners, customer));
    } else if (before != site) {
      int owner = before >= 0 ? sites.customers()[before] : FIRST_CUSTOMER - before;
      numbers.put(key, owner == customer ? FIRST_CUSTOMER - customer : SHARED);
      if (owner != customer) {
        sharedBy.put(key, new int[] {owner, customer});
      }
    }
  }

  private static int[] with(int[] owners, int customer) {
    if (owners.length >= NumberOwner.Shared.MOST
        || Arrays.stream(owners).anyMatch(owner -> owner == customer)) {
      return owners;
    }
    int[] more = Arrays.copyOf(owners, owners.length + 1);
    more[owners.length] = customer;
    return more;
  }

  /** Place of a site's id in the columns, which are in order of id; negative when there is none. */
  static int place(Sites sites, long siteId) {
    return Arrays.binarySearch(sites.ids(), siteId);
  }

  List<NumberOwner.Customer> customers() {
    return customers;
  }

  Sites sites() {
    return sites;
  }

  NumberMap numbers() {
    return numbers;
  }

  Map<Long, int[]> sharedBy() {
    return sharedBy;
  }

  Managers managers() {
    return managers;
  }
}
