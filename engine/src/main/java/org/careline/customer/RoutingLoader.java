package org.careline.customer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.routing.InvalidPolicy;
import org.careline.routing.Policy;
import org.careline.routing.PolicyParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link RoutingData} from MySQL, and in and out of the kept file. Stateless; blocks. */
final class RoutingLoader {
  private static final Logger LOG = LoggerFactory.getLogger(RoutingLoader.class);

  private RoutingLoader() {}

  static long revision(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT number FROM revision WHERE topic = 'routing'")) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  static RoutingData load(Connection connection) throws SQLException {
    long revision = revision(connection);
    return new RoutingData(
        revision, policies(connection), managers(connection), leaves(connection));
  }

  /** The newest version of each. One that cannot be read must not stop the hotline. */
  private static List<RoutingData.Saved> policies(Connection connection) throws SQLException {
    List<RoutingData.Saved> policies = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT p.code, p.version, p.document FROM policy p JOIN (SELECT code,"
                    + " MAX(version) version FROM policy GROUP BY code) newest USING (code,"
                    + " version) ORDER BY p.code")) {
      while (row.next()) {
        add(policies, row.getString(1), row.getInt(2), row.getString(3));
      }
    }
    return policies;
  }

  private static void add(
      List<RoutingData.Saved> policies, String code, int version, String document) {
    try {
      Policy policy = PolicyParser.parse(code, version, document);
      policies.add(new RoutingData.Saved(policy, document));
    } catch (InvalidPolicy invalid) {
      LOG.error("policy {} of version {} is not used: {}", code, version, invalid.getMessage());
    }
  }

  private static List<AccountManager> managers(Connection connection) throws SQLException {
    List<AccountManager> managers = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT m.name, a.agent_number, d.agent_number, m.mobile FROM account_manager m"
                    + " LEFT JOIN user_account a ON a.login = m.login AND a.active LEFT JOIN"
                    + " user_account d ON d.login = m.deputy_login AND d.active ORDER BY"
                    + " m.name")) {
      while (row.next()) {
        managers.add(
            new AccountManager(
                row.getString(1),
                number(row.getString(2)),
                number(row.getString(3)),
                Optional.ofNullable(row.getString(4))));
      }
    }
    return managers;
  }

  private static List<Leave> leaves(Connection connection) throws SQLException {
    List<Leave> leaves = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT a.agent_number, l.from_at, l.to_at, d.agent_number FROM agent_leave l JOIN"
                    + " user_account a ON a.login = l.login AND a.agent_number IS NOT NULL LEFT"
                    + " JOIN user_account d ON d.login = l.deputy_login AND d.active WHERE l.to_at"
                    + " > UTC_TIMESTAMP(3) ORDER BY l.from_at, l.id")) {
      while (row.next()) {
        leaves.add(
            new Leave(
                new AgentNumber(row.getString(1)),
                row.getTimestamp(2).toInstant(),
                row.getTimestamp(3).toInstant(),
                number(row.getString(4))));
      }
    }
    return leaves;
  }

  private static Optional<AgentNumber> number(String text) {
    return Optional.ofNullable(text).map(AgentNumber::new);
  }

  // --- the kept file

  static void put(DataOutputStream out, RoutingData data) throws IOException {
    out.writeLong(data.revision());
    out.writeInt(data.saved().size());
    for (RoutingData.Saved saved : data.saved()) {
      out.writeUTF(saved.policy().code());
      out.writeInt(saved.policy().version());
      byte[] document = saved.document().getBytes(StandardCharsets.UTF_8);
      out.writeInt(document.length);
      out.write(document);
    }
    out.writeInt(data.managers().size());
    for (AccountManager manager : data.managers()) {
      out.writeUTF(manager.name());
      put(out, manager.agent());
      put(out, manager.deputy());
      out.writeUTF(manager.mobile().orElse(""));
    }
    out.writeInt(data.leaves().size());
    for (Leave leave : data.leaves()) {
      out.writeUTF(leave.agent().value());
      out.writeLong(leave.from().toEpochMilli());
      out.writeLong(leave.to().toEpochMilli());
      put(out, leave.deputy());
    }
  }

  private static void put(DataOutputStream out, Optional<AgentNumber> number) throws IOException {
    out.writeUTF(number.map(AgentNumber::value).orElse(""));
  }

  static RoutingData get(DataInputStream in) throws IOException {
    long revision = in.readLong();
    List<RoutingData.Saved> policies = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      String code = in.readUTF();
      int version = in.readInt();
      byte[] document = new byte[in.readInt()];
      in.readFully(document);
      add(policies, code, version, new String(document, StandardCharsets.UTF_8));
    }
    List<AccountManager> managers = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      String name = in.readUTF();
      Optional<AgentNumber> agent = getNumber(in);
      Optional<AgentNumber> deputy = getNumber(in);
      Optional<String> mobile = Optional.of(in.readUTF()).filter(text -> !text.isEmpty());
      managers.add(new AccountManager(name, agent, deputy, mobile));
    }
    List<Leave> leaves = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      AgentNumber agent = new AgentNumber(in.readUTF());
      Instant from = Instant.ofEpochMilli(in.readLong());
      leaves.add(new Leave(agent, from, Instant.ofEpochMilli(in.readLong()), getNumber(in)));
    }
    return new RoutingData(revision, policies, managers, leaves);
  }

  private static Optional<AgentNumber> getNumber(DataInputStream in) throws IOException {
    return Optional.of(in.readUTF()).filter(text -> !text.isEmpty()).map(AgentNumber::new);
  }
}
