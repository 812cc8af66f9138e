/** One room of the source tree and the rooms its files may import. */
export interface Room {
  /** A folder, with a slash at the end, or one file; relative to the project's root. */
  readonly path: string;
  /** Prefixes of what it may import; its own files always, {@linkcode STD} unless the room is a leaf. */
  readonly imports: readonly string[];
}

/** The typed doors to `@std`, which every room may use. */
export const STD = "core/std/";

/**
 * Who may import whom, by direct edge. The longest matching prefix is a file's room. A file below one of the
 * {@linkcode OUTSIDE} prefixes belongs to no room: it may import anything, and no room may import it.
 */
export const ROOMS: readonly Room[] = [
  { path: "core/errors.ts", imports: [] },
  { path: "core/std/", imports: [] },
  { path: "core/kernels/", imports: [] },
  { path: "core/config/", imports: ["core/errors.ts"] },
  {
    path: "core/recipe/",
    imports: [
      "core/config/",
      "core/errors.ts",
      "core/storage/",
      "core/models/",
    ],
  },
  { path: "core/storage/", imports: ["core/config/", "core/errors.ts"] },
  { path: "core/models/", imports: ["core/kernels/"] },
  { path: "algorithms/", imports: ["core/models/", "core/kernels/"] },
  { path: "artifact/", imports: ["core/"] },
  { path: "train/", imports: ["core/", "algorithms/", "artifact/"] },
  { path: "serve/", imports: ["core/", "artifact/"] },
  {
    path: "recommend/",
    imports: ["core/", "artifact/", "serve/load_recommender.ts"],
  },
  {
    path: "cli/",
    imports: [
      "core/",
      "algorithms/",
      "artifact/",
      "train/",
      "recommend/",
      "serve/",
    ],
  },
  {
    path: "mod.ts",
    imports: ["core/", "algorithms/", "artifact/", "train/", "serve/"],
  },
];

/** Folders that are not part of the product. */
export const OUTSIDE: readonly string[] = [
  "bench/",
  "deploy/",
  "docs/",
  "recipes/",
  "tests/",
  "tools/",
];

/** The room of a file, or null for a file {@linkcode OUTSIDE} the product or in no room at all. */
export function roomOf(path: string): Room | null {
  let room: Room | null = null;
  for (const candidate of ROOMS) {
    if (
      isIn(path, candidate.path) &&
      candidate.path.length > (room?.path.length ?? 0)
    ) room = candidate;
  }
  return room;
}

/**
 * Why one file may not import another, or null when it may.
 *
 * @param from Path of the importing file, relative to the project's root, with forward slashes.
 * @param to Path of the imported file, likewise.
 */
export function refusal(from: string, to: string): string | null {
  if (OUTSIDE.some((folder) => from.startsWith(folder))) return null;
  const room = roomOf(from);
  if (room === null) return `${from} belongs to no room of the source tree`;
  const allowed = [room.path, STD, ...room.imports];
  if (allowed.some((prefix) => isIn(to, prefix))) return null;
  return `${room.path} may not import ${roomOf(to)?.path ?? to}`;
}

function isIn(path: string, prefix: string): boolean {
  return prefix.endsWith("/") ? path.startsWith(prefix) : path === prefix;
}
