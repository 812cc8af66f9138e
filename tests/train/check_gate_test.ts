import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import type { HeaderFields } from "../../artifact/header.ts";
import { KeyRing } from "../../artifact/key_ring.ts";
import { publishArtifact } from "../../artifact/publish_artifact.ts";
import { RecotemError } from "../../core/errors.ts";
import { parseRecipe } from "../../core/recipe/parse_recipe.ts";
import type { Gate, Recipe } from "../../core/recipe/recipe.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { checkGate, type GateContext } from "../../train/check_gate.ts";
import { CAPS, HEADER, TENSORS } from "../artifact/fixture.ts";
import { recordEvents } from "../core/record_events.ts";
import { KEYS } from "./fixture.ts";

const SPLIT = {
  scheme: "random",
  heldout_ratio: 0.1,
  test_user_ratio: 1,
  test_ratio: 0,
} as const;

/** A header with a score. */
function header(
  best_score: number | null,
  more: Partial<HeaderFields> = {},
): HeaderFields {
  return { ...HEADER, best_score, split: SPLIT, ...more };
}

/** Somewhere to publish. */
interface Place {
  readonly recipe: Recipe;
  readonly events: ReturnType<typeof recordEvents>;
  publish(header: HeaderFields, keys?: KeyRing): Promise<string>;
  check(
    gate: Partial<Gate>,
    header: HeaderFields,
    context?: Partial<GateContext>,
  ): Promise<void>;
}

function test(
  name: string,
  run: (place: Place) => Promise<void>,
  versioning = "append_sha",
): void {
  Deno.test(`checkGate() ${name}`, async () => {
    const folder = await Deno.makeTempDir();
    const recipe = await parseRecipe(
      `
name: shop
source: { type: csv, path: loans.csv }
schema: { user_column: reader, item_column: book }
training: { algorithms: [TopPop] }
output: { path: ${folder}/shop.recotem, versioning: ${versioning} }
`,
      { path: "shop.yaml", env: new Map() },
    );
    const events = recordEvents();
    const { signal } = new AbortController();
    const context = { ...CAPS, store: createStore(), keys: KEYS, signal };
    try {
      await run({
        recipe,
        events,
        async publish(header, keys = KEYS) {
          const parts = encodeArtifact(header, TENSORS, keys);
          const { artifact } = await publishArtifact(
            context.store,
            recipe.output,
            parts,
            CAPS,
          );
          return artifact;
        },
        async check(gate, header, more) {
          const training = {
            ...recipe.training,
            gate: { min_score: null, max_drop: null, ...gate },
          };
          const changed = { ...recipe, training };
          await checkGate(changed, header, { ...context, events, ...more });
        },
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

async function refusal(
  check: Promise<void>,
  says: RegExp,
): Promise<RecotemError> {
  const error = await assertRejects(() => check, RecotemError);
  assertMatch(error.message, says);
  return error;
}

/** Why the warning says that there was nothing to compare with. */
function notComparable({ events }: Place): unknown {
  const warnings = events.seen.filter(([level]) => level === "warn");
  assertEquals(warnings.map(([, event]) => event), ["gate_not_comparable"]);
  return warnings[0]![2].reason;
}

test("asks for nothing and says nothing by default", async (place) => {
  await place.publish(header(0.9));
  await place.check({}, header(0.1), {
    store: {
      ...createStore(),
      stat: () => Promise.reject(new Error("was asked")),
    },
  });
  assertEquals(place.events.seen, []);
});

test("refuses a score below min_score, and says both", async (place) => {
  await place.check({ min_score: 0.2 }, header(0.2));
  const error = await refusal(
    place.check({ min_score: 0.2 }, header(0.1999)),
    /ndcg@20, 0\.1999, is below training\.gate\.min_score, 0\.2: nothing was published/,
  );
  assertEquals([error.code, error.exitCode], ["gate_failed", 4]);
  assertEquals(error.details, { score: 0.1999, min_score: 0.2 });
});

for (const versioning of ["append_sha", "always_overwrite"]) {
  test(
    `refuses a score that is a larger share below the published one than max_drop, ${versioning}`,
    async (place) => {
      await place.publish(header(0.5));
      await place.check({ max_drop: 0.1 }, header(0.46));
      await place.check({ max_drop: 0.1 }, header(0.6));
      const error = await refusal(
        place.check({ max_drop: 0.1 }, header(0.44)),
        /ndcg@20, 0\.44, is 12 % below 0\.5, .*shop\.recotem; training\.gate\.max_drop allows 10 %/,
      );
      assertEquals([error.code, error.exitCode], ["gate_failed", 4]);
      assertEquals(error.details, {
        score: 0.44,
        published_score: 0.5,
        max_drop: 0.1,
      });
    },
    versioning,
  );
}

test("lets an equal score through when nothing may be lost", async (place) => {
  await place.publish(header(0.3));
  await place.check({ max_drop: 0 }, header(0.3));
  await refusal(place.check({ max_drop: 0 }, header(0.29999)), /below 0\.3/);
});

test("lets the first artifact through max_drop, not min_score", async (place) => {
  await place.check({ max_drop: 0 }, header(0.01));
  assertEquals(place.events.seen, [[
    "info",
    "gate_passed",
    { score: 0.01, published_score: null, min_score: null, max_drop: 0 },
  ]]);
  await refusal(
    place.check({ max_drop: 0, min_score: 0.5 }, header(0.4)),
    /min_score/,
  );
});

for (
  const [what, published, reason] of [
    [
      "another recipe's",
      { recipe_name: "books" },
      "its recipe_name is books, not shop",
    ],
    ["another metric's", { metric: "map" }, "its metric is map, not ndcg"],
    ["another cutoff's", { cutoff: 5 }, "its cutoff is 5, not 20"],
    [
      "another split's",
      { split: { ...SPLIT, scheme: "time_global" } },
      "its split.scheme is time_global, not random",
    ],
    ["no", { best_score: null }, "it has no score"],
  ] as const
) {
  test(`does not compare with ${what} score, and warns of it`, async (place) => {
    await place.publish({ ...header(0.9), ...published });
    await place.check({ max_drop: 0 }, header(0.1));
    assertEquals(notComparable(place), reason);
    await refusal(
      place.check({ max_drop: 0, min_score: 0.2 }, header(0.1)),
      /min_score/,
    );
  });
}

test("compares with a header that does not tell the split", async (place) => {
  const { split: _, ...earlier } = header(0.9);
  await place.publish(earlier);
  await refusal(place.check({ max_drop: 0.5 }, header(0.1)), /max_drop/);
});

test("does not believe what is signed with another key", async (place) => {
  await place.publish(header(0.9), KeyRing.parse(`old:${"77".repeat(32)}`));
  await place.check({ max_drop: 0 }, header(0.1));
  const warned = place.events.seen.map(([, event]) => event);
  assert(warned.includes("gate_not_comparable"));
});

test("does not believe what was changed", async (place) => {
  const artifact = await place.publish(header(0.1));
  const text = new TextDecoder("latin1").decode(await Deno.readFile(artifact));
  const changed = text.replace('"best_score":0.1,', '"best_score":0.9,');
  assert(changed !== text);
  await Deno.writeFile(
    artifact,
    Uint8Array.from(changed, (character) => character.charCodeAt(0)),
  );
  await place.check({ max_drop: 0 }, header(0.1));
  const warned = place.events.seen.map(([, event]) => event);
  assert(warned.includes("gate_not_comparable"));
});

test("lets a model through where the pointer names a file that is gone", async (place) => {
  await Deno.remove(await place.publish(header(0.9)));
  await place.check({ max_drop: 0 }, header(0.1));
  assertMatch(String(notComparable(place)), /does not exist/);
});

for (const step of ["stat", "read"] as const) {
  test(`fails where the store does not answer a ${step}: nobody knows the score then`, async (place) => {
    await place.publish(header(0.1));
    const store = createStore();
    const error = await refusal(
      place.check({ max_drop: 0 }, header(0.9), {
        store: {
          ...store,
          stat: (...args) => store.stat(...args),
          read: (...args) => store.read(...args),
          [step]: () => Promise.reject(new Error("503 Slow Down")),
        },
      }),
      /shop\.recotem.*503 Slow Down/,
    );
    assertEquals([error.code, error.exitCode], ["artifact_error", 5]);
  });
}
