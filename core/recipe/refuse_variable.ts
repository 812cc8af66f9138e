import { keyText } from "./problem.ts";

const PREFIX = "RECOTEM_RECIPE_";
const DENIED_NAMES = ["RECOTEM_SIGNING_KEYS", "RECOTEM_API_KEYS"];
const DENIED_STARTS = [
  "AWS_",
  "GCP_",
  "GOOGLE_",
  "AZURE_",
  "ALIYUN_",
  "ALICLOUD_",
  "OCI_",
  "IBM_",
  "DO_",
  "HCLOUD_",
  "DIGITALOCEAN_",
];
const DENIED_WORDS = [
  "SECRET",
  "PASSWORD",
  "PASSWD",
  "TOKEN",
  "KEY",
  "AUTH",
  "BEARER",
  "CRED",
  "PRIVATE",
];

/**
 * Why a recipe may not use a variable, or null when it may.
 *
 * @returns A sentence with the name and never the value.
 */
export function refuseVariable(name: string): string | null {
  const upper = name.toUpperCase();
  const shown = keyText(name);
  if (DENIED_NAMES.includes(upper)) {
    return `Variable ${shown} holds keys: recipes may not use it`;
  }
  const start = DENIED_STARTS.find((start) => upper.startsWith(start));
  if (start !== undefined) {
    return `Variable ${shown} starts with ${start}: recipes may not use credentials of a cloud`;
  }
  const word = DENIED_WORDS.find((word) => upper.includes(word));
  if (word !== undefined) {
    return `Variable ${shown} contains ${word}, so it may hold a secret: rename it`;
  }
  if (!upper.startsWith(PREFIX)) {
    return `Variable ${shown} may not be used in a recipe: names must start with ${PREFIX}`;
  }
  return null;
}
