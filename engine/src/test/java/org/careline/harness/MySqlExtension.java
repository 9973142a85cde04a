package org.careline.harness;

import org.careline.database.Database;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class a fresh, migrated schema on the shared real MySQL:
 *
 * <pre>
 * &#64;RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
 * </pre>
 *
 * then {@code mysql.database()}, or a parameter of type {@link Database}.
 */
public final class MySqlExtension
    implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
  private String schema;
  private Database database;

  public Database database() {
    return database;
  }

  public String schema() {
    return schema;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    schema = TestMySql.shared().freshSchema();
    database = TestMySql.shared().database(schema);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (database != null) {
      database.close();
      TestMySql.shared().drop(schema);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Database.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return database;
  }
}
