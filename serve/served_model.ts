import type { Artifact } from "../artifact/artifact.ts";
import type { HeaderFields } from "../artifact/header.ts";
import type { ItemTable } from "../core/models/item_table.ts";
import type { Recommender } from "../core/models/recommender.ts";
import { flat } from "./flat.ts";
import { ItemFragments } from "./item_fragments.ts";
import { KeptLists } from "./kept_lists.ts";

/** How a {@linkcode ServedModel} is served. */
export interface ServedModelOptions {
  /** Item fields that are never answered and never asked for, in lower case. */
  readonly deniedFields: readonly string[];
  readonly loadedAt: Date;
}

/** A loaded artifact, ready to answer. */
export class ServedModel {
  /** Ranks items. */
  readonly recommender: Recommender;
  /** What training said of the model. */
  readonly header: HeaderFields;
  /** Which key signed the artifact. */
  readonly kid: string;
  /** SHA-256 of the artifact file, hex. */
  readonly digest: string;
  /** `sha256:` and the digest: which model answered. */
  readonly version: string;
  /** When it was loaded, as `YYYY-MM-DDThh:mm:ssZ`. */
  readonly loadedAt: string;
  /** The fields that clients may see and ask for; null when the items have none. */
  readonly fields: ItemTable | null;
  /** Items as JSON. */
  readonly items: ItemFragments;
  /** Answers that were given. */
  readonly lists: KeptLists = new KeptLists();
  /** The `model` part of an answer to `/predict`, as JSON. */
  readonly summary: string;
  /** `"recipe":"…","model_version":"…"`, the part of an answer under `/v1`. */
  readonly identity: string;
  #holders = 0;
  #atEnd: (() => void) | null = null;

  /** Joins what an artifact says of itself with the recommender made of its tensors. */
  constructor(
    { header, kid, digest }: Pick<Artifact, "header" | "kid" | "digest">,
    recommender: Recommender,
    { deniedFields, loadedAt }: ServedModelOptions,
  ) {
    this.recommender = recommender;
    const {
      payload_format: _,
      payload_bytes: _bytes,
      tensors: _table,
      ...said
    } = header;
    this.header = said;
    this.kid = kid;
    this.digest = digest;
    this.version = `sha256:${digest}`;
    this.loadedAt = loadedAt.toISOString().replace(/\.\d+Z$/, "Z");
    this.fields =
      recommender.table?.without((field) =>
        deniedFields.includes(field.toLowerCase())
      ) ?? null;
    this.items = new ItemFragments(recommender.items, this.fields);
    this.summary = JSON.stringify({
      recipe: header.recipe_name,
      trained_at: header.trained_at,
      best_class: header.best_class,
      kid,
    });
    this.identity = flat(
      `"recipe":${
        JSON.stringify(header.recipe_name)
      },"model_version":"${this.version}"`,
    );
  }

  /** Keeps what the model lives in until it is disposed of; for answers that let others in between. */
  hold(): Disposable {
    this.#holders++;
    return {
      [Symbol.dispose]: () => {
        this.#holders--;
        if (this.#holders === 0) this.#atEnd?.();
      },
    };
  }

  /** Calls `free` once nobody holds the model, perhaps now. New requests must not be able to reach it. */
  end(free: () => void): void {
    if (this.#holders === 0) free();
    else this.#atEnd = free;
  }
}
