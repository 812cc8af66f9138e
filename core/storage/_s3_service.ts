import { createHash } from "node:crypto";
import { AwsSigner } from "./aws_signer.ts";
import { contested } from "./_contested.ts";
import { etagCondition, etagOf } from "./_etag.ts";
import {
  EtagObjectService,
  type ObjectRequest,
} from "./_etag_object_service.ts";
import type { ObjectPlace } from "./_object_place.ts";
import type {
  Condition,
  ObjectService,
  ObjectUpload,
} from "./_object_service.ts";
import { type S3Settings, s3Url } from "./_s3_settings.ts";
import { serviceFetch } from "./_service_fetch.ts";
import type { StoredEntry } from "./store.ts";
import { xmlTexts } from "./_xml.ts";

/** Amazon S3's REST interface, version 2006-03-01, which many object stores speak. */
export class S3Service extends EtagObjectService implements ObjectService {
  readonly schemes: readonly string[] = ["s3"];
  readonly partBytes: number = 8 * 2 ** 20;
  readonly #settings: () => S3Settings;
  readonly #waitSeconds: number;
  #client: { settings: S3Settings; signer: AwsSigner } | null = null;

  /**
   * @param settings Read at the first request.
   * @param waitSeconds Longest wait for an answer, and for more of one.
   */
  constructor(settings: () => S3Settings, waitSeconds: number) {
    super();
    this.#settings = settings;
    this.#waitSeconds = waitSeconds;
  }

  async upload(
    place: ObjectPlace,
    _totalBytes: number,
    condition: Condition,
    signal: AbortSignal | undefined,
  ): Promise<ObjectUpload> {
    const started = await this.send(place, {
      method: "POST",
      query: { uploads: "" },
      signal,
    });
    const [uploadId] = xmlTexts(await started.text(), "UploadId");
    if (uploadId === undefined) throw new Error("S3 named no upload");
    const markers: string[] = [];
    const send = async (body: Uint8Array<ArrayBuffer>): Promise<void> => {
      const answer = await this.send(place, {
        method: "PUT",
        query: { partNumber: String(markers.length + 1), uploadId },
        body,
        signal,
      });
      await answer.body?.cancel();
      markers.push(etagOf(answer));
    };
    return {
      send,
      finish: async (part) => {
        await send(part);
        return await this.#complete(
          place,
          { uploadId, markers },
          condition,
          signal,
        );
      },
      cancel: async () => {
        const answer = await this.send(place, {
          method: "DELETE",
          query: { uploadId },
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
    let token: string | undefined;
    do {
      const answer = await this.send({ ...place, key: "" }, {
        method: "GET",
        query: {
          "list-type": "2",
          "encoding-type": "url",
          delimiter: "/",
          prefix: place.key,
          ...(token !== undefined && { "continuation-token": token }),
        },
        signal,
      });
      const xml = await answer.text();
      for (const [object] of xml.matchAll(/<Contents>.*?<\/Contents>/gs)) {
        const text = (name: string) => xmlTexts(object, name)[0]!;
        const key = decodeURIComponent(text("Key").replaceAll("+", " "));
        yield {
          name: key.slice(place.key.length),
          size: Number(text("Size")),
          modified: new Date(text("LastModified")),
        };
      }
      [token] = xmlTexts(xml, "NextContinuationToken");
    } while (token !== undefined);
  }

  async #complete(
    place: ObjectPlace,
    { uploadId, markers }: { uploadId: string; markers: readonly string[] },
    condition: Condition,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    if (condition) {
      // Not all services judge this condition for uploads; a look before narrows the gap of those.
      const { marker } = await this.head(place, signal);
      if (marker !== condition.marker) throw contested(place.uri);
    }
    const parts = markers.map((marker, index) =>
      `<Part><PartNumber>${index + 1}</PartNumber><ETag>${marker}</ETag></Part>`
    );
    const answer = await this.send(place, {
      method: "POST",
      query: { uploadId },
      headers: etagCondition(condition),
      body: new TextEncoder().encode(
        `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${
          parts.join("")
        }</CompleteMultipartUpload>`,
      ),
      repeatable: false,
      signal,
    });
    // The status is sent before the work is done; a failure is told in the body.
    const xml = await answer.text();
    const [marker] = xmlTexts(xml, "ETag");
    if (marker !== undefined) return marker;
    const [code = "an unknown error"] = xmlTexts(xml, "Code");
    if (/^(PreconditionFailed|ConditionalRequestConflict)$/.test(code)) {
      throw contested(place.uri);
    }
    throw new Error(`The object store did not finish ${place.uri}: ${code}`);
  }

  protected override async send(
    place: ObjectPlace,
    { method, query, headers, body, ...request }: ObjectRequest,
  ): Promise<Response> {
    const { settings, signer } = this.#connect();
    const url = s3Url(settings, place.bucket, place.key);
    for (const [name, value] of Object.entries(query ?? {})) {
      url.searchParams.set(name, value);
    }
    const sha256 = createHash("sha256").update(body ?? "").digest("hex");
    return await serviceFetch({
      make: () =>
        signer.sign(url, {
          method,
          headers: { ...headers, "x-amz-content-sha256": sha256 },
          ...(body !== undefined && { body }),
        }),
      place,
      bodyBytes: body?.length ?? 0,
      repeatable: true,
      waitSeconds: this.#waitSeconds,
      ...request,
    });
  }

  #connect(): { settings: S3Settings; signer: AwsSigner } {
    if (this.#client) return this.#client;
    const settings = this.#settings();
    const signer = new AwsSigner({ ...settings, now: Date.now });
    return this.#client = { settings, signer };
  }
}
