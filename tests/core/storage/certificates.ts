import { assert } from "@std/assert";

/** A certificate and its private key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of its own, made by openssl. */
export class CertificateAuthority implements AsyncDisposable {
  readonly #folder: string;
  /** Its own certificate, PEM. */
  readonly cert: string;

  private constructor(folder: string, cert: string) {
    this.#folder = folder;
    this.cert = cert;
  }

  /** Makes an authority; null where there is no openssl. */
  static async make(): Promise<CertificateAuthority | null> {
    try {
      await new Deno.Command("openssl", { args: ["version"] }).output();
    } catch {
      return null;
    }
    const folder = await Deno.makeTempDir();
    await openssl(
      folder,
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=Tests -addext basicConstraints=critical,CA:TRUE",
    );
    const cert = await Deno.readTextFile(`${folder}/ca.pem`);
    return new CertificateAuthority(folder, cert);
  }

  /**
   * A certificate for a server.
   *
   * @param name What it is for, such as `DNS:data.test`.
   * @param days How long from now; a negative number makes one that has run out.
   */
  async certify(name: string, days = 2): Promise<Certificate> {
    await Deno.writeTextFile(
      `${this.#folder}/server.ext`,
      `subjectAltName=${name}\n`,
    );
    await openssl(
      this.#folder,
      "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=server",
    );
    await openssl(
      this.#folder,
      `x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days ${days} -extfile server.ext`,
    );
    return {
      cert: await Deno.readTextFile(`${this.#folder}/server.pem`),
      key: await Deno.readTextFile(`${this.#folder}/server.key`),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Deno.remove(this.#folder, { recursive: true });
  }
}

async function openssl(folder: string, command: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", {
    args: command.split(" "),
    cwd: folder,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}
