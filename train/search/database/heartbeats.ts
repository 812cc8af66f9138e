import type { Database, Session } from "./database.ts";

/** Between two signs of life. */
export const HEARTBEAT_SECONDS = 5;
/** Without a sign of life for so long, a process is taken for gone. */
export const GRACE_SECONDS = 30;

/** Says that a trial's process lives; Optuna's table of heartbeats, by the database's own clock. */
export async function beat(session: Session, trial: number): Promise<void> {
  await session.query(
    "INSERT INTO trial_heartbeats (trial_id, heartbeat) VALUES ($1, CURRENT_TIMESTAMP) ON CONFLICT (trial_id) DO UPDATE SET heartbeat = CURRENT_TIMESTAMP",
    [trial],
  );
}

/**
 * Holds a trial that runs and whose process has given no sign of life for {@linkcode GRACE_SECONDS}, until the
 * transaction ends.
 *
 * @returns Whether it is such a trial, and nobody else holds it.
 */
export async function holdAbandoned(
  session: Session,
  trial: number,
): Promise<boolean> {
  const rows = await session.query(
    "SELECT trial_id FROM trials WHERE trial_id = $1 AND state = 'RUNNING' AND NOT EXISTS (SELECT 1 FROM trial_heartbeats AS h WHERE h.trial_id = $1 AND h.heartbeat > CURRENT_TIMESTAMP - $2 * INTERVAL '1 second') FOR UPDATE SKIP LOCKED",
    [trial, GRACE_SECONDS],
  );
  return rows.length > 0;
}

/** Gives signs of life for trials until it is disposed. A database that is away hears nothing, and is not complained of. */
export function keepAlive(
  database: Database,
  trials: ReadonlySet<number>,
): Disposable {
  let beating = false;
  const timer = setInterval(async () => {
    if (beating || trials.size === 0) return;
    beating = true;
    try {
      await database.transaction(async (session) => {
        for (const trial of trials) await beat(session, trial);
      });
    } catch {
      // Whoever writes a trial's end is told.
    } finally {
      beating = false;
    }
  }, HEARTBEAT_SECONDS * 1000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
