import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { studyStorage } from "../../../core/recipe/study_storage.ts";

Deno.test("studyStorage() tells memory, journals, SQLite files and databases of servers apart", () => {
  assertEquals(studyStorage(""), { type: "memory" });
  for (
    const [text, type, path] of [
      ["trials.journal", "journal", "trials.journal"],
      ["/var/a b.journal", "journal", "/var/a b.journal"],
      ["trials.db", "sqlite", "trials.db"],
      ["trials", "sqlite", "trials"],
      ["sqlite:///trials.db", "sqlite", "trials.db"],
      ["sqlite:////var/trials.db", "sqlite", "/var/trials.db"],
      ["SQLite:///trials.journal", "sqlite", "trials.journal"],
    ]
  ) assertEquals(studyStorage(text!), { type, path } as never);
  assertEquals(studyStorage("postgresql://db.example.org/studies"), {
    type: "postgresql",
    host: "db.example.org",
    port: 5432,
    database: "studies",
    sslMode: "prefer",
    rootCertificate: null,
  });
  assertEquals(
    studyStorage(
      "postgres://[::1]:6543/s?sslmode=verify-full&sslrootcert=/etc/ca.pem",
    ),
    {
      type: "postgresql",
      host: "[::1]",
      port: 6543,
      database: "s",
      sslMode: "verify-full",
      rootCertificate: "/etc/ca.pem",
    },
  );
});

for (
  const [text, problem] of [
    ["postgresql://ann:s3cret@h/d", "must not hold a user or password"],
    ["postgresql://ann@h/d", "must not hold a user or password"],
    ["mysql://ann:s3cret@h/d", "must not hold a user or password"],
    ["mysql://h/d", "must be a path, sqlite:///path or postgresql://"],
    ["s3://bucket/trials.journal", "must be a path, sqlite:///path or"],
    ["sqlite://trials.db", "must be sqlite:///path"],
    ["sqlite:///", "must be sqlite:///path"],
    ["sqlite:///a.db?mode=ro", "must be sqlite:///path"],
    ["postgresql://h", "must name a host and a database"],
    ["postgresql:///d", "must name a host and a database"],
    ["postgresql://h/a/b", "must name a host and a database"],
    ["postgresql://h/%64", "must name a host and a database"],
    ["postgresql://h:port/d", "must name a host and a database"],
    ["postgresql://h/d?user=ann&password=s3cret", "takes sslmode and"],
    ["postgresql://h/d?sslmode=disable&sslmode=require", "takes sslmode and"],
    ["postgresql://h/d?sslmode=maybe", "must have an sslmode of disable,"],
    ["postgresql://h/d?sslrootcert=ca.pem", "has an sslrootcert, which needs"],
  ]
) {
  Deno.test(`studyStorage() refuses ${text}`, () => {
    const storage = studyStorage(text!);
    if (storage.type !== "refused") throw new Error(storage.type);
    assert(storage.problem.startsWith(problem!), storage.problem);
    assert(!/ann|s3cret/.test(storage.problem));
  });
}

Deno.test("studyStorage() takes any text and repeats none that may be secret", () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), (secret) => {
    for (const scheme of ["postgresql", "mysql", "sqlite", "oracle"]) {
      const storage = studyStorage(
        `${scheme}://u:${encodeURIComponent(secret)}xyzzy@h/d`,
      );
      assert(storage.type === "refused" && !storage.problem.includes("xyzzy"));
    }
    studyStorage(secret);
    studyStorage(`postgresql:${secret}`);
  }));
});
