/**
 * One training run at a time per output: an exclusive advisory lock on a file beside it. The kernel frees it with the
 * process, however that ends; the file itself stays.
 *
 * @module
 */
import type { Events } from "../core/config/events.ts";
import { RecotemError } from "../core/errors.ts";
import { localPath } from "../core/recipe/local_path.ts";
import { dirname, join } from "../core/std/path.ts";

/** How to treat a lock that another run holds. */
export interface LockOptions {
  /** Seconds to wait; 0: not at all, -1: for ever. */
  readonly timeoutSeconds: number;
  /** Whether a held lock is an error when no time was given to wait. */
  readonly failOnBusy: boolean;
  /** Folder of the lock files of remote outputs. */
  readonly lockDir: string;
  readonly events: Events;
  readonly signal: AbortSignal;
}

const POLL_MILLISECONDS = 50;

/** What no change to the recipe mends, and what may be over when a scheduler tries again. */
const MEDIUM_FAILURES = ["ENOSPC", "EDQUOT", "EIO"];

/**
 * Takes the lock of an output. The caller disposes it; the end of the process does too.
 *
 * @returns null when another run holds it and that is no error.
 * @throws {RecotemError} `lock_contested` or `lock_timeout` when another run holds it and that is an error;
 * `artifact_error` when there can be no file beside the output; `internal_error` when the lock file is a symbolic link
 * or the disk is full or broken.
 */
export async function acquireLock(
  output: string,
  options: LockOptions,
): Promise<Disposable | null> {
  const path = await lockPath(output, options);
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  for (;;) {
    const lock = await tryLock(path, options.events);
    if (lock) return lock;
    if (options.timeoutSeconds === 0) return refuseOrSkip(path, options);
    if (options.timeoutSeconds > 0 && elapsed() >= options.timeoutSeconds) {
      options.events.warn("recipe_lock_timeout", {
        path,
        waited_seconds: elapsed(),
      });
      throw new RecotemError(
        "lock_timeout",
        `Another training run still holds ${path} after ${options.timeoutSeconds} s; wait for it or raise --lock-timeout`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    options.signal.throwIfAborted();
  }
}

function refuseOrSkip(path: string, { failOnBusy, events }: LockOptions): null {
  if (failOnBusy) {
    throw new RecotemError(
      "lock_contested",
      `Another training run holds ${path}; wait for it or pass --lock-timeout`,
    );
  }
  events.info("recipe_lock_contended_skipping", { path });
  return null;
}

/** Where the lock of an output lies: beside a local file, in the lock folder for everything else. */
async function lockPath(
  output: string,
  { lockDir, events }: LockOptions,
): Promise<string> {
  const local = localPath(output);
  if (local !== null) return `${local}.lock`;
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(output),
  );
  const path = join(lockDir, `${new Uint8Array(digest).toHex()}.lock`);
  events.warn("recipe_lock_local_only", { path });
  return path;
}

async function tryLock(
  path: string,
  events: Events,
): Promise<Disposable | null> {
  const file = await openLock(path, events);
  if (file === null) return null;
  try {
    // A link put there between the check and the opening would have led elsewhere.
    await refuseSymlink(path, events);
    if (await file.tryLock(true)) return file;
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  return null;
}

/** Null for a file that only another user may open: that user's runs hold it. */
async function openLock(
  path: string,
  events: Events,
): Promise<Deno.FsFile | null> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await refuseSymlink(path, events);
    return await Deno.open(path, {
      read: true,
      write: true,
      create: true,
      mode: 0o600,
    });
  } catch (error) {
    if (error instanceof RecotemError) throw error;
    const isDenied = error instanceof Deno.errors.PermissionDenied;
    if (isDenied && await exists(path)) return null;
    throw unusable(path, error);
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

function unusable(path: string, cause: unknown): RecotemError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  const mediumFailed = cause instanceof Error && "code" in cause &&
    MEDIUM_FAILURES.includes(String(cause.code));
  return new RecotemError(
    mediumFailed ? "internal_error" : "artifact_error",
    `Cannot make the lock file ${path}: ${problem}`,
    { cause },
  );
}

async function refuseSymlink(path: string, events: Events): Promise<void> {
  const info = await Deno.lstat(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });
  if (!info?.isSymlink) return;
  events.warn("recipe_lock_unsafe_symlink", { path });
  throw new RecotemError(
    "internal_error",
    `The lock file ${path} is a symbolic link; remove it`,
  );
}
