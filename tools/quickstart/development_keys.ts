/** Where the key is and what it says. */
export interface DevelopmentKeys {
  /** Value of `RECOTEM_SIGNING_KEYS`. */
  readonly value: string;
  /** The file it was read from or written to; null when the environment has it. */
  readonly path: string | null;
  /** Whether it was made now. */
  readonly made: boolean;
}

/**
 * The signing key to try things with: the environment's, else that of an earlier run, else a new one, kept in a folder
 * that only its owner may read.
 */
export async function developmentKeys(
  folder: string,
): Promise<DevelopmentKeys> {
  const value = Deno.env.get("RECOTEM_SIGNING_KEYS");
  if (value?.trim()) return { value, path: null, made: false };
  const path = `${folder}/signing_keys`;
  try {
    const kept = (await Deno.readTextFile(path)).trim();
    return { value: kept, path, made: false };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const key = crypto.getRandomValues(new Uint8Array(32)).toHex();
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(path, `development:${key}\n`, { mode: 0o600 });
  return { value: `development:${key}`, path, made: true };
}
