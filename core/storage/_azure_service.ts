import type { AzureSettings } from "./_azure_settings.ts";
import { etagCondition, etagOf } from "./_etag.ts";
import {
  EtagObjectService,
  type ObjectRequest,
} from "./_etag_object_service.ts";
import { encodeKey, type ObjectPlace } from "./_object_place.ts";
import type {
  Condition,
  ObjectService,
  ObjectUpload,
} from "./_object_service.ts";
import { serviceFetch } from "./_service_fetch.ts";
import { signAzure } from "./_sign_azure.ts";
import type { StoredEntry } from "./store.ts";
import { xmlTexts } from "./_xml.ts";

/** Version of the service's interface. */
const VERSION = "2023-11-03";

/** Azure Blob Storage's REST interface. Markers are ETags. */
export class AzureService extends EtagObjectService implements ObjectService {
  readonly schemes: readonly string[] = ["az", "abfs", "abfss"];
  readonly partBytes: number = 8 * 2 ** 20;
  protected override readonly putHeaders: Readonly<Record<string, string>> = {
    "x-ms-blob-type": "BlockBlob",
  };
  readonly #settings: (authority: string) => AzureSettings;
  readonly #waitSeconds: number;
  readonly #known = new Map<string, AzureSettings>();

  /**
   * @param settings Read at the first request to an account.
   * @param waitSeconds Longest wait for an answer, and for more of one.
   */
  constructor(
    settings: (authority: string) => AzureSettings,
    waitSeconds: number,
  ) {
    super();
    this.#settings = settings;
    this.#waitSeconds = waitSeconds;
  }

  upload(
    place: ObjectPlace,
    _totalBytes: number,
    condition: Condition,
    signal: AbortSignal | undefined,
  ): Promise<ObjectUpload> {
    // Blocks of all writers of a blob lie together until one of them makes its list the blob.
    const writer = crypto.randomUUID();
    const blocks: string[] = [];
    const send = async (body: Uint8Array<ArrayBuffer>): Promise<void> => {
      const blockid = btoa(
        `${writer}-${String(blocks.length).padStart(5, "0")}`,
      );
      const answer = await this.send(place, {
        method: "PUT",
        query: { comp: "block", blockid },
        body,
        signal,
      });
      await answer.body?.cancel();
      blocks.push(blockid);
    };
    return Promise.resolve({
      send,
      finish: async (part) => {
        await send(part);
        const list = blocks.map((block) => `<Latest>${block}</Latest>`);
        const answer = await this.send(place, {
          method: "PUT",
          query: { comp: "blocklist" },
          headers: etagCondition(condition),
          body: new TextEncoder().encode(
            `<?xml version="1.0" encoding="utf-8"?><BlockList>${
              list.join("")
            }</BlockList>`,
          ),
          repeatable: condition === undefined,
          signal,
        });
        await answer.body?.cancel();
        return etagOf(answer);
      },
      // Nobody sees blocks that are in no list; the service drops them after a week.
      cancel: () => Promise.resolve(),
    });
  }

  async *list(
    place: ObjectPlace,
    signal: AbortSignal | undefined,
  ): AsyncIterable<StoredEntry> {
    let marker = "";
    do {
      const answer = await this.send({ ...place, key: "" }, {
        method: "GET",
        query: {
          restype: "container",
          comp: "list",
          delimiter: "/",
          prefix: place.key,
          ...(marker !== "" && { marker }),
        },
        signal,
      });
      const xml = await answer.text();
      // What lies below further slashes is listed as <BlobPrefix>.
      for (const [blob] of xml.matchAll(/<Blob>.*?<\/Blob>/gs)) {
        const text = (name: string) => xmlTexts(blob, name)[0]!;
        yield {
          name: text("Name").slice(place.key.length),
          size: Number(text("Content-Length")),
          modified: new Date(text("Last-Modified")),
        };
      }
      [marker = ""] = xmlTexts(xml, "NextMarker");
    } while (marker !== "");
  }

  protected override async send(
    place: ObjectPlace,
    { method, query, headers, body, ...request }: ObjectRequest,
  ): Promise<Response> {
    const settings = this.#connect(place.bucket);
    const [container] = place.bucket.split("@");
    const path = [container!, ...(place.key === "" ? [] : [place.key])]
      .map(encodeKey).join("/");
    const url = new URL(`${settings.endpoint}/${path}`);
    url.search = new URLSearchParams(query ?? {}).toString();
    return await serviceFetch({
      make: () =>
        Promise.resolve(
          makeRequest(settings, method, url, { ...headers }, body),
        ),
      place,
      bodyBytes: body?.length ?? 0,
      repeatable: true,
      waitSeconds: this.#waitSeconds,
      ...request,
    });
  }

  #connect(bucket: string): AzureSettings {
    const known = this.#known.get(bucket);
    if (known) return known;
    const settings = this.#settings(bucket);
    if (settings.key === null && settings.sas === null) {
      throw new Deno.errors.PermissionDenied(
        "There are no credentials for Azure: AZURE_STORAGE_ACCOUNT_KEY, AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_CONNECTION_STRING must be set",
      );
    }
    this.#known.set(bucket, settings);
    return settings;
  }
}

function makeRequest(
  { account, key, sas }: AzureSettings,
  method: string,
  target: URL,
  fields: Record<string, string>,
  body: Uint8Array<ArrayBuffer> | undefined,
): Request {
  const url = new URL(target);
  const headers = new Headers({
    ...fields,
    "x-ms-date": new Date().toUTCString(),
    "x-ms-version": VERSION,
  });
  if (key === null) {
    for (const [name, value] of new URLSearchParams(sas!)) {
      url.searchParams.append(name, value);
    }
  } else {
    // The runtime sends the length itself; an empty body counts as none.
    const signed = new Headers(headers);
    if (body?.length) signed.set("content-length", String(body.length));
    const request = { method, url, headers: signed };
    headers.set("authorization", signAzure(request, { account, key }));
  }
  return new Request(url, { method, headers, ...(body && { body }) });
}
