package org.careline.demo;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The customers of the demonstration: the two chains of the first real round and twenty others of
 * all tiers, as a file that goes through the same import as anybody's. The last digits of a number
 * tell the outside world how the site takes a call (dialplans/README.md): the third last is the
 * seconds it rings, the last two the seconds it talks, or what else happens. Immutable.
 */
public final class Seeds {
  private static final int ROSTER_DAYS = 56;
  private static final String[] HEADER = {
    "chain_code",
    "chain_name",
    "site_code",
    "site_name",
    "tier",
    "trade",
    "region_code",
    "province",
    "city",
    "address",
    "contact_name",
    "contact_role",
    "phone1",
    "device_model",
    "device_serial",
    "install_date",
    "account_manager",
    "consent_basis",
    "consent_until"
  };
  private static final String[][] REGIONS = {
    {"HD", "上海市", "上海", "静安区南京西路"},
    {"HB", "北京市", "北京", "朝阳区建国路"},
    {"HN", "广东省", "广州", "天河区天河路"},
    {"XN", "四川省", "成都", "锦江区春熙路"},
    {"HZ", "湖北省", "武汉", "江汉区解放大道"},
    {"XB", "陕西省", "西安", "雁塔区长安南路"}
  };
  private static final String[] TIERS = {
    "platinum",
    "platinum",
    "platinum",
    "gold",
    "gold",
    "gold",
    "gold",
    "silver",
    "silver",
    "silver",
    "silver",
    "silver"
  };

  private final List<Site> sites = new ArrayList<>();
  private final Map<String, Destiny> destinies = new HashMap<>();

  /** A staged site. */
  public record Site(
      String chain,
      String chainName,
      String code,
      String name,
      String tier,
      String trade,
      int region,
      String phone) {}

  public Seeds() {
    chain("RJ", "瑞居酒店", "platinum", "hotel", Destiny.of(Destiny.RJ), 0);
    chain("MT", "满堂餐饮", "gold", "restaurant", Destiny.of(Destiny.MT), 200);
    for (int customer = 1; customer <= 20; customer++) {
      String code = "C%02d".formatted(customer);
      String tier = customer <= TIERS.length ? TIERS[customer - 1] : "standard";
      for (int site = 0; site < 1 + customer % 3; site++) {
        int index = 400 + customer * 10 + site;
        sites.add(
            new Site(
                code,
                "客户" + code,
                code + "-" + (site + 1),
                "客户" + code + "门店" + (site + 1),
                tier,
                "gym",
                site,
                phone(index, 1, "20")));
      }
    }
  }

  private void chain(
      String code, String name, String tier, String trade, List<Destiny> fates, int first) {
    for (int i = 0; i < fates.size(); i++) {
      Destiny fate = fates.get(i);
      String site = "%s%03d".formatted(code, i + 1);
      sites.add(
          new Site(
              code,
              name,
              site,
              name + REGIONS[i % REGIONS.length][2] + (i / REGIONS.length + 1) + "店",
              tier,
              trade,
              i % REGIONS.length,
              phone(first + i, 1, ending(fate.contact()))));
      destinies.put(code + "/" + site, fate);
    }
  }

  private static String ending(Destiny.Contact contact) {
    return switch (contact) {
      case ANSWERS -> "45";
      case REFUSES -> "03";
      case BUSY -> "90";
      case NO_ANSWER -> "91";
    };
  }

  /** A Chinese mobile number: 138, five digits of its own, how long it rings, what happens. */
  private static String phone(int index, int ring, String ending) {
    return "138%05d%d%s".formatted(index, ring, ending);
  }

  /** All sites. */
  public List<Site> sites() {
    return List.copyOf(sites);
  }

  /** What is staged for {@code <chain>/<site code>}; null = nothing. */
  public Destiny destiny(String key) {
    return destinies.get(key);
  }

  /** Sites of a chain in the staged round. */
  public long sitesOf(String chain) {
    return sites.stream().filter(site -> site.chain().equals(chain)).count();
  }

  /** The file for the import, UTF-8. */
  public byte[] csv() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Writer out = new OutputStreamWriter(bytes, StandardCharsets.UTF_8);
        CsvWriter csv = CsvWriter.builder().build(out)) {
      csv.writeRecord(HEADER);
      int number = 0;
      for (Site site : sites) {
        number++;
        String[] region = REGIONS[site.region() % REGIONS.length];
        csv.writeRecord(
            site.chain(),
            site.chainName(),
            site.code(),
            site.name(),
            site.tier(),
            site.trade(),
            region[0],
            region[1],
            region[2],
            region[3] + (number % 400 + 1) + "号",
            "王经理" + number,
            number % 3 == 0 ? "engineer" : "store manager",
            site.phone(),
            number % 2 == 0 ? "CL-200" : "CL-80",
            "SN%06d".formatted(number),
            "2025-%02d-%02d".formatted(number % 12 + 1, number % 28 + 1),
            site.tier().equals("platinum") ? "8001" : "",
            "contract",
            "2099-12-31");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Tiers, line, questionnaire and people, for {@code apply}.
   *
   * @param outsidePort SIP port of the outside world, where the agents' desk phones stand
   * @param password of everybody in the demonstration
   */
  public static String cast(int outsidePort, String password) {
    return resource("/demo/cast.yaml")
        .replace("@PORT@", String.valueOf(outsidePort))
        .replace("@PASSWORD@", password);
  }

  /**
   * The campaigns of the two chains with their cadences, for {@code apply}, once their sites are
   * there.
   *
   * @param firstRound day of the first round that opens by itself
   */
  public static String campaigns(LocalDate firstRound) {
    return resource("/demo/campaigns.yaml").replace("@FROM@", firstRound.toString());
  }

  /** The agents' shifts of some weeks from the day on, a file for the import. */
  public static byte[] roster(LocalDate from) {
    StringBuilder csv = new StringBuilder("agent,date,from,to\n");
    for (int day = 0; day < ROSTER_DAYS; day++) {
      if (from.plusDays(day).getDayOfWeek().getValue() <= 5) {
        for (int agent = 8001; agent <= 8006; agent++) {
          csv.append(agent).append(',').append(from.plusDays(day)).append(",09:00,18:00\n");
        }
      }
    }
    return csv.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String resource(String name) {
    try (InputStream in = Seeds.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
