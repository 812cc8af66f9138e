/** Writes all of `text` to standard output. */
export function print(text: string): void {
  write(Deno.stdout, text);
}

/** Writes all of `text` to standard error. */
export function printError(text: string): void {
  write(Deno.stderr, text);
}

function write(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): void {
  const bytes = new TextEncoder().encode(text);
  let written = 0;
  while (written < bytes.length) {
    written += stream.writeSync(bytes.subarray(written));
  }
}
