import { delay } from "../std/async.ts";
import { BrokenConnection } from "./_broken_connection.ts";
import { contested } from "./_contested.ts";
import type { ObjectPlace } from "./_object_place.ts";
import { steadyAnswer } from "./_steady_answer.ts";

const ATTEMPTS = 4;
const FIRST_RETRY_MS = 100;
/** The service has done nothing and asks to come again. */
const BUSY: readonly number[] = [429, 503];
/** Bytes of a body that a slow uplink takes in a second: the answer comes after the last of them. */
const SLOWEST_UPLOAD = 2 ** 15;

/** A request to an object service. */
export interface ServiceRequest {
  /** Signs and makes the request anew for each attempt. */
  readonly make: () => Promise<Request>;
  readonly place: ObjectPlace;
  /** Length of its body; 0 where it has none. */
  readonly bodyBytes: number;
  /**
   * Whether a request that was answered by a fault, or not at all, may be sent again. A conditional write may not: when
   * it had come through after all, the second one would lose against the first.
   */
  readonly repeatable: boolean;
  /** Statuses that are answers, beside those of success. */
  readonly accepted?: readonly number[];
  /** Longest wait for an answer, and for more of its body; a body that is sent has a second more for each 32 KiB. */
  readonly waitSeconds: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Sends a request, again while the service is busy or fails; redirects are not followed. The body must be read or
 * cancelled.
 *
 * @throws {Deno.errors.NotFound | Deno.errors.PermissionDenied} For status 404, and 401 and 403.
 * @throws {RecotemError} `lock_contested` for a condition that does not hold (409, 412).
 */
export async function serviceFetch(request: ServiceRequest): Promise<Response> {
  const { repeatable, accepted = [], signal } = request;
  for (let attempt = 1;; attempt++) {
    let failure: unknown;
    try {
      const answer = await fetchOnce(request);
      if (answer.ok || accepted.includes(answer.status)) return answer;
      failure = await refusal(request.place, answer);
      const passing = repeatable
        ? answer.status >= 500 || answer.status === 429
        : BUSY.includes(answer.status);
      if (!passing) throw failure;
    } catch (error) {
      signal?.throwIfAborted();
      if (
        error === failure || !repeatable || !(error instanceof BrokenConnection)
      ) {
        throw error;
      }
      failure = error;
    }
    if (attempt === ATTEMPTS) throw failure;
    await delay(
      FIRST_RETRY_MS * 2 ** (attempt - 1),
      signal ? { signal } : {},
    );
  }
}

async function fetchOnce(
  { make, place, bodyBytes, signal, waitSeconds }: ServiceRequest,
): Promise<Response> {
  const seconds = waitSeconds + Math.floor(bodyBytes / SLOWEST_UPLOAD);
  const timeout = new AbortController();
  const timer = setTimeout(
    () => timeout.abort(BrokenConnection.silent(place.uri, seconds)),
    1000 * seconds,
  );
  try {
    const answer = await fetch(await make(), {
      redirect: "manual",
      signal: signal
        ? AbortSignal.any([signal, timeout.signal])
        : timeout.signal,
    });
    return steadyAnswer(answer, { uri: place.uri, waitSeconds, signal });
  } catch (error) {
    throw error instanceof TypeError
      ? BrokenConnection.of(place.uri, error)
      : error;
  } finally {
    clearTimeout(timer);
  }
}

/** What an answer that is no success becomes. Reads its body. */
async function refusal(
  place: ObjectPlace,
  answer: Response,
): Promise<Error> {
  const { status } = answer;
  const text = await answer.text();
  // XML and JSON services alike name the fault in a short code.
  const code = /<Code>([\w.-]{1,100})<|"reason": ?"([\w.-]{1,100})"/.exec(text);
  const told = `status ${status}${code ? ` (${code[1] ?? code[2]})` : ""}`;
  switch (status) {
    case 404:
      return new Deno.errors.NotFound(`There is no ${place.uri}: ${told}`);
    case 401:
    case 403:
      return new Deno.errors.PermissionDenied(
        `The credentials give no access to ${place.uri}: ${told}`,
      );
    case 409:
    case 412:
      return contested(place.uri);
    default:
      return new Error(
        status >= 300 && status < 400
          ? `${place.uri} lies in another region: ${told}; set the region's variable`
          : `The object store answered ${place.uri} with ${told}`,
      );
  }
}
