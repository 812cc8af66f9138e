import { Buffer } from "node:buffer";
import { fileWriter, ParquetWriter } from "hyparquet-writer";

const USERS = 500_000;
const ITEMS = 100_000;
/** 2010-01-01; rows are a second apart. */
const START_SECONDS = 1_262_304_000;
const GROUP_ROWS = 1_000_000;

/**
 * Writes the same rows as Parquet, as CSV, and as CSV with a letter before each user; returns the
 * paths. Users are numbers but for that, items begin with a letter; both are text, drawn from power laws by a generator
 * with a fixed start, so that runs compare.
 */
export async function writeRows(
  rows: number,
  folder: string,
): Promise<[parquet: string, csv: string, letters: string]> {
  const parquetPath = `${folder}/rows.parquet`;
  const csvPath = `${folder}/rows.csv`;
  const lettersPath = `${folder}/letters.csv`;
  const parquet = new ParquetWriter({
    writer: fileWriter(parquetPath),
    schema: [
      { name: "root", num_children: 3 },
      {
        name: "user_id",
        type: "BYTE_ARRAY",
        converted_type: "UTF8",
        repetition_type: "REQUIRED",
      },
      {
        name: "item_id",
        type: "BYTE_ARRAY",
        converted_type: "UTF8",
        repetition_type: "REQUIRED",
      },
      {
        name: "time",
        type: "INT64",
        converted_type: "TIMESTAMP_MILLIS",
        repetition_type: "REQUIRED",
      },
    ],
  });
  using csv = await Deno.create(csvPath);
  using letters = await Deno.create(lettersPath);
  const header = "user_id,item_id,time\n";
  await Promise.all([writeAll(csv, header), writeAll(letters, header)]);
  const random = generator();
  for (let first = 0; first < rows; first += GROUP_ROWS) {
    const count = Math.min(GROUP_ROWS, rows - first);
    const users: string[] = [];
    const items: string[] = [];
    const times: Date[] = [];
    for (let i = 0; i < count; i++) {
      users.push(`${Math.floor(USERS * random() ** 2)}`);
      items.push(`i${Math.floor(ITEMS * random() ** 3)}`);
      times.push(new Date((START_SECONDS + first + i) * 1000));
    }
    parquet.write({
      columnData: [
        { name: "user_id", data: users },
        { name: "item_id", data: items },
        { name: "time", data: times },
      ],
      rowGroupSize: GROUP_ROWS,
    });
    const lines = users.map((user, i) => {
      const time = times[i]!.toISOString().slice(0, 19).replace("T", " ");
      return `${user},${items[i]},${time}\n`;
    });
    await writeAll(csv, lines.join(""));
    await writeAll(letters, lines.map((line) => `u${line}`).join(""));
  }
  parquet.finish();
  return [parquetPath, csvPath, lettersPath];
}

async function writeAll(file: Deno.FsFile, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

/** Numbers from 0 up to 1, by xorshift with a multiplication at its end. */
function generator(): () => number {
  let state = 0x9e3779b1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (Math.imul(state, 0x2545f491) >>> 0) / 2 ** 32;
  };
}
