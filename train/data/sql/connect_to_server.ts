import type { Socket } from "node:net";
import type { ServerDsn } from "../../../core/recipe/parse_dsn.ts";
import { connectToHost } from "../../../core/storage/connect_to_host.ts";

/**
 * Connects to the server of a DSN, when none of its addresses is refused.
 *
 * @param refuse Why an address may not be connected to, or null when it may.
 * @throws {RecotemError} `http_fetch_error` for a refused address; else what the system says.
 */
export function connectToServer(
  { host, port }: ServerDsn,
  refuse: (address: string) => string | null,
  signal: AbortSignal,
): Promise<Socket> {
  const options = { refuse, allowedBy: "RECOTEM_SQL_ALLOW_PRIVATE" };
  return connectToHost({ host, port }, options, signal);
}
