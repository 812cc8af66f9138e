import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { CertificateAuthority } from "../core/storage/certificates.ts";

/** A host of files on the web, at 127.0.0.1: TLS, ETags and ranges as such hosts have them. */
export class WebHost implements AsyncDisposable {
  /** Path → bytes. */
  readonly files: Map<string, Uint8Array> = new Map();
  /** Method, path and status of what was answered, in order. */
  readonly answered: string[] = [];
  /** Bytes of bodies that were sent. */
  sent = 0;
  /** Certificate of the authority that a client must trust, as a file. */
  readonly authority: string;
  readonly #server: Server;
  readonly #folder: string;

  private constructor(
    tls: { cert: string; key: string },
    folder: string,
  ) {
    this.#folder = folder;
    this.authority = `${folder}/ca.pem`;
    this.#server = createServer(tls, async (request, response) => {
      const end = (
        status: number,
        headers: Record<string, string> = {},
        body: Uint8Array = new Uint8Array(),
      ): void => {
        this.answered.push(`${request.method} ${request.url} ${status}`);
        this.sent += body.length;
        response.writeHead(status, {
          "content-length": body.length,
          ...headers,
        });
        response.end(body);
      };
      const bytes = this.files.get(request.url!);
      if (bytes === undefined) return end(404);
      const digest = await crypto.subtle.digest(
        "SHA-256",
        bytes as Uint8Array<ArrayBuffer>,
      );
      const etag = `"${new Uint8Array(digest).toHex().slice(0, 16)}"`;
      if (request.headers["if-none-match"] === etag) return end(304, { etag });
      const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
      if (range === null) return end(200, { etag }, bytes);
      const from = Number(range[1]);
      const to = Math.min(
        range[2] === "" ? Infinity : Number(range[2]),
        bytes.length - 1,
      );
      end(
        206,
        { etag, "content-range": `bytes ${from}-${to}/${bytes.length}` },
        bytes.subarray(from, to + 1),
      );
    });
  }

  /** Starts a host; null, after the test's results have shown why, where there is no openssl. */
  static async start(t: Deno.TestContext): Promise<WebHost | null> {
    await using authority = await CertificateAuthority.make();
    if (authority === null) {
      await t.step({ name: "there is no openssl", ignore: true, fn() {} });
      return null;
    }
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/ca.pem`, authority.cert);
    const tls = await authority.certify("IP:127.0.0.1");
    const host = new WebHost(tls, folder);
    await new Promise<void>((resolve) =>
      host.#server.listen(0, "127.0.0.1", () => resolve())
    );
    return host;
  }

  /** Host and port. */
  get place(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Variables of a process that trusts it and may reach it although it is no public address. */
  get env(): Record<string, string> {
    return { DENO_CERT: this.authority, RECOTEM_HTTP_ALLOW_PRIVATE: "1" };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await Deno.remove(this.#folder, { recursive: true });
  }
}
