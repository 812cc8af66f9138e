import type { Dsn } from "../../../core/recipe/parse_dsn.ts";
import type { Database, DatabaseLimits } from "./database.ts";

/**
 * The database that a DSN leads to; nothing is connected yet. The driver's code is loaded now, and no other's.
 *
 * @param refuse Why an address may not be connected to, or null when it may.
 */
export async function openDatabase(
  dsn: Dsn,
  limits: DatabaseLimits,
  refuse: (address: string) => string | null,
): Promise<Database> {
  switch (dsn.dialect) {
    case "sqlite": {
      const { SqliteDatabase } = await import("./sqlite_database.ts");
      return new SqliteDatabase(dsn, limits);
    }
    case "postgresql": {
      const { PostgresqlDatabase } = await import("./postgresql_database.ts");
      return new PostgresqlDatabase(dsn, limits, refuse);
    }
    case "mysql": {
      const { MysqlDatabase } = await import("./mysql_database.ts");
      return new MysqlDatabase(dsn, limits, refuse);
    }
  }
}
