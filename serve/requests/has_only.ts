/** Whether a body has no other fields than these. */
export function hasOnly(body: object, fields: ReadonlySet<string>): boolean {
  for (const field in body) if (!fields.has(field)) return false;
  return true;
}
