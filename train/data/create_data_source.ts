import type { SourceConfig } from "../../core/recipe/recipe.ts";
import type { DataSource } from "./data_source.ts";
import type { SourceDependencies } from "./source_dependencies.ts";
import { CsvDataSource } from "./sources/csv.ts";
import { ParquetDataSource } from "./sources/parquet.ts";

/** The data source that a recipe's `source` block describes; nothing is opened yet. */
export function createDataSource(
  source: SourceConfig,
  dependencies: SourceDependencies,
): DataSource {
  switch (source.type) {
    case "csv":
      return new CsvDataSource(source, dependencies);
    case "parquet":
      return new ParquetDataSource(source, dependencies);
  }
}
