/** Answers in bulk over the real command line. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { parquetReadObjects } from "hyparquet";
import type { ItemField } from "../../core/models/item_table.ts";
import { PartialFile } from "../../recommend/partial_file.ts";
import { Audit, compareWithGrants } from "../audit.ts";
import { shopArtifact, type ShopOptions, SIGNING_KEYS } from "../serve/shop.ts";
import { recommend, recommendFolder } from "./recommend_run.ts";

const MAIN: string = fromFileUrl(import.meta.resolve("../../cli/main.ts"));
const ROOT: string = fromFileUrl(import.meta.resolve("../../"));
const FIELDS: readonly ItemField[] = [
  { name: "title", type: "text", values: ["Apple", "Bread", null, "Dates"] },
  { name: "cost", type: "number", values: [1, 2, 3, 4] },
];

/** A folder with the pointer `models/shop.recotem`, and a folder `out`. */
async function shop(
  options: ShopOptions = { fields: FIELDS },
): Promise<{ path: string } & AsyncDisposable> {
  const folder = await recommendFolder();
  const { path } = folder;
  await Deno.writeFile(
    `${path}/models/shop.00000001.recotem`,
    await shopArtifact(options),
  );
  await Deno.writeTextFile(
    `${path}/models/shop.recotem`,
    "shop.00000001.recotem\n",
  );
  return folder;
}

async function names(path: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(path));
  return entries.map(({ name }) => name).sort();
}

Deno.test("recotem recommend answers all users of the artifact that a pointer names, and asks for no more than it needs", async () => {
  await using folder = await shop();
  using audit = new Audit();
  const { code, out, err } = await recommend(folder.path, [
    ...["models/shop.recotem", "--all", "--out", "out/answers.csv"],
  ], { RECOTEM_LOG_LEVEL: "warn", ...audit.env });
  assertEquals([code, err], [0, ""]);
  const file = `${folder.path}/out/answers.csv`;
  assertEquals(out, `${file}: 8 rows for 3 users, 0 unknown\n`);
  assertEquals(
    await Deno.readTextFile(file),
    [
      "user_id,rank,item_id,score",
      "ann,1,bread,8",
      "ann,2,cheese,4",
      "ann,3,apple,2",
      "ann,4,dates,0.5",
      "bob,1,cheese,4",
      "bob,2,apple,2",
      "bob,3,dates,0.5",
      "zoë,1,dates,0.5\n",
    ].join("\n"),
  );
  assertEquals(await names(`${folder.path}/out`), ["answers.csv"]);
  assertEquals(
    compareWithGrants(audit.asked(), {
      read: [
        `${ROOT}core`,
        `${ROOT}recommend`,
        `${folder.path}/models`,
        `${folder.path}/out`,
      ],
      write: [file, `${file}.partial`, `${file}.partial.journal`],
      net: [],
      env: ["RECOTEM_*"],
    }, folder.path),
    { refused: [], unused: [] },
  );
});

Deno.test("recotem recommend answers the users of a CSV file with items' fields, counts the unknown, and hides what is denied", async () => {
  await using folder = await shop();
  await Deno.writeTextFile(
    `${folder.path}/users.csv`,
    "n,who\n1,zoë\n2,eve\n3,ann\n4,eve\n",
  );
  const argv = [
    ...["models/shop.recotem", "--users", "users.csv", "--column", "who"],
    ...["--limit", "2", "--metadata", "--include-seen"],
  ];
  const { code, out, err } = await recommend(folder.path, [
    ...argv,
    ...["--out", "out/a.jsonl"],
  ], { RECOTEM_METADATA_FIELD_DENY: "Cost" });
  assertEquals(code, 0, err);
  assertMatch(out, /4 rows for 4 users, 2 unknown/);
  const items = [
    '{"item_id":"bread","score":8,"title":"Bread"}',
    '{"item_id":"cheese","score":4,"title":null}',
  ];
  assertEquals(
    await Deno.readTextFile(`${folder.path}/out/a.jsonl`),
    ["zoë", "ann"].map((user) => `{"user_id":"${user}","items":[${items}]}\n`)
      .join(""),
  );
  const told = err.trimEnd().split("\n").map((line) => JSON.parse(line));
  const warning = told.find(({ event }) => event === "users_unknown")!;
  assertEquals(
    [warning.level, warning.unknown, warning.users, warning.answered],
    ["warning", 2, 4, "not at all"],
  );
  // Who they are stays in the file.
  assertEquals(/\beve\b/.test(err), false);
});

Deno.test("recotem recommend --fallback popular answers the unknown with what most users have", async () => {
  await using folder = await shop();
  await Deno.writeTextFile(`${folder.path}/users.txt`, "eve\nbob\n");
  const { code } = await recommend(folder.path, [
    ...["models/shop.recotem", "--users", "users.txt", "--limit", "2"],
    ...["--fallback", "popular", "--out", "out/a.parquet"],
  ]);
  assertEquals(code, 0);
  const { buffer } = await Deno.readFile(`${folder.path}/out/a.parquet`);
  const eve = { user_id: "eve", fallback: true };
  const bob = { user_id: "bob", fallback: false };
  assertEquals(await parquetReadObjects({ file: buffer }), [
    // Two users have bread, one has apple and one has cheese.
    { ...eve, rank: 1, item_id: "bread", score: 2 },
    { ...eve, rank: 2, item_id: "apple", score: 1 },
    { ...bob, rank: 1, item_id: "cheese", score: 4 },
    { ...bob, rank: 2, item_id: "apple", score: 2 },
  ]);
});

Deno.test("recotem recommend says by its exit code what was wrong, and leaves what is there", async () => {
  await using folder = await shop();
  const { path } = folder;
  const artifact = "models/shop.recotem";
  await Deno.writeTextFile(`${path}/users.csv`, "id\nann\n");
  await Deno.writeTextFile(`${path}/out/a.csv`, "of yesterday");
  await Deno.writeTextFile(`${path}/models/wrong.recotem`, "no artifact");
  using _ = await PartialFile.open(`${path}/out/held.csv`, null);
  const all = ["--all", "--out", "out/a.csv"];
  const some = ["--out", "out/a.csv", "--users", "users.csv"];
  for (
    const [argv, exit, says, env] of [
      [[artifact, "--out", "out/a.csv"], 2, /--users or --all/],
      [[artifact, "--all", "--out", "none/a.csv"], 2, /Cannot write/],
      [[artifact, ...some, "--column", "user"], 3, /no column "user"/],
      [[artifact, ...all, "--all", "--users", "u"], 2, /--users or --all/],
      [
        [artifact, "--users", "none.csv", "--out", "out/a.csv"],
        3,
        /there is no such file/,
      ],
      [["models/none.recotem", ...all], 5, /does not exist/],
      [["models/wrong.recotem", ...all], 5, /does not start with|cut short/],
      [[artifact, "--all", "--out", "out/held.csv"], 6, /Another process/],
      [
        [artifact, ...all],
        8,
        /RECOTEM_SIGNING_KEYS is not set/,
        { RECOTEM_SIGNING_KEYS: "" },
      ],
      [
        [artifact, ...all],
        5,
        /unknown kid/,
        { RECOTEM_SIGNING_KEYS: `other:${"5a".repeat(32)}` },
      ],
    ] as const
  ) {
    const { code, out, err } = await recommend(path, argv, {
      RECOTEM_LOG_LEVEL: "error",
      ...env,
    });
    assertEquals([code, out], [exit, ""], `${argv}: ${err}`);
    assertMatch(err, says);
    assertMatch(err, /^Error: [^\n]+\n$/);
  }
  assertEquals(await Deno.readTextFile(`${path}/out/a.csv`), "of yesterday");
  assertEquals(await names(`${path}/out`), [
    "a.csv",
    "held.csv.partial",
    "held.csv.partial.journal",
  ]);
});

/** Starts the command and ends it once so many blocks are finished; answers its exit code. */
async function interrupted(
  path: string,
  argv: readonly string[],
  { journal, blocks, how }: {
    journal: string;
    blocks: number;
    how: "SIGTERM to the command" | "SIGKILL to its child";
  },
): Promise<number> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, "recommend", ...argv],
    cwd: path,
    env: { RECOTEM_SIGNING_KEYS: SIGNING_KEYS },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let ended = false;
  const status = process.status.finally(() => ended = true);
  for (;;) {
    const text = await Deno.readTextFile(journal).catch(() => "");
    if (text.split("\n").length > blocks) break;
    assert(!ended, "It was quicker than this test");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  if (how === "SIGTERM to the command") process.kill("SIGTERM");
  else {
    const { stdout } = await new Deno.Command("pgrep", {
      args: ["-P", String(process.pid)],
    }).output();
    Deno.kill(Number(new TextDecoder().decode(stdout)), "SIGKILL");
  }
  return (await status).code;
}

for (const format of ["csv", "parquet"]) {
  Deno.test(`recotem recommend goes on where it was ended, to the same ${format} as without that`, async () => {
    const users: Record<string, string[]> = {};
    for (let n = 0; n < 30_000; n++) users[`u${n}`] = n % 2 ? ["bread"] : [];
    await using folder = await shop({ users });
    const { path } = folder;
    // With long lists a block has few users.
    const argv = ["models/shop.recotem", "--all", "--limit", "1000"];
    const whole = await recommend(path, [
      ...argv,
      ...["--out", `out/whole.${format}`],
    ]);
    assertEquals(whole.code, 0, whole.err);
    const out = `out/a.${format}`;
    const journal = `${path}/${out}.partial.journal`;
    const again = [...argv, "--out", out];
    for (
      const [blocks, how, code] of [
        [20, "SIGTERM to the command", 143],
        [60, "SIGKILL to its child", 137],
      ] as const
    ) {
      assertEquals(
        await interrupted(path, again, { journal, blocks, how }),
        code,
      );
      assertEquals(
        await names(`${path}/out`),
        [
          `a.${format}.partial`,
          `a.${format}.partial.journal`,
          `whole.${format}`,
        ],
      );
    }
    const { code, out: said, err } = await recommend(path, again);
    assertEquals(code, 0, err);
    assertMatch(said, /105000 rows for 30000 users, 0 unknown/);
    const after = /"resumed_after_users":(\d+)/.exec(err);
    // The journal's first two lines name the work and the head of the file.
    assert(Number(after?.[1]) >= 58 * 132, err);
    assertEquals(await names(`${path}/out`), [
      `a.${format}`,
      `whole.${format}`,
    ]);
    const [one, other] = await Promise.all(
      [out, `out/whole.${format}`].map((name) =>
        Deno.readFile(`${path}/${name}`)
      ),
    );
    assertEquals(one!.length, other!.length);
    assert(one!.every((byte, n) => byte === other![n]));
  });
}

Deno.test("recotem recommend takes no more memory for many users than for few", async () => {
  const users: Record<string, string[]> = {};
  for (let n = 0; n < 20_000; n++) users[`u${n}`] = [];
  await using folder = await shop({ users });
  const peaks: number[] = [];
  for (const copies of [1, 25]) {
    const list = Object.keys(users).join("\n") + "\n";
    await Deno.writeTextFile(`${folder.path}/users.txt`, list.repeat(copies));
    const { stderr, code } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--preload", "./peak.ts"],
        import.meta.resolve("../../recommend/main.ts"),
        ...["models/shop.recotem", "--users", "users.txt"],
        ...["--out", "out/a.jsonl"],
      ],
      cwd: await withPeak(folder.path),
      env: { RECOTEM_SIGNING_KEYS: SIGNING_KEYS },
    }).output();
    const text = new TextDecoder().decode(stderr);
    assertEquals(code, 0, text);
    peaks.push(Number(/peak (\d+)/.exec(text)![1]));
  }
  assert(peaks[1]! < 2 * peaks[0]!, `${peaks} kB`);
});

/** Writes a module that tells at the end of the process how much memory it took at most. */
async function withPeak(path: string): Promise<string> {
  await Deno.writeTextFile(
    `${path}/peak.ts`,
    `globalThis.addEventListener("unload", () => {
  const status = Deno.readTextFileSync("/proc/self/status");
  console.error("peak " + /VmHWM:\\s+(\\d+)/.exec(status)[1]);
});`,
  );
  return path;
}
