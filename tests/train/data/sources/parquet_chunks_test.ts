import { assertEquals } from "@std/assert";
import {
  ByteWriter,
  ParquetWriter,
  schemaFromColumnData,
} from "hyparquet-writer";
import { ParquetDataSource } from "../../../../train/data/sources/parquet.ts";
import {
  ids,
  localDependencies,
  localStore,
  readAll,
  refusal,
  temporaryFile,
} from "../source_files.ts";

const NAMES = ["a", "b", "c", "d"];

/** A file of which each column declares to take all bytes before the footer. */
function overlapping(): Uint8Array<ArrayBuffer> {
  const columnData = NAMES.map((name) => ({
    name,
    data: Array.from({ length: 1000 }, (_, i) => `${name}${i}`),
    type: "STRING" as const,
  }));
  const writer = new ByteWriter();
  const schema = schemaFromColumnData({ columnData });
  const table = new ParquetWriter({ writer, schema });
  table.write({ columnData });
  for (const { meta_data } of table.row_groups[0]!.columns) {
    delete meta_data!.dictionary_page_offset;
    meta_data!.data_page_offset = 4n;
    meta_data!.total_compressed_size = BigInt(writer.offset - 4);
  }
  table.finish();
  return new Uint8Array(writer.getBuffer());
}

Deno.test("ParquetDataSource never reads chunks of more bytes than the cap at once, also where they overlap", async () => {
  const bytes = overlapping();
  await using file = await temporaryFile("t.parquet", bytes);
  const reads: number[] = [];
  const dependencies = localDependencies({
    maxBytes: bytes.length,
    store: {
      ...localStore,
      read(uri, options) {
        if (options?.start === 4) reads.push(options.end! - 4);
        return localStore.read(uri, options);
      },
    },
  });
  const source = new ParquetDataSource(
    { type: "parquet", path: file.path, sha256: null },
    dependencies,
  );
  // The first chunk is refused once it has come, and others are read before that, if at all.
  await refusal(() => readAll(source, ids(...NAMES)), "datasource_error");
  assertEquals(reads.length, 1);
  assertEquals(reads[0]! > bytes.length / 2, true);
});
