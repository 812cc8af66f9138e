import { etagCondition, etagOf } from "./_etag.ts";
import type { ObjectPlace } from "./_object_place.ts";
import type { Condition } from "./_object_service.ts";
import { type Range, rangeBody, rangeHeader } from "./_range_request.ts";
import type { ServiceRequest } from "./_service_fetch.ts";
import type { Version } from "./store.ts";

/** A request for what lies at one URL. */
export interface ObjectRequest
  extends Partial<Pick<ServiceRequest, "repeatable" | "accepted">> {
  readonly method: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal | undefined;
}

/** What services have in common whose objects are read and written at one URL each, under the verbs of HTTP; markers are ETags. */
export abstract class EtagObjectService {
  /** Headers of each object that is written whole. */
  protected readonly putHeaders: Readonly<Record<string, string>> = {};

  /** Signs a request and sends it. */
  protected abstract send(
    place: ObjectPlace,
    request: ObjectRequest,
  ): Promise<Response>;

  async get(
    place: ObjectPlace,
    range: Range,
    signal: AbortSignal | undefined,
  ): Promise<ReadableStream<Uint8Array> | null> {
    const answer = await this.send(place, {
      method: "GET",
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
    const answer = await this.send(place, { method: "HEAD", signal });
    return {
      marker: etagOf(answer),
      size: Number(answer.headers.get("content-length")),
    };
  }

  async put(
    place: ObjectPlace,
    body: Uint8Array<ArrayBuffer>,
    condition: Condition,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const answer = await this.send(place, {
      method: "PUT",
      headers: { ...etagCondition(condition), ...this.putHeaders },
      body,
      repeatable: condition === undefined,
      signal,
    });
    await answer.body?.cancel();
    return etagOf(answer);
  }

  async remove(
    place: ObjectPlace,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const answer = await this.send(place, { method: "DELETE", signal });
    await answer.body?.cancel();
  }
}
