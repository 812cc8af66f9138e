import { assertEquals } from "@std/assert";
import { sleep } from "../serve_process.ts";
import type { Client, Notes } from "./client.ts";
import { LIST_RECIPES } from "./fact_questions.ts";
import type { LoadServer } from "./load_server.ts";
import { RECIPES } from "./names.ts";
import type { Question } from "./question.ts";
import { spoiledArtifact } from "./spoiled_artifact.ts";
import { makeVersion, type Version } from "./version.ts";

/** A version for each recipe, and its artifacts. */
export interface Edition {
  readonly versions: readonly Version[];
  readonly artifacts: ReadonlyMap<string, Uint8Array>;
}

/** Makes version `n` of each recipe, trained `n` seconds after `start`. */
export async function makeEdition(n: number, start: Date): Promise<Edition> {
  const trainedAt = new Date(start.getTime() + 1000 * n).toISOString()
    .replace(/\.\d+Z$/, "Z");
  const made = await Promise.all(
    RECIPES.map((recipe) => makeVersion(recipe, n, trainedAt)),
  );
  return {
    versions: made.map(({ version }) => version),
    artifacts: new Map(
      made.map(({ version, bytes }) => [version.recipe, bytes]),
    ),
  };
}

/** Replaces artifacts by good ones and by corrupt ones, and waits until the server has seen them. */
export class Publisher {
  /** Corrupt artifacts that were published. */
  spoiled = 0;
  readonly #server: LoadServer;
  readonly #client: Client;
  readonly #notes: Notes;

  /** @param client Asks how the server is. */
  constructor(server: LoadServer, client: Client, notes: Notes) {
    this.#server = server;
    this.#client = client;
    this.#notes = notes;
  }

  /** Publishes good artifacts of all recipes. */
  async swap({ versions, artifacts }: Edition): Promise<void> {
    for (const version of versions) this.#notes.versions.add(version);
    for (const [recipe, bytes] of artifacts) {
      await this.#server.publish(recipe, bytes);
      this.#notes.tally.add(
        `recotem_swap_total{recipe="${recipe}",result="ok"}`,
      );
    }
    await this.#counted();
    await this.#client.ask(health(200, "ok", RECIPES.length));
    await this.#client.ask(LIST_RECIPES);
    for (const { recipe, n } of versions) {
      assertEquals(this.#client.last.get(recipe), n);
    }
  }

  /** Publishes a corrupt artifact of the shop. */
  async spoil({ artifacts }: Edition): Promise<void> {
    const good = artifacts.get("shop")!;
    const { bytes, reason } = spoiledArtifact(good, this.spoiled++);
    const labels = `recipe="shop",reason="${reason}"`;
    const { tally } = this.#notes;
    tally.add(`recotem_artifact_load_failures_total{${labels}}`);
    tally.add('recotem_swap_total{recipe="shop",result="error"}');
    await this.#server.publish("shop", bytes);
    await this.#counted();
    await this.#client.ask(health(503, "degraded", RECIPES.length - 1));
    await this.#client.ask(WRONG_KEY);
  }

  /** Waits until the server has counted what was published. */
  async #counted(): Promise<void> {
    for (;;) {
      const counted = await this.#server.metrics();
      const wanted = [...this.#notes.tally.samples].filter(([sample]) =>
        isOfArtifacts(sample)
      );
      if (wanted.every(([sample, n]) => counted.get(sample) === n)) return;
      await sleep(50);
    }
  }
}

/** Asked by the publisher alone: who presents many has to wait. */
const WRONG_KEY: Question = {
  ...LIST_RECIPES,
  key: "w".repeat(43),
  status: 401,
  code: "INVALID_API_KEY",
};

/** Whether a sample counts artifacts, not requests. */
export function isOfArtifacts(sample: string): boolean {
  return /^recotem_(swap|artifact_load_failures)_total/.test(sample);
}

/** `/health` knows of what is wrong with an artifact while an older one serves. */
function health(status: number, word: string, loaded: number): Question {
  return {
    method: "GET",
    path: "/health",
    key: null,
    status,
    answer: () => ({ status: word, total: RECIPES.length, loaded }),
    route: "/health",
    counted: {},
  };
}
