import { RecotemError } from "../core/errors.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import { studyStorage } from "../core/recipe/study_storage.ts";
import { chooseDevice } from "./choose_device.ts";
import { readData } from "./read_data.ts";
import { probeStorage } from "./search/probe_storage.ts";
import type { SearchResult } from "./search/search.ts";
import { searchModels } from "./search_models.ts";
import { contextOf, type JoinOptions } from "./train_options.ts";

/**
 * Runs trials of a search that another run began, on the same recipe and data, until all are done; that run publishes
 * what comes of them. Its name is `options.runId`; `training.storage_path` must be a database of a server.
 *
 * @throws {RecotemError} Exit code 2 for another storage, 3 or 7 for the data, 4 for the search, 8 for the credentials.
 */
export async function joinSearch(
  recipe: Recipe,
  options: JoinOptions,
): Promise<SearchResult> {
  const context = contextOf(options);
  const { storage_path: path } = recipe.training;
  if (!["postgresql", "refused"].includes(studyStorage(path).type)) {
    throw new RecotemError(
      "usage_error",
      "Flag --join needs a training.storage_path that starts with postgresql://",
    );
  }
  await probeStorage(path, {
    credentials: context.storageCredentials,
    make: false,
  });
  const device = await chooseDevice(recipe.training, context.events);
  const { interactions } = await readData(recipe, context);
  const joining = { ...context, device, join: true };
  return (await searchModels(recipe, interactions, joining)).found;
}
