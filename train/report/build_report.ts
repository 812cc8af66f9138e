import type { HeaderFields } from "../../artifact/header.ts";
import type { Publication } from "../../artifact/publish_artifact.ts";
import { redactText } from "../../core/config/redact.ts";
import type { Kernels } from "../../core/kernels/kernels.ts";
import type { Model } from "../../core/models/model.ts";
import type { Recommender } from "../../core/models/recommender.ts";
import type { Recipe } from "../../core/recipe/recipe.ts";
import type { Interactions } from "../data/interactions.ts";
import type { SearchResult } from "../search/search.ts";
import { catalogueFacts } from "./_catalogue_facts.ts";
import { dataFacts } from "./_data_facts.ts";
import { resultFacts } from "./_result_facts.ts";
import { sampleFacts } from "./_sample_facts.ts";
import { searchFacts } from "./_search_facts.ts";
import { type Report, REPORT_SCHEMA_VERSION } from "./report.ts";

/** What a training knows when it is over. */
export interface TrainedFacts {
  readonly recipe: Recipe;
  /** The recipe as it was written, variables not filled in; null: it was no file. */
  readonly recipeText: string | null;
  readonly runId: string;
  readonly wallSeconds: number;
  readonly publication: Publication;
  readonly header: HeaderFields;
  readonly found: SearchResult;
  readonly interactions: Pick<Interactions, "matrix" | "times" | "stats">;
  /** What was published. */
  readonly model: Model;
  /** The same, with ids and fields. */
  readonly recommender: Recommender;
  readonly kernels: Kernels;
  readonly signal: AbortSignal;
}

/**
 * Collects what a report says. Reads nothing but its arguments, and ranks the lists of at most 10,000 users.
 *
 * @throws What ranking throws, and the reason of the signal when it is aborted.
 */
export async function buildReport(facts: TrainedFacts): Promise<Report> {
  const { recipe, header, publication, found, interactions } = facts;
  const { recommender, model, kernels, signal } = facts;
  const popularity = new Uint32Array(interactions.matrix.cols);
  for (const item of interactions.matrix.indices) popularity[item]!++;
  return {
    schema_version: REPORT_SCHEMA_VERSION,
    recipe: {
      name: recipe.name,
      hash: header.recipe_hash,
      text: facts.recipeText === null ? null : redactText(facts.recipeText),
    },
    run: {
      id: facts.runId,
      trained_at: header.trained_at,
      wall_seconds: facts.wallSeconds,
      recotem_version: header.recotem_version,
      engine: header.engine,
    },
    artifact: {
      uri: redactText(publication.artifact),
      pointer: publication.pointer && redactText(publication.pointer),
      sha256: publication.sha256,
      bytes: publication.bytes,
      model_kind: header.model_kind,
      weights: header.weights ?? null,
    },
    result: resultFacts(header, found.best),
    search: searchFacts(found.trials, recipe.training),
    catalogue: await catalogueFacts(model, interactions.matrix, {
      kernels,
      popularity,
      cutoff: header.cutoff,
      signal,
    }),
    data: dataFacts(
      interactions,
      recommender.table,
      popularity,
      recipe.cleansing,
    ),
    samples: sampleFacts(recommender, interactions, popularity),
  };
}
