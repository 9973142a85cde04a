package org.careline.customer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.careline.agent.DeskPhone;
import org.careline.agent.InvalidAccount;
import org.careline.agent.PasswordHash;
import org.careline.agent.UserAccount;
import org.careline.agent.UserAccounts;
import org.careline.callback.CadenceStore;
import org.careline.callback.Campaign;
import org.careline.callback.OwnRulesStore;
import org.careline.callback.RulesParser;
import org.careline.config.Configuration;
import org.careline.config.Configuration.Trunk;
import org.careline.config.ConfigurationException;
import org.careline.config.Problem;
import org.careline.config.YamlFile;
import org.careline.config.YamlValue;
import org.careline.database.Database;
import org.careline.language.Refusal;
import org.careline.language.Sentence;
import org.careline.line.InvalidSettings;
import org.careline.line.LineForm;
import org.careline.line.LineSettings;
import org.careline.line.LineSettingsParser;
import org.careline.line.LineStore;
import org.careline.questionnaire.FaultCard;
import org.careline.questionnaire.FaultCardStore;
import org.careline.questionnaire.InvalidQuestionnaire;
import org.careline.questionnaire.Questionnaire;
import org.careline.questionnaire.QuestionnaireParser;
import org.careline.questionnaire.QuestionnaireRepository;
import org.careline.routing.InvalidPolicy;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes tiers, lines, agents, policies, account managers, leaves, questionnaires, campaigns and
 * cadences as a YAML file says: all of the file or nothing. Applying it again changes nothing; what
 * the file does not name stays. Thread-safe.
 */
public final class Apply {
  private static final Logger log = LoggerFactory.getLogger(Apply.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Database database;
  private final InstantSource clock;
  private final List<Trunk> trunks;
  private final ShownNumbers shown;
  private final Configuration.Hotline hotline;
  private final boolean localSwitch;
  private final LineStore lines;
  private final PolicyStore policies;
  private final AwayStore away;
  private final FaultCardStore faultCards = new FaultCardStore();
  private final QuestionnaireRepository questionnaires = new QuestionnaireRepository();

  /**
   * @param configuration its trunks' allow-lists say which numbers a campaign may show, its hotline
   *     section what a line gets that does not say it itself
   */
  public Apply(Database database, Configuration configuration) {
    this(database, configuration, Map::of);
  }

  /**
   * @param prompts names of those the switch can play in each language, looked up at each run;
   *     empty = not known, then every name is taken
   */
  public Apply(
      Database database, Configuration configuration, Supplier<Map<String, Set<String>>> prompts) {
    this(database, configuration, prompts, InstantSource.system());
  }

  /** By a clock of the caller's. */
  public Apply(
      Database database,
      Configuration configuration,
      Supplier<Map<String, Set<String>>> prompts,
      InstantSource clock) {
    this.clock = clock;
    this.lines = new LineStore(prompts);
    this.database = database;
    // lines are in the database, where PolicyStore looks for them
    OutsideNumbers outside =
        new OutsideNumbers(
            configuration, new OwnNumbers(configuration.trunks(), () -> OwnNumbers.Ours.NONE));
    this.policies = new PolicyStore(outside::refusal, clock);
    this.away = new AwayStore(outside::refusal);
    this.trunks = configuration.trunks();
    this.shown = new ShownNumbers(trunks, clock, configuration.callback().zone());
    this.hotline = configuration.hotline();
    this.localSwitch = configuration.asterisk().local();
  }

  /**
   * Applies a file. Blocks.
   *
   * @param givenName of the file, for messages
   * @param bytes strictly UTF-8
   * @throws ConfigurationException with file and line of what is wrong; nothing was changed
   */
  public ApplyResult run(String givenName, byte[] bytes) {
    return run(givenName, bytes, true);
  }

  /**
   * As above.
   *
   * @param users false = a file with agents is refused: whoever may make users can make himself
   *     anything
   */
  public ApplyResult run(String givenName, byte[] bytes, boolean users) {
    String fileName = givenName.replaceAll("\\p{Cntrl}", "?");
    YamlValue.Mapping mapping = YamlFile.parse(fileName, YamlFile.decode(fileName, bytes));
    ApplyFile file = ApplyFile.parse(mapping, hotline);
    if (!users && !file.agents().isEmpty()) {
      int line = mapping.entries().get("agents").line();
      throw new ConfigurationException(fileName, line, Sentence.of("apply.users"));
    }
    ApplyResult result =
        database.jdbi().inTransaction(handle -> new Run(handle, mapping, file).all());
    log.info("applied {}: {}", fileName, result.items());
    return result;
  }

  /** One file in one transaction. */
  private final class Run {
    private final Handle handle;
    private final YamlValue.Mapping mapping;
    private final ApplyFile file;
    private final List<Problem> problems = new ArrayList<>();
    private final List<ApplyResult.Item> items = new ArrayList<>();
    private final Map<String, String> passwords = new LinkedHashMap<>();

    Run(Handle handle, YamlValue.Mapping mapping, ApplyFile file) {
      this.handle = handle;
      this.mapping = mapping;
      this.file = file;
    }

    ApplyResult all() {
      unique("tiers", file.tiers().stream().map(ApplyFile.Tier::code).toList());
      unique("lines", file.lines().stream().map(ApplyFile.Line::code).toList());
      unique("lines", file.lines().stream().map(ApplyFile.Line::number).toList());
      unique("agents", file.agents().stream().map(ApplyFile.Agent::login).toList());
      unique(
          "agents",
          file.agents().stream()
              .map(ApplyFile.Agent::number)
              .map(number -> number.isEmpty() ? null : number)
              .toList());
      unique(
          "questionnaires",
          file.questionnaires().stream().map(ApplyFile.QuestionnaireEntry::code).toList());
      unique("policies", file.policies().stream().map(ApplyFile.PolicyEntry::code).toList());
      unique(
          "accountManagers",
          file.accountManagers().stream().map(ApplyFile.ManagerEntry::name).toList());
      unique("campaigns", file.campaigns().stream().map(ApplyFile.CampaignEntry::code).toList());
      unique("faultCards", file.faultCards().stream().map(ApplyFile.CardEntry::name).toList());
      unique("cadences", file.cadences().stream().map(ApplyFile.CadenceEntry::owner).toList());
      stopOnProblems();
      each("tiers", file.tiers(), this::tier);
      each("lines", file.lines(), this::line);
      each("agents", file.agents(), this::agent);
      each("policies", file.policies(), this::policy);
      each("accountManagers", file.accountManagers(), this::accountManager);
      each("leaves", file.leaves(), this::leave);
      each("questionnaires", file.questionnaires(), this::questionnaire);
      each("campaigns", file.campaigns(), this::campaign);
      each("cadences", file.cadences(), this::cadence);
      each("faultCards", file.faultCards(), this::faultCard);
      each("dangerWords", file.dangerWords(), this::dangerWord);
      stopOnProblems();
      ApplyResult result = new ApplyResult(List.copyOf(items), passwords);
      if (result.changed()) {
        handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'reference'");
      }
      return result;
    }

    private void stopOnProblems() {
      if (!problems.isEmpty()) {
        throw new ConfigurationException(problems);
      }
    }

    private interface Step<T> {
      void apply(T entry, YamlValue at);
    }

    private <T> void each(String section, List<T> entries, Step<T> step) {
      for (int i = 0; i < entries.size(); i++) {
        YamlValue at = at(section, i);
        try {
          step.apply(entries.get(i), at);
        } catch (Refusal refused) {
          problem(at.line(), refused.reason());
        }
      }
    }

    private YamlValue at(String section, int index) {
      return ((YamlValue.Sequence) mapping.get(section)).items().get(index);
    }

    private void problem(int line, Sentence reason) {
      problems.add(new Problem(mapping.file(), line, reason));
    }

    private void unique(String section, List<String> names) {
      Map<String, Integer> seen = new HashMap<>();
      for (int i = 0; i < names.size(); i++) {
        Integer first = names.get(i) == null ? null : seen.putIfAbsent(names.get(i), i);
        if (first != null) {
          problem(
              at(section, i).line(),
              Sentence.of("apply.twice", names.get(i), at(section, first).line()));
        }
      }
    }

    private void item(String change, String kind, String code) {
      items.add(new ApplyResult.Item(change, kind, code));
    }

    private void tier(ApplyFile.Tier tier, YamlValue at) {
      Map<String, Object> columns = new LinkedHashMap<>();
      columns.put("name_en", tier.nameEn());
      columns.put("name_zh", tier.nameZh());
      columns.put("rank_no", tier.rank());
      columns.put("weight", tier.weight());
      columns.put("min_grade", tier.minGrade());
      item(put("tier", tier.code(), columns), "tier", tier.code());
    }

    private void line(ApplyFile.Line line, YamlValue at) {
      try {
        LineStore.Change change = lines.save(handle, line.form(settings(line)), policiesToCome());
        item(change.word(), "line", line.code());
      } catch (InvalidSettings invalid) {
        boolean inSettings = invalid.place().startsWith("settings");
        problem(
            inSettings
                ? YamlJson.line(line.settings(), "settings", invalid.getMessage())
                : lineOf(at, invalid.place()),
            inSettings ? invalid.reason() : invalid.what());
      }
    }

    /** Saved after the lines, because a policy is held against their numbers and menus. */
    private Set<String> policiesToCome() {
      return file.policies().stream()
          .map(ApplyFile.PolicyEntry::code)
          .collect(Collectors.toUnmodifiableSet());
    }

    /** As the file says; a line whose settings it does not name keeps those it has. */
    private LineSettings settings(ApplyFile.Line line) {
      if (line.settings() instanceof YamlValue.Scalar nothing && nothing.empty()) {
        return lines.find(handle, line.code()).map(LineForm::settings).orElse(LineSettings.DEFAULT);
      }
      return LineSettingsParser.parse(YamlJson.of(line.settings()), lines.calendars(handle)::get);
    }

    private static int lineOf(YamlValue at, String key) {
      return at instanceof YamlValue.Mapping mapping && mapping.get(key) != null
          ? mapping.get(key).line()
          : at.line();
    }

    /** Our own Asterisk speaks on loopback: it would try another address for ever, in vain. */
    private void reachable(String phone, YamlValue at) {
      if (!phone.isEmpty() && localSwitch && !DeskPhone.onLoopback(phone)) {
        YamlValue written =
            at instanceof YamlValue.Mapping agent && agent.get("deskPhone") != null
                ? agent.get("deskPhone")
                : at;
        problem(written.line(), Sentence.of("agent.desk-phone-away", phone));
      }
    }

    private void agent(ApplyFile.Agent agent, YamlValue at) {
      UserAccount account = agent.account();
      reachable(agent.deskPhone(), at);
      String given = agent.password().reveal();
      if (!given.isEmpty()) {
        PasswordHash.weakness(account.login(), given)
            .ifPresent(
                weakness -> {
                  throw new InvalidAccount(weakness);
                });
      }
      account
          .number()
          .flatMap(number -> UserAccounts.loginOf(handle, number))
          .filter(other -> !other.equals(account.login()))
          .ifPresent(
              other -> {
                throw new ApplyRefused(Sentence.of("apply.agent-number", agent.number(), other));
              });
      Optional<String> stored = UserAccounts.passwordHash(handle, account.login());
      if (stored.isEmpty()) {
        String password = given.isEmpty() ? PasswordHash.generate() : given;
        if (given.isEmpty()) {
          passwords.put(account.login(), password);
        }
        UserAccounts.insert(handle, account, PasswordHash.of(password));
        item("added", "agent", account.login());
        return;
      }
      Optional<String> fresh =
          given.isEmpty() || PasswordHash.matches(given, stored.get())
              ? Optional.empty()
              : Optional.of(PasswordHash.of(given));
      boolean changed = UserAccounts.update(handle, account, fresh);
      item(changed ? "changed" : "unchanged", "agent", account.login());
    }

    private void policy(ApplyFile.PolicyEntry entry, YamlValue at) {
      List<PolicyStore.Version> before = policies.versions(handle, entry.code());
      try {
        PolicyStore.Version saved =
            policies.save(
                handle,
                entry.code(),
                Optional.empty(),
                PolicyYaml.document(entry.document()),
                "apply");
        String change =
            before.isEmpty()
                ? "added"
                : before.getFirst().version() == saved.version() ? "unchanged" : "changed";
        item(change, "policy", entry.code());
      } catch (InvalidPolicy invalid) {
        for (InvalidPolicy.Problem found : invalid.problems()) {
          problem(
              YamlJson.line(entry.document(), "policy", "policy." + found.at()), found.sentence());
        }
      }
    }

    private void accountManager(ApplyFile.ManagerEntry entry, YamlValue at) {
      item(away.save(handle, entry.manager()), "accountManager", entry.name());
    }

    private void leave(ApplyFile.LeaveEntry entry, YamlValue at) {
      String change = away.add(handle, entry.absence()).isPresent() ? "added" : "unchanged";
      item(change, "leave", entry.login());
    }

    private void questionnaire(ApplyFile.QuestionnaireEntry entry, YamlValue at) {
      Optional<Questionnaire> before = questionnaires.latest(handle, entry.code());
      try {
        Questionnaire wanted =
            QuestionnaireParser.checked(
                entry.code(),
                1,
                JsonNodeFactory.instance
                    .objectNode()
                    .set(entry.key(), YamlJson.of(entry.definition())));
        int version = questionnaires.save(handle, wanted, "", InstantSource.system().instant());
        String change =
            before.isEmpty()
                ? "added"
                : before.get().version() == version ? "unchanged" : "changed";
        item(change, "questionnaire", entry.code());
      } catch (InvalidQuestionnaire invalid) {
        for (InvalidQuestionnaire.Problem each : invalid.problems()) {
          problem(
              YamlJson.line(entry.definition(), entry.key(), each.at()),
              Sentence.of(
                  "rules.at",
                  "questionnaire " + entry.code() + (each.at().isEmpty() ? "" : ": " + each.at()),
                  each.what()));
        }
      }
    }

    private void faultCard(ApplyFile.CardEntry entry, YamlValue at) {
      FaultCard card = entry.card();
      Optional<FaultCard.Flaw> flaw = card.flaw();
      if (flaw.isPresent()) {
        problem(
            lineOf(at, flaw.get().field()),
            Sentence.of("rules.at", flaw.get().field(), flaw.get().reason()));
        return;
      }
      item(
          faultCards.put(handle, card, "apply", InstantSource.system().instant()).word(),
          "faultCard",
          entry.name());
    }

    /** Words that are there and stand in no file stay: nobody is less warned by a file. */
    private void dangerWord(String word, YamlValue at) {
      boolean added = faultCards.addWords(handle, List.of(word)) > 0;
      item(added ? "added" : "unchanged", "dangerWord", word.strip());
    }

    private void campaign(ApplyFile.CampaignEntry entry, YamlValue at) {
      JsonNode rules = YamlJson.of(entry.rules());
      try {
        Campaign.checkRules(rules);
      } catch (RulesParser.InvalidRules invalid) {
        problem(YamlJson.line(entry.rules(), "rules", invalid.getMessage()), invalid.reason());
        return;
      }
      checkShownNumber(entry.shownNumber());
      long customer =
          handle
              .createQuery("SELECT id FROM customer WHERE code = :code")
              .bind("code", entry.customer())
              .mapTo(Long.class)
              .findOne()
              .orElseThrow(
                  () -> new ApplyRefused(Sentence.of("apply.no-customer", entry.customer())));
      try {
        OwnRulesStore.checkCampaign(handle, entry.code(), customer, rules, clock.instant());
      } catch (RulesParser.InvalidRules never) {
        problem(YamlJson.line(entry.rules(), "rules", never.getMessage()), never.reason());
        return;
      }
      int version =
          questionnaires
              .latest(handle, entry.questionnaire())
              .orElseThrow(
                  () ->
                      new ApplyRefused(
                          Sentence.of("apply.no-questionnaire", entry.questionnaire())))
              .version();
      Map<String, Object> columns = new LinkedHashMap<>();
      columns.put("name", entry.name());
      columns.put("customer_id", customer);
      columns.put("questionnaire_code", entry.questionnaire());
      columns.put("questionnaire_version", version);
      columns.put("mode", entry.mode());
      columns.put("shown_number", entry.shownNumber());
      columns.put("rules", rules.toString());
      item(put("campaign", entry.code(), columns), "campaign", entry.code());
    }

    private void cadence(ApplyFile.CadenceEntry entry, YamlValue at) {
      CadenceStore.Owner owner = owner(entry);
      JsonNode document = YamlJson.of(entry.cadence());
      try {
        CadenceStore store = new CadenceStore();
        int before = store.find(handle, owner).version();
        boolean changed = store.apply(handle, owner, document, "apply", clock.instant());
        item(!changed ? "unchanged" : before == 0 ? "added" : "changed", "cadence", entry.owner());
      } catch (RulesParser.InvalidRules invalid) {
        problem(YamlJson.line(entry.cadence(), "cadence", invalid.getMessage()), invalid.reason());
      }
    }

    private CadenceStore.Owner owner(ApplyFile.CadenceEntry entry) {
      if (!entry.tier().isEmpty()) {
        return handle
            .createQuery("SELECT code FROM tier WHERE code = :code")
            .bind("code", entry.tier())
            .mapTo(String.class)
            .findOne()
            .map(CadenceStore.Owner.OfTier::new)
            .orElseThrow(() -> new ApplyRefused(Sentence.of("apply.no-tier", entry.tier())));
      }
      long customer =
          handle
              .createQuery("SELECT id FROM customer WHERE code = :code")
              .bind("code", entry.customer())
              .mapTo(Long.class)
              .findOne()
              .orElseThrow(
                  () -> new ApplyRefused(Sentence.of("apply.no-customer", entry.customer())));
      if (entry.site().isEmpty()) {
        return new CadenceStore.Owner.OfCustomer(customer);
      }
      return handle
          .createQuery("SELECT id FROM site WHERE customer_id = :customer AND code = :code")
          .bind("customer", customer)
          .bind("code", entry.site())
          .mapTo(Long.class)
          .findOne()
          .map(site -> new CadenceStore.Owner.OfSite(site, customer))
          .orElseThrow(
              () ->
                  new ApplyRefused(Sentence.of("why.no-site-of", entry.site(), entry.customer())));
    }

    private void checkShownNumber(String number) {
      if (number.isEmpty()) {
        return;
      }
      if (Trunk.receivesOnly(number)) {
        throw new ApplyRefused(Sentence.of("apply.hotline-shown", number));
      }
      if (trunks.stream().noneMatch(trunk -> trunk.shown().contains(number))) {
        throw new ApplyRefused(Sentence.of("apply.not-shown", number));
      }
      // sites are dialled by the first trunk
      if (shown.leaving(trunks.getFirst().endpoint(), number, true)
          instanceof ShownNumbers.Leaving.Refused refused) {
        throw new ApplyRefused(refused.why());
      }
    }

    /** Table and columns are ours; only values come from the file. */
    private String put(String table, String code, Map<String, Object> columns) {
      Optional<Map<String, Object>> stored =
          handle
              .createQuery(
                  "SELECT "
                      + String.join(", ", columns.keySet())
                      + " FROM "
                      + table
                      + " WHERE code = :code FOR UPDATE")
              .bind("code", code)
              .mapToMap()
              .findOne();
      List<String> names = List.copyOf(columns.keySet());
      if (stored.isEmpty()) {
        handle
            .createUpdate(
                "INSERT INTO "
                    + table
                    + " (code, "
                    + String.join(", ", names)
                    + ") VALUES (:code, :"
                    + String.join(", :", names)
                    + ")")
            .bind("code", code)
            .bindMap(columns)
            .execute();
        return "added";
      }
      if (names.stream().allMatch(name -> same(columns.get(name), stored.get().get(name)))) {
        return "unchanged";
      }
      handle
          .createUpdate(
              "UPDATE "
                  + table
                  + " SET "
                  + String.join(", ", names.stream().map(name -> name + " = :" + name).toList())
                  + " WHERE code = :code")
          .bind("code", code)
          .bindMap(columns)
          .execute();
      return "changed";
    }

    /** MySQL writes JSON in its own way, so JSON is compared as what it says. */
    private boolean same(Object wanted, Object stored) {
      String one = Objects.toString(wanted);
      String other = Objects.toString(stored);
      if (one.equals(other)) {
        return true;
      }
      try {
        return one.startsWith("{") && JSON.readTree(one).equals(JSON.readTree(other));
      } catch (com.fasterxml.jackson.core.JsonProcessingException notJson) {
        return false;
      }
    }
  }
}
