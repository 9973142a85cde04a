package org.careline.customer;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.careline.agent.AgentNumber;
import org.careline.customer.ReferenceData.Sites;
import org.careline.language.Sentence;
import org.careline.line.LineSettingsJson;
import org.careline.line.LineSettingsParser;
import org.careline.line.OfficeCalendar;

/**
 * The reference data on the local disk, for a start without MySQL. Written beside, synced and
 * renamed, with a checksum at the end: there is always a whole one or none. It holds no secrets but
 * customers' numbers, hence mode 0600. Stateless.
 */
final class ReferenceFile {
  private static final int MAGIC = 0x43_4c_52_44;
  private static final int VERSION = 4;

  private ReferenceFile() {}

  static void write(Path path, ReferenceData data) throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    Path beside = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(beside);
    try (FileChannel channel =
        FileChannel.open(
            beside,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      OutputStream file = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      CheckedOutputStream checked = new CheckedOutputStream(file, new CRC32C());
      DataOutputStream out = new DataOutputStream(checked);
      put(out, data);
      out.writeLong(checked.getChecksum().getValue());
      out.flush();
      channel.force(true);
    }
    Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * @throws DamagedFile when it is damaged or of another version
   */
  static ReferenceData read(Path path) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    int length = bytes.length - Long.BYTES;
    if (length < Long.BYTES) {
      throw new DamagedFile(Sentence.of("reference.short", path));
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readInt() != MAGIC || in.readInt() != VERSION) {
        throw new DamagedFile(Sentence.of("reference.version", path));
      }
      try (DataInputStream tail =
          new DataInputStream(new ByteArrayInputStream(bytes, length, Long.BYTES))) {
        if (tail.readLong() != crc.getValue()) {
          throw new DamagedFile(Sentence.of("reference.checksum", path));
        }
      }
      return get(in);
    }
  }

  private static void put(DataOutputStream out, ReferenceData data) throws IOException {
    out.writeInt(MAGIC);
    out.writeInt(VERSION);
    out.writeLong(data.revision());
    out.writeInt(data.tiers().size());
    for (ReferenceData.Tier tier : data.tiers()) {
      out.writeUTF(tier.code());
      out.writeUTF(tier.nameEn());
      out.writeUTF(tier.nameZh());
      out.writeInt(tier.rank());
      out.writeDouble(tier.weight());
      out.writeInt(tier.minGrade());
    }
    putCalendars(out, data.calendars());
    out.writeInt(data.lines().size());
    for (ReferenceData.Line line : data.lines()) {
      out.writeUTF(line.code());
      out.writeUTF(line.number());
      out.writeUTF(line.nameEn());
      out.writeUTF(line.nameZh());
      out.writeUTF(line.language());
      out.writeUTF(line.greeting());
      out.writeLong(line.ringTimeout().toSeconds());
      out.writeLong(line.wrapUp().toSeconds());
      out.writeUTF(LineSettingsJson.of(line.settings()).toString());
    }
    out.writeInt(data.agents().size());
    for (ReferenceData.Agent agent : data.agents()) {
      out.writeUTF(agent.number().value());
      out.writeUTF(agent.login());
      out.writeUTF(agent.name());
      out.writeUTF(agent.language());
      out.writeInt(agent.grade());
      out.writeInt(agent.skills().size());
      for (String skill : new TreeSet<>(agent.skills())) {
        out.writeUTF(skill);
      }
      out.writeUTF(agent.deskPhone().orElse(""));
    }
    out.writeInt(data.customers().size());
    for (NumberOwner.Customer customer : data.customers()) {
      out.writeLong(customer.id());
      out.writeUTF(customer.code());
      out.writeUTF(customer.name());
      out.writeUTF(customer.tierCode());
    }
    Sites sites = data.sites();
    out.writeInt(sites.ids().length);
    for (int i = 0; i < sites.ids().length; i++) {
      out.writeLong(sites.ids()[i]);
      out.writeInt(sites.customers()[i]);
      out.writeShort(sites.tiers()[i]);
    }
    putTexts(out, sites.codes());
    putTexts(out, sites.names());
    out.writeInt(data.numbers().size());
    data.numbers()
        .each(
            (long key, int value) -> {
              out.writeLong(key);
              out.writeInt(value);
            });
    putManagers(out, data.managers());
    RoutingLoader.put(out, data.routing());
    out.writeInt(data.sharedBy().size());
    for (Map.Entry<Long, int[]> number : data.sharedBy().entrySet()) {
      out.writeLong(number.getKey());
      out.writeInt(number.getValue().length);
      for (int customer : number.getValue()) {
        out.writeInt(customer);
      }
    }
    data.callers().put(out);
  }

  private static ReferenceData get(DataInputStream in) throws IOException {
    long revision = in.readLong();
    List<ReferenceData.Tier> tiers = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      tiers.add(
          new ReferenceData.Tier(
              in.readUTF(),
              in.readUTF(),
              in.readUTF(),
              in.readInt(),
              in.readDouble(),
              in.readInt()));
    }
    Map<String, OfficeCalendar> calendars = getCalendars(in);
    List<ReferenceData.Line> lines = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      lines.add(
          new ReferenceData.Line(
              in.readUTF(),
              in.readUTF(),
              in.readUTF(),
              in.readUTF(),
              in.readUTF(),
              in.readUTF(),
              Duration.ofSeconds(in.readLong()),
              Duration.ofSeconds(in.readLong()),
              LineSettingsParser.parse(in.readUTF(), calendars::get)));
    }
    List<ReferenceData.Agent> agents = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      agents.add(agent(in));
    }
    List<NumberOwner.Customer> customers = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      customers.add(
          new NumberOwner.Customer(in.readLong(), in.readUTF(), in.readUTF(), in.readUTF()));
    }
    int count = in.readInt();
    long[] ids = new long[count];
    int[] owners = new int[count];
    short[] tierPlaces = new short[count];
    for (int i = 0; i < count; i++) {
      ids[i] = in.readLong();
      owners[i] = in.readInt();
      tierPlaces[i] = in.readShort();
    }
    Sites sites = new Sites(ids, owners, tierPlaces, getTexts(in), getTexts(in));
    int size = in.readInt();
    NumberMap numbers = new NumberMap(size);
    for (int i = 0; i < size; i++) {
      numbers.put(in.readLong(), in.readInt());
    }
    ReferenceData.Managers managers = getManagers(in, count, customers.size());
    RoutingData routing = RoutingLoader.get(in);
    Map<Long, int[]> sharedBy = getSharedBy(in);
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
        routing,
        CallerData.get(in));
  }

  private static Map<Long, int[]> getSharedBy(DataInputStream in) throws IOException {
    Map<Long, int[]> sharedBy = new HashMap<>();
    for (int n = in.readInt(); n > 0; n--) {
      long key = in.readLong();
      int[] owners = new int[in.readInt()];
      for (int i = 0; i < owners.length; i++) {
        owners[i] = in.readInt();
      }
      sharedBy.put(key, owners);
    }
    return sharedBy;
  }

  private static void putManagers(DataOutputStream out, ReferenceData.Managers managers)
      throws IOException {
    out.writeInt(managers.names().size());
    for (String name : managers.names()) {
      out.writeUTF(name);
    }
    for (int manager : managers.bySite()) {
      out.writeInt(manager);
    }
    for (int manager : managers.byCustomer()) {
      out.writeInt(manager);
    }
  }

  private static ReferenceData.Managers getManagers(DataInputStream in, int sites, int customers)
      throws IOException {
    List<String> names = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      names.add(in.readUTF());
    }
    return new ReferenceData.Managers(names, ints(in, sites), ints(in, customers));
  }

  private static int[] ints(DataInputStream in, int count) throws IOException {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = in.readInt();
    }
    return values;
  }

  private static ReferenceData.Agent agent(DataInputStream in) throws IOException {
    AgentNumber number = new AgentNumber(in.readUTF());
    String login = in.readUTF();
    String name = in.readUTF();
    String language = in.readUTF();
    int grade = in.readInt();
    Set<String> skills = new TreeSet<>();
    for (int n = in.readInt(); n > 0; n--) {
      skills.add(in.readUTF());
    }
    Optional<String> deskPhone = Optional.of(in.readUTF()).filter(text -> !text.isEmpty());
    return new ReferenceData.Agent(
        number, login, name, language, grade, Set.copyOf(skills), deskPhone);
  }

  private static void putCalendars(DataOutputStream out, Map<String, OfficeCalendar> calendars)
      throws IOException {
    out.writeInt(calendars.size());
    for (OfficeCalendar calendar : calendars.values()) {
      out.writeUTF(calendar.code());
      out.writeInt(calendar.days().size());
      for (Map.Entry<LocalDate, OfficeCalendar.Day> day : calendar.days().entrySet()) {
        out.writeLong(day.getKey().toEpochDay());
        out.writeUTF(day.getValue().kind().name());
        out.writeUTF(day.getValue().nameEn());
        out.writeUTF(day.getValue().nameZh());
      }
    }
  }

  private static Map<String, OfficeCalendar> getCalendars(DataInputStream in) throws IOException {
    Map<String, OfficeCalendar> calendars = new HashMap<>();
    for (int n = in.readInt(); n > 0; n--) {
      String code = in.readUTF();
      Map<LocalDate, OfficeCalendar.Day> days = new HashMap<>();
      for (int each = in.readInt(); each > 0; each--) {
        days.put(
            LocalDate.ofEpochDay(in.readLong()),
            new OfficeCalendar.Day(
                OfficeCalendar.Kind.valueOf(in.readUTF()), in.readUTF(), in.readUTF()));
      }
      calendars.put(code, new OfficeCalendar(code, days));
    }
    return calendars;
  }

  private static void putTexts(DataOutputStream out, PackedTexts texts) throws IOException {
    out.writeInt(texts.ends().length);
    for (int end : texts.ends()) {
      out.writeInt(end);
    }
    out.write(texts.bytes());
  }

  private static PackedTexts getTexts(DataInputStream in) throws IOException {
    int[] ends = new int[in.readInt()];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = in.readInt();
    }
    byte[] bytes = new byte[ends.length == 0 ? 0 : ends[ends.length - 1]];
    in.readFully(bytes);
    return new PackedTexts(bytes, ends);
  }
}
