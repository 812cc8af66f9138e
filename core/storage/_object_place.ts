/** Where an object lies. */
export interface ObjectPlace {
  /** For messages. */
  readonly uri: string;
  /** Bucket or container. */
  readonly bucket: string;
  /** Name within the bucket, as it is, not encoded. */
  readonly key: string;
}

/**
 * Bucket and key of a URI. The key is taken as it is: a blank or a percent sign stands for itself.
 *
 * @throws {TypeError} When it names no bucket, or its key has a segment of dots, which URLs cannot carry.
 */
export function placeOf(uri: string): ObjectPlace {
  const match = /^[^:]+:\/\/([^/]+)\/(.*)$/s.exec(uri);
  if (match === null) {
    throw new TypeError("An object's URI must be scheme://bucket/name");
  }
  const [, bucket, key] = match;
  if (key!.split("/").some((segment) => /^\.\.?$/.test(segment))) {
    throw new TypeError('An object\'s name must have no segment "." or ".."');
  }
  return { uri, bucket: bucket!, key: key! };
}

/** The path of a URL that leads to a key. */
export function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll("%2F", "/")
    .replace(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
}
