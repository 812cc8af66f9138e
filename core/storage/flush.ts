/** What a file system answers that has no way to flush. */
const NOT_SUPPORTED = ["EINVAL", "ENOTSUP"];

/**
 * Waits until what was written is on the medium. Where the file system cannot flush, nothing better can be had; any
 * other failure means that bytes may be lost, and is thrown.
 */
export async function flush(
  file: { sync(): Promise<void> },
): Promise<void> {
  try {
    await file.sync();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (!NOT_SUPPORTED.includes(String(code))) throw error;
  }
}
