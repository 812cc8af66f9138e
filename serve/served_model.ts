import type { Artifact } from "../artifact/artifact.ts";
import type { HeaderFields } from "../artifact/header.ts";
import type { Recommender } from "../core/models/recommender.ts";
import { ItemFragments } from "./item_fragments.ts";

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
  /** Items as JSON. */
  readonly items: ItemFragments;
  /** The `model` part of an answer, as JSON. */
  readonly summary: string;

  /** Joins what an artifact says of itself with the recommender made of its tensors. */
  constructor(
    { header, kid, digest }: Pick<Artifact, "header" | "kid" | "digest">,
    recommender: Recommender,
    deniedFields: readonly string[],
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
    this.items = new ItemFragments(
      recommender.items,
      recommender.table,
      deniedFields,
    );
    this.summary = JSON.stringify({
      recipe: header.recipe_name,
      trained_at: header.trained_at,
      best_class: header.best_class,
      kid,
    });
  }
}
