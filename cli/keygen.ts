import { KEYGEN } from "../core/config/commands.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { RecotemError } from "../core/errors.ts";
import { print } from "./_output.ts";

const KEY_BYTES = 32;
/** Not 32 hex digits, which would look like a key where a name belongs. */
const KID = /^(?![0-9a-fA-F]{32}$)[A-Za-z0-9_.-]{1,32}$/;

/** `recotem keygen`: prints a new key, the only time it is shown. */
export async function keygen(argv: readonly string[]): Promise<number> {
  const args = parseArguments(KEYGEN, argv);
  if (args === "help") {
    print(commandHelp(KEYGEN));
    return 0;
  }
  const kid = args.flags.kid ?? crypto.randomUUID().slice(0, 8);
  if (!KID.test(kid)) {
    throw new RecotemError(
      "usage_error",
      "Flag --kid must be 1 to 32 letters, digits, dots, underscores or dashes, and not 32 hex digits",
    );
  }
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const lines = args.flags.type === "signing"
    ? await signingKey(kid, key)
    : await apiKey(kid, key);
  print(lines.join("\n") + "\n");
  return 0;
}

async function signingKey(
  kid: string,
  key: Uint8Array<ArrayBuffer>,
): Promise<string[]> {
  const fingerprint = (await sha256(key)).slice(0, 8);
  return [
    `kid=${kid}`,
    `plaintext=${key.toHex()}`,
    `fingerprint=${fingerprint}  (safe to publish; logs name the key by it)`,
    `env_entry=RECOTEM_SIGNING_KEYS=${kid}:${key.toHex()}`,
  ];
}

async function apiKey(
  kid: string,
  key: Uint8Array<ArrayBuffer>,
): Promise<string[]> {
  // Loaded here, since signing keys are also made where only training is installed.
  const { apiKeyDigest } = await import("../serve/api_keys.ts");
  const plaintext = key.toBase64({ alphabet: "base64url", omitPadding: true });
  const digest = "sha256:" + apiKeyDigest(plaintext).toHex();
  return [
    `kid=${kid}`,
    `plaintext=${plaintext}`,
    `hash=${digest}`,
    `env_entry=RECOTEM_API_KEYS=${kid}:${digest}`,
  ];
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
