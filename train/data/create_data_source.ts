import { RecotemError } from "../../core/errors.ts";
import { filePattern } from "../../core/recipe/file_pattern.ts";
import type {
  CsvSource,
  ParquetSource,
  SourceConfig,
} from "../../core/recipe/recipe.ts";
import type { DataSource } from "./data_source.ts";
import type { DecodedBytes } from "./decoded_bytes.ts";
import { FilesDataSource } from "./files_data_source.ts";
import { PluginDataSource } from "./plugin_data_source.ts";
import type { SourceDependencies } from "./source_dependencies.ts";
import { BigQueryDataSource } from "./sources/bigquery.ts";
import { CsvDataSource } from "./sources/csv.ts";
import { ParquetDataSource } from "./sources/parquet.ts";
import { SqlDataSource } from "./sources/sql.ts";

/**
 * The data source that a recipe's `source` block describes; nothing is opened yet.
 *
 * @throws {RecotemError} `datasource_error` for the type of a plugin that is not loaded, or refuses its options.
 */
export function createDataSource(
  source: SourceConfig,
  dependencies: SourceDependencies,
): DataSource {
  switch (source.type) {
    case "csv":
    case "parquet": {
      const pattern = filePattern(source.path);
      const open = (path: string, decoded: DecodedBytes | null) =>
        fileSource({ ...source, path }, dependencies, decoded);
      return pattern === null
        ? open(source.path, null)
        : new FilesDataSource(source, pattern, dependencies, open);
    }
    case "sql":
      return new SqlDataSource(source, dependencies);
    case "bigquery":
      return new BigQueryDataSource(source, dependencies);
    case "plugin": {
      const plugin = dependencies.plugins?.get(source.name);
      if (plugin !== undefined) {
        return new PluginDataSource(source, plugin, dependencies);
      }
      throw new RecotemError(
        "datasource_error",
        `Source type ${source.name} is that of a plugin, and none that RECOTEM_PLUGINS names provides it`,
      );
    }
  }
}

function fileSource(
  source: CsvSource | ParquetSource,
  dependencies: SourceDependencies,
  decoded: DecodedBytes | null,
): DataSource {
  return source.type === "csv"
    ? new CsvDataSource(source, dependencies, "csv_source", decoded)
    : new ParquetDataSource(source, dependencies, "parquet_source", decoded);
}
