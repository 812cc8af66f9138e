import { assertEquals } from "@std/assert";
import type { SourceConfig } from "../../../core/recipe/recipe.ts";
import { createDataSource } from "../../../train/data/create_data_source.ts";
import { localDependencies, refusal } from "./source_files.ts";

/** One config per type; the type checker asks for a new one when a type is added. */
const CONFIGS: {
  [T in Exclude<SourceConfig["type"], "plugin">]: SourceConfig & { type: T };
} = {
  csv: {
    type: "csv",
    path: "t.csv",
    delimiter: ",",
    encoding: "utf-8",
    header: 0,
    dtype: null,
    sha256: null,
  },
  parquet: { type: "parquet", path: "t.parquet", sha256: null },
  sql: {
    type: "sql",
    dsn_env: "RECOTEM_RECIPE_DB",
    query: "SELECT 1",
    query_parameters: {},
    connect_timeout_seconds: 10,
    statement_timeout_seconds: 300,
  },
  bigquery: {
    type: "bigquery",
    query: "SELECT 1",
    query_parameters: null,
    project: null,
    maximum_bytes_billed: null,
  },
};

Deno.test("createDataSource() knows every source in the folder", async () => {
  const folder = new URL("../../../train/data/sources", import.meta.url);
  const types = (await Array.fromAsync(Deno.readDir(folder)))
    .map(({ name }) => name)
    .filter((name) => !name.startsWith("_"))
    .map((name) => name.replace(/\.ts$/, "").replaceAll("_", "-"));
  assertEquals(types.toSorted(), Object.keys(CONFIGS).toSorted());
  for (const config of Object.values(CONFIGS)) {
    const source = createDataSource(config, localDependencies());
    assertEquals(source.type, config.type);
  }
});

Deno.test("createDataSource() refuses the type of a plugin that is not loaded", async () => {
  const error = await refusal(
    () =>
      Promise.resolve().then(() =>
        createDataSource(
          { type: "plugin", name: "echo", options: {} },
          localDependencies(),
        )
      ),
    "datasource_error",
  );
  assertEquals(
    error.message,
    "Source type echo is that of a plugin, and none that RECOTEM_PLUGINS names provides it",
  );
});
