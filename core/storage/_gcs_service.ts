import { encodeKey, type ObjectPlace } from "./_object_place.ts";
import type {
  Condition,
  ObjectService,
  ObjectUpload,
} from "./_object_service.ts";
import type { GcsSettings } from "./_gcs_settings.ts";
import { GoogleToken } from "./google_token.ts";
import { type Range, rangeBody, rangeHeader } from "./_range_request.ts";
import { serviceFetch, type ServiceRequest } from "./_service_fetch.ts";
import type { StoredEntry, Version } from "./store.ts";

const SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";

interface GcsRequest
  extends Partial<Pick<ServiceRequest, "repeatable" | "accepted">> {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal | undefined;
}

/** Google Cloud Storage's JSON interface, version 1. Markers are generations. */
export class GcsService implements ObjectService {
  readonly schemes: readonly string[] = ["gs"];
  /** Parts of an upload must be multiples of 256 KiB. */
  readonly partBytes: number = 8 * 2 ** 20;
  readonly #settings: () => GcsSettings;
  readonly #waitSeconds: number;
  #client: { endpoint: string; token: GoogleToken } | null = null;

  /**
   * @param settings Read at the first request.
   * @param waitSeconds Longest wait for an answer, and for more of one.
   */
  constructor(settings: () => GcsSettings, waitSeconds: number) {
    this.#settings = settings;
    this.#waitSeconds = waitSeconds;
  }

  async get(
    place: ObjectPlace,
    range: Range,
    signal: AbortSignal | undefined,
  ): Promise<ReadableStream<Uint8Array> | null> {
    const answer = await this.#send(place, {
      method: "GET",
      url: this.#objectUrl(place, { alt: "media" }),
      headers: rangeHeader(range),
      accepted: [416],
      signal,
    });
    return await rangeBody(answer, range);
  }

  async head(
    place: ObjectPlace,
    signal: AbortSignal | undefined,
  ): Promise<Version> {
    const answer = await this.#send(place, {
      method: "GET",
      url: this.#objectUrl(place, { fields: "generation,size" }),
      signal,
    });
    const { generation, size } = await answer.json();
    return { marker: String(generation), size: Number(size) };
  }

  async put(
    place: ObjectPlace,
    body: Uint8Array<ArrayBuffer>,
    condition: Condition,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const answer = await this.#send(place, {
      method: "POST",
      url: this.#uploadUrl(place, "media", condition),
      body,
      repeatable: condition === undefined,
      signal,
    });
    return await generationOf(answer);
  }

  async upload(
    place: ObjectPlace,
    totalBytes: number,
    condition: Condition,
    signal: AbortSignal | undefined,
  ): Promise<ObjectUpload> {
    const started = await this.#send(place, {
      method: "POST",
      url: this.#uploadUrl(place, "resumable", condition),
      headers: { "x-upload-content-length": String(totalBytes) },
      signal,
    });
    await started.body?.cancel();
    const session = URL.parse(started.headers.get("location") ?? "");
    if (session === null) throw new Error("Cloud Storage began no upload");
    let sent = 0;
    const send = async (body: Uint8Array<ArrayBuffer>): Promise<Response> => {
      const range = `bytes ${sent}-${sent + body.length - 1}/${totalBytes}`;
      sent += body.length;
      return await this.#send(place, {
        method: "PUT",
        url: session,
        // Bytes that are there already are passed over, so that a part may be sent again.
        headers: { "content-range": range },
        body,
        accepted: [308],
        signal,
      });
    };
    return {
      async send(part) {
        const answer = await send(part);
        await answer.body?.cancel();
        const kept = answer.headers.get("range");
        if (answer.status !== 308 || kept !== `bytes=0-${sent - 1}`) {
          throw new Error(
            `Cloud Storage kept ${kept ?? "nothing"} of the ${sent} bytes sent`,
          );
        }
      },
      async finish(part) {
        const answer = await send(part);
        if (answer.ok) return await generationOf(answer);
        await answer.body?.cancel();
        throw new Error("Cloud Storage did not finish an upload");
      },
      cancel: async () => {
        const answer = await this.#send(place, {
          method: "DELETE",
          url: session,
          accepted: [499],
          signal: undefined,
        });
        await answer.body?.cancel();
      },
    };
  }

  async *list(
    place: ObjectPlace,
    signal: AbortSignal | undefined,
  ): AsyncIterable<StoredEntry> {
    let pageToken: string | undefined;
    do {
      const answer = await this.#send(place, {
        method: "GET",
        url: this.#url(`/storage/v1/b/${encodeKey(place.bucket)}/o`, {
          prefix: place.key,
          delimiter: "/",
          fields: "items(name,size,timeCreated),nextPageToken",
          ...(pageToken !== undefined && { pageToken }),
        }),
        signal,
      });
      const { items = [], nextPageToken } = await answer.json();
      for (const { name, size, timeCreated } of items) {
        yield {
          name: name.slice(place.key.length),
          size: Number(size),
          modified: new Date(timeCreated),
        };
      }
      pageToken = nextPageToken;
    } while (pageToken !== undefined);
  }

  async remove(
    place: ObjectPlace,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const answer = await this.#send(place, {
      method: "DELETE",
      url: this.#objectUrl(place, {}),
      signal,
    });
    await answer.body?.cancel();
  }

  #objectUrl(
    { bucket, key }: ObjectPlace,
    query: Readonly<Record<string, string>>,
  ): URL {
    const name = encodeKey(key).replaceAll("/", "%2F");
    return this.#url(`/storage/v1/b/${encodeKey(bucket)}/o/${name}`, query);
  }

  #uploadUrl(
    { bucket, key }: ObjectPlace,
    uploadType: string,
    condition: Condition,
  ): URL {
    return this.#url(`/upload/storage/v1/b/${encodeKey(bucket)}/o`, {
      uploadType,
      name: key,
      fields: "generation",
      ...(condition !== undefined &&
        { ifGenerationMatch: condition?.marker ?? "0" }),
    });
  }

  #url(path: string, query: Readonly<Record<string, string>>): URL {
    const url = new URL(this.#connect().endpoint + path);
    url.search = new URLSearchParams(query).toString();
    return url;
  }

  #send(
    place: ObjectPlace,
    { method, url, headers, body, ...request }: GcsRequest,
  ): Promise<Response> {
    const { token } = this.#connect();
    return serviceFetch({
      make: async () =>
        new Request(url, {
          method,
          headers: { ...headers, ...await token.headers() },
          ...(body && { body }),
        }),
      place,
      bodyBytes: body?.length ?? 0,
      repeatable: true,
      waitSeconds: this.#waitSeconds,
      ...request,
    });
  }

  #connect(): { endpoint: string; token: GoogleToken } {
    if (this.#client) return this.#client;
    const { endpoint, identity } = this.#settings();
    const token = new GoogleToken({ identity, scope: SCOPE, now: Date.now });
    return this.#client = { endpoint, token };
  }
}

async function generationOf(answer: Response): Promise<string> {
  const { generation } = await answer.json();
  return String(generation);
}
