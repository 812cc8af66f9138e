/** A user without rights, who owns what servers write that refuse to run for root. */
const NOBODY = 65534;

/** A new folder for a server's data, and who that server must run for. */
export interface DataFolder extends AsyncDisposable {
  readonly path: string;
  /** The user to run for; undefined is this process's own. */
  readonly uid: number | undefined;
}

/** Makes a folder that a server may own: servers of databases refuse to run for root. */
export async function dataFolder(): Promise<DataFolder> {
  const path = await Deno.makeTempDir();
  const uid = Deno.uid() === 0 ? NOBODY : undefined;
  if (uid !== undefined) await Deno.chown(path, uid, null);
  return {
    path,
    uid,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
