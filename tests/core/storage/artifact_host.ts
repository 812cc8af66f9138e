import type { LookupFunction } from "node:net";
import { HttpsArtifactStore } from "../../../core/storage/https_artifact_store.ts";
import { CertificateAuthority } from "./certificates.ts";
import { readAll } from "./store_contract.ts";
import { answer, type RawAnswer, redirect, WebServer } from "./web_server.ts";

/** A file host that a test can change, and a store that reads from it. */
export class ArtifactHost implements AsyncDisposable {
  /** The file at every path; null: there is none. */
  body: string | null = "0123456789";
  etag: string | null = '"one"';
  modified: string | null = null;
  /** Whether ranges and conditions are followed. */
  plain = false;
  /** Given in place of all else, once for each. */
  readonly faults: RawAnswer[] = [];
  readonly server: WebServer;
  readonly store: HttpsArtifactStore;

  constructor(tls: { cert: string; key: string }, ca: string, {
    refuse = () => null,
    timeoutSeconds = 10,
    lookup,
  }: {
    refuse?: (address: string) => string | null;
    lookup?: LookupFunction;
    timeoutSeconds?: number;
  } = {}) {
    this.server = new WebServer(({ headers, path }) => {
      const fault = this.faults.shift();
      if (fault !== undefined) return fault;
      if (path === "/moved") return redirect("/shop.recotem");
      const { body } = this;
      if (body === null) return answer("", { status: 404 });
      const own: Record<string, string> = {
        ...(this.etag !== null && { etag: this.etag }),
        ...(this.modified !== null && { "last-modified": this.modified }),
      };
      if (this.plain) return answer(body, { headers: own });
      const same = this.etag !== null
        ? headers.get("if-none-match")?.trim() === this.etag
        : this.modified !== null &&
          headers.get("if-modified-since")?.trim() === this.modified;
      if (same) return answer("", { status: 304, headers: own });
      const [, from, to] = /bytes=(\d+)-(\d*)/.exec(headers.get("range")!)!;
      const part = body.slice(
        Number(from),
        to === "" ? undefined : 1 + Number(to),
      );
      if (part === "") {
        const range = `bytes */${body.length}`;
        return answer("", {
          status: 416,
          headers: { ...own, "content-range": range },
        });
      }
      const range = `bytes ${from}-${
        Number(from) + part.length - 1
      }/${body.length}`;
      return answer(part, {
        status: 206,
        headers: { ...own, "content-range": range },
      });
    }, { tls });
    this.store = new HttpsArtifactStore({
      refuse,
      ...(lookup && { lookup }),
      caCerts: [ca],
      timeoutSeconds,
      firstRetryMs: 1,
    });
  }

  get uri(): string {
    return `https://localhost:${this.server.port}/shop.recotem`;
  }

  /** Bytes as text. */
  async read(range: { start?: number; end?: number } = {}): Promise<string> {
    return new TextDecoder().decode(await readAll(this.store, this.uri, range));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server[Symbol.asyncDispose]();
  }
}

/** Registers a test with a host; it shows why nothing is tested where there is no openssl. */
export function hostTest(
  criterion: string,
  run: (host: ArtifactHost) => Promise<void>,
  options: ConstructorParameters<typeof ArtifactHost>[2] = {},
): void {
  Deno.test(`HttpsArtifactStore ${criterion}`, async (t) => {
    await using authority = await CertificateAuthority.make();
    if (authority === null) {
      await t.step({ name: "there is no openssl", ignore: true, fn() {} });
      return;
    }
    const tls = await authority.certify("DNS:localhost");
    await using host = new ArtifactHost(tls, authority.cert, options);
    await run(host);
  });
}
