import type { AwsIdentity, AwsKeys } from "./_s3_settings.ts";

/**
 * Reads the keys of a profile from the file that Amazon's tools keep them in.
 *
 * @throws {Deno.errors.PermissionDenied} When the file cannot be read or has no keys for the profile.
 */
export async function readAwsProfile(
  { file, name }: Pick<AwsIdentity & { type: "profile" }, "file" | "name">,
): Promise<AwsKeys> {
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (error) {
    const reason = error instanceof Error ? error.name : "unknown error";
    throw new Deno.errors.PermissionDenied(
      `The file with the keys of the profile that AWS_PROFILE names cannot be read: ${reason}`,
    );
  }
  const values = sections(text).get(name);
  const accessKeyId = values?.get("aws_access_key_id");
  const secretAccessKey = values?.get("aws_secret_access_key");
  if (!accessKeyId || !secretAccessKey) {
    throw new Deno.errors.PermissionDenied(
      values
        ? "The profile that AWS_PROFILE names has no aws_access_key_id and aws_secret_access_key: profiles of a role or of single sign-on are not followed"
        : "The file that AWS_SHARED_CREDENTIALS_FILE names, or ~/.aws/credentials, has no profile of the name in AWS_PROFILE",
    );
  }
  const sessionToken = values!.get("aws_session_token");
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
  };
}

/** Section → key → value. */
function sections(text: string): Map<string, Map<string, string>> {
  const all = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, section] = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line) ?? [];
    if (section !== undefined) {
      current = all.get(section) ?? new Map();
      all.set(section, current);
      continue;
    }
    const [, key, value] = /^\s*([^#;\s=]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined) current.set(key.toLowerCase(), value!);
  }
  return all;
}
