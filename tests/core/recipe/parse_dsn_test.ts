import {
  assert,
  assertEquals,
  assertObjectMatch,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { RecotemError } from "../../../core/errors.ts";
import { type Dsn, parseDsn } from "../../../core/recipe/parse_dsn.ts";

const VARIABLE = "RECOTEM_RECIPE_DB";
const SERVER = {
  dialect: "postgresql",
  host: "db.example.org",
  serverName: "db.example.org",
  port: 5432,
  user: "reader",
  password: "p@ss",
  database: "shop",
  tls: { mode: "prefer", ca: null },
} as const;

/** DSN → what it says. */
const READ: readonly [dsn: string, Dsn][] = [
  ["postgresql://reader:p%40ss@db.example.org/shop", SERVER],
  ["postgres+psycopg://reader:p%40ss@db.example.org:5432/shop", SERVER],
  [" POSTGRESQL://reader:p%40ss@db.example.org/shop\n", SERVER],
  ["postgresql://reader:p%40ss@/shop?host=db.example.org", SERVER],
  [
    "postgresql://reader:p%40ss@db.example.org/shop?hostaddr=192.0.2.7&port=6000&sslmode=verify-full&sslrootcert=/etc/ca.pem",
    {
      ...SERVER,
      host: "192.0.2.7",
      port: 6000,
      tls: { mode: "verify-full", ca: "/etc/ca.pem" },
    },
  ],
  ["postgresql://reader:p%40ss@[2001:db8::1]:6000/shop?sslmode=disable", {
    ...SERVER,
    host: "2001:db8::1",
    serverName: "2001:db8::1",
    port: 6000,
    tls: { mode: "off", ca: null },
  }],
  ["mysql+pymysql://reader:p%40ss@db.example.org/shop?charset=utf8mb4", {
    ...SERVER,
    dialect: "mysql",
    port: 3306,
    tls: { mode: "off", ca: null },
  }],
  ["mariadb://reader:p%40ss@db.example.org:3307/shop?ssl_ca=ca.pem", {
    ...SERVER,
    dialect: "mysql",
    port: 3307,
    tls: { mode: "verify-ca", ca: "ca.pem" },
  }],
  ["mysql://reader:p%40ss@db.example.org/shop?ssl-mode=VERIFY_IDENTITY", {
    ...SERVER,
    dialect: "mysql",
    port: 3306,
    tls: { mode: "verify-full", ca: null },
  }],
  ["sqlite:///data/shop.db", { dialect: "sqlite", path: "data/shop.db" }],
  ["sqlite:////srv/my%20shop.db", {
    dialect: "sqlite",
    path: "/srv/my shop.db",
  }],
];

for (const [dsn, expected] of READ) {
  Deno.test(`parseDsn() reads ${dsn.trim()}`, () => {
    assertEquals(parseDsn(dsn, VARIABLE), expected);
  });
}

/** DSN → its refusal's exit code and the end of its message. */
const REFUSED: readonly [dsn: string, exitCode: number, must: string][] = [
  [
    "secret",
    3,
    "must look like postgresql://user:password@host:port/database",
  ],
  [
    "oracle://secret:secret@h/secret",
    3,
    "must start with postgresql://, mysql://, mariadb:// or sqlite://",
  ],
  ["postgresql://u:secret@/d", 7, "must name one host"],
  ["postgresql://u:secret@h1,h2/d", 7, "must name one host"],
  ["postgresql://u:secret@/d?host=/var/run/secret", 7, "must name one host"],
  ["postgresql://u:secret@%2Fvar%2Frun/d", 7, "must name one host"],
  [
    "postgresql://u:secret@h/d?service=secret",
    7,
    "must not have service: it must name one host",
  ],
  [
    "mysql://u:secret@h/d?unix_socket=/secret",
    7,
    "must not have unix_socket: it must name one host",
  ],
  [
    "mysql://u:secret@192.0.2.7/d?ssl_mode=VERIFY_IDENTITY",
    3,
    "must name its host by a name, not an address, for ssl_mode VERIFY_IDENTITY",
  ],
  ["postgresql://h/d", 3, "must name a user and a database"],
  ["postgresql://u:secret@h", 3, "must name a user and a database"],
  ["mysql://u:secret@h:0/d", 3, "must have a port from 1 to 65535"],
  ["mysql://u:secret@h:65536/d", 3, "must have a port from 1 to 65535"],
  ["mysql://u:secret%zz@h/d", 3, "must write a percent sign as %25"],
  [
    "postgresql://u:secret@h/d?sslmode=secret",
    3,
    "must have one of disable, allow, prefer, require, verify-ca, verify-full for sslmode",
  ],
  [
    "mysql://u:secret@h/d?secret=1",
    3,
    "must have no parameters but ssl_mode, ssl_ca, charset",
  ],
  [
    "sqlite://",
    3,
    "must name a file: sqlite:///relative/path or sqlite:////absolute/path",
  ],
  [
    "sqlite://secret/x.db",
    3,
    "must name a file: sqlite:///relative/path or sqlite:////absolute/path",
  ],
  ["sqlite:///x.db?mode=secret", 3, "must have no parameters"],
];

for (const [dsn, exitCode, must] of REFUSED) {
  Deno.test(`parseDsn() refuses ${dsn} with exit ${exitCode} and repeats nothing of it`, () => {
    const error = assertThrows(() => parseDsn(dsn, VARIABLE), RecotemError);
    assertEquals(error.message, `The DSN in ${VARIABLE} ${must}`);
    assertEquals(error.exitCode, exitCode);
  });
}

Deno.test("parseDsn() reads back any user, password and database that are encoded", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) =>
    text.isWellFormed()
  );
  fc.assert(
    fc.property(text, text, text, (user, password, database) => {
      const encode = (part: string) =>
        encodeURIComponent(part).replace(
          /[!'()*]/g,
          (c) => `%${c.charCodeAt(0).toString(16)}`,
        );
      const dsn = parseDsn(
        `mysql://${encode(user)}:${encode(password)}@h/${encode(database)}`,
        VARIABLE,
      );
      assertObjectMatch(dsn, { user, password, database });
    }),
  );
});

Deno.test("parseDsn() throws nothing but refusals, in linear time", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseDsn(`postgresql://${text}`, VARIABLE);
      } catch (error) {
        assert(error instanceof RecotemError);
      }
    }),
  );
});
