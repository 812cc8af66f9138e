/**
 * S3 as far as a test's server plays it.
 *
 * @module
 */
import { S3Store } from "../../../core/storage/s3_store.ts";
import type { Store } from "../../../core/storage/store.ts";
import { answer, type WebServer } from "./web_server.ts";

/** A store whose service is `server`. */
export function s3(
  server: WebServer,
  waitSeconds?: number,
  env: Record<string, string> = {},
): Store {
  return new S3Store(
    new Map(Object.entries({
      AWS_ENDPOINT_URL: `http://127.0.0.1:${server.port}`,
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "example",
      ...env,
    })),
    waitSeconds,
  );
}

/** The answer to an object that is stored. */
export function stored(body: string): string {
  return answer(body, { headers: { etag: '"7"' } });
}
