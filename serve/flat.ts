/**
 * The same text in one piece. A text put together of others is kept as a tree of them until it is first read, which takes
 * several times its length; what is kept for long had better be in one piece.
 */
export function flat(text: string): string {
  text.charCodeAt(0);
  return text;
}
